namespace StudyTracker.LoadTests.Benchmarks.Planner;

/// <summary>One run.</summary>
internal sealed record PlannerRound(double Seconds, IReadOnlyList<double> TriggerMs, IReadOnlyDictionary<string, double> CpuSeconds, double PeakMb);

/// <summary>What runs of one kind gave: medians of the rounds; triggers of all rounds together.</summary>
/// <param name="Name">Undisturbed, or with the Summarizer killed in the middle.</param>
/// <param name="Members">Members of a run, each of whom gets one job.</param>
/// <param name="Seconds">From the trigger's request to the last job in its topic.</param>
/// <param name="JobsPerSecond">Members over seconds.</param>
/// <param name="Triggers">How many triggers were sent meanwhile.</param>
/// <param name="TriggerMsP50">Time until a trigger was answered, in ms: the median.</param>
/// <param name="TriggerMsP99">The same, which 99 % stayed below.</param>
/// <param name="TriggerMsMax">The longest.</param>
/// <param name="CpuSecondsPer1000">Processor seconds for 1,000 jobs, by process.</param>
/// <param name="PeakMb">Most memory that the Summarizer held, in MB.</param>
/// <param name="Rounds">How many rounds there were.</param>
internal sealed record PlannerFigures(
    string Name,
    int Members,
    double Seconds,
    double JobsPerSecond,
    int Triggers,
    double TriggerMsP50,
    double TriggerMsP99,
    double TriggerMsMax,
    IReadOnlyDictionary<string, double> CpuSecondsPer1000,
    double PeakMb,
    int Rounds)
{
    public static PlannerFigures Of(string name, int members, IReadOnlyList<PlannerRound> rounds)
    {
        var triggers = rounds.SelectMany(round => round.TriggerMs).Order().ToList();
        return new(
            name,
            members,
            Math.Round(Median.Of(rounds.Select(round => round.Seconds)), 2),
            Math.Round(Median.Of(rounds.Select(round => members / round.Seconds))),
            triggers.Count,
            Share(triggers, 0.5),
            Share(triggers, 0.99),
            Share(triggers, 1),
            rounds[0].CpuSeconds.Keys.ToDictionary(
                process => process, process => Math.Round(Median.Of(rounds.Select(round => round.CpuSeconds[process] / members * 1_000)), 4)),
            Math.Round(Median.Of(rounds.Select(round => round.PeakMb))),
            rounds.Count);
    }

    private static double Share(List<double> sorted, double share) => Math.Round(sorted[Math.Max(0, (int)Math.Ceiling(sorted.Count * share) - 1)], 2);
}
