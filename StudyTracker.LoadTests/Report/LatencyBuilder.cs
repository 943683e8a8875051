using StudyTracker.LoadTests.Engine;
using StudyTracker.LoadTests.Running;

namespace StudyTracker.LoadTests.Report;

/// <summary>The three latencies, each from the sending and from when it was due.</summary>
internal static class LatencyBuilder
{
    /// <summary>Makes them.</summary>
    public static LatencyResults Build(RunFacts facts)
    {
        var all = Enumerable.Range(0, facts.Events.Count).Select(request => facts.Events[request]).Where(sample => sample.Outcome.HasEnded).ToList();
        var ok = all.Where(sample => sample.Outcome.IsAccepted).ToList();
        var triggers = TriggerRows.Build(facts);
        return new(
            Pair(all, sample => sample.RawMs, sample => sample.CorrectedMs),
            Pair(ok, sample => sample.RawMs, sample => sample.CorrectedMs),
            Until(facts, stored => stored.StoredAt),
            Until(facts, stored => stored.DeliveredAt),
            Latencies.Of(triggers.Where(row => row.Outcome != "not sent").Select(row => row.AnswerMs)).Summary(),
            Latencies.Of(triggers.Select(row => row.PlannedMs).OfType<double>()).Summary(),
            Latencies.Of(triggers.Select(row => row.LastDeliveredMs).OfType<double>()).Summary(),
            Latencies.Of(all.Select(sample => sample.RawMs)).Curve(),
            Latencies.Of(all.Select(sample => sample.CorrectedMs)).Curve());
    }

    private static LatencyPair Pair(IReadOnlyCollection<Sample> samples, Func<Sample, double> raw, Func<Sample, double> corrected) =>
        new(Latencies.Of(samples.Select(raw)).Summary(), Latencies.Of(samples.Select(corrected)).Summary());

    private static LatencyPair Until(RunFacts facts, Func<Ledger.StoredEvent, DateTimeOffset?> moment)
    {
        var (raw, corrected) = (new Latencies(), new Latencies());
        foreach (var stored in facts.Stored?.Events ?? [])
        {
            if (moment(stored) is not { } at || facts.Cast.NumberOf(stored.EventId) is not { } number || number >= facts.Events.Count) continue;
            var sample = facts.Events[number];
            raw.Add((at - Samples.TimeOf(sample.Started)).TotalMilliseconds);
            corrected.Add((at - Samples.TimeOf(sample.Intended)).TotalMilliseconds);
        }

        return new(raw.Summary(), corrected.Summary());
    }
}
