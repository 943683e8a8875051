using System.Diagnostics;
using StudyTracker.LoadTests.Engine;
using StudyTracker.LoadTests.Ledger;
using StudyTracker.LoadTests.Running;

namespace StudyTracker.LoadTests.Report;

/// <summary>One row for each trigger: averaged away, a missed one would not be seen.</summary>
internal static class TriggerRows
{
    /// <summary>Makes them.</summary>
    public static IReadOnlyList<TriggerRow> Build(RunFacts facts) => [.. Enumerable.Range(0, facts.Triggers.Count).Select(trigger => Row(trigger, facts))];

    private static TriggerRow Row(int trigger, RunFacts facts)
    {
        var sample = facts.Triggers[trigger];
        var runId = facts.Cast.RunIdOf(trigger);
        var sentAt = Samples.TimeOf(sample.Intended);
        DateTimeOffset? plannedAt = null;
        var executed = facts.Stored?.PlannedAt.TryGetValue(runId, out plannedAt) ?? false;
        var parts = facts.Stored?.Parts.Where(part => part.RunId == runId).ToList() ?? [];
        var delivered = facts.Stored?.Deliveries[runId].ToList() ?? [];
        return new(
            trigger + 1,
            runId,
            Math.Round(Stopwatch.GetElapsedTime(facts.Start, sample.Intended).TotalSeconds, 2),
            sample.Outcome.HasEnded ? sample.Outcome.Class : "not sent",
            Math.Round(sample.CorrectedMs, 3),
            executed,
            plannedAt is null ? null : Since(sentAt, plannedAt.Value),
            parts.Sum(part => part.Jobs),
            parts.Sum(part => part.Sent),
            parts.Sum(part => part.Parked),
            delivered.Count == 0 ? null : Since(sentAt, delivered.Min()),
            delivered.Count == 0 ? null : Since(sentAt, delivered.Max()),
            AllowedMs(facts, parts));
    }

    /// <summary>How long Slack's limits alone make a run take: its largest workspace decides.</summary>
    public static double AllowedMs(RunFacts facts, IReadOnlyCollection<RunPart> parts) =>
        facts.Plan.Slack.Allowed(parts.Select(part => part.Jobs).DefaultIfEmpty().Max(), facts.PostsPerMinute).TotalMilliseconds;

    private static double Since(DateTimeOffset sentAt, DateTimeOffset at) => Math.Round((at - sentAt).TotalMilliseconds, 1);
}
