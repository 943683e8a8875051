using System.Diagnostics;
using StudyTracker.LoadTests.Engine;
using StudyTracker.LoadTests.Ledger;
using StudyTracker.LoadTests.Running;

namespace StudyTracker.LoadTests.Report;

/// <summary>All figures of a run by name, as thresholds and comparisons name them. What was not measured is not there.</summary>
internal static class Figures
{
    private const double LateFactor = 1.2;

    /// <summary>Makes them.</summary>
    public static IReadOnlyDictionary<string, double> Of(
        RunFacts facts, LedgerCounts? ledger, LatencyResults latencies, IReadOnlyList<TriggerRow> triggers, IReadOnlyList<StageResult> stages)
    {
        var figures = new Dictionary<string, double>();
        AddRequests(figures, facts);
        Add(figures, "accept raw", latencies.Accepted.Raw);
        Add(figures, "accept", latencies.Accepted.Corrected);
        Add(figures, "accept ok raw", latencies.AcceptedOnly.Raw);
        Add(figures, "stored", latencies.Stored.Corrected);
        Add(figures, "delivered", latencies.Delivered.Corrected);
        if (stages[^1].Corrected is { } last) figures["accept mean of the last stage"] = last.MeanMs;
        if (ledger is not null) AddLedger(figures, facts, ledger);
        if (triggers.Count > 0) AddTriggers(figures, facts, latencies, triggers);
        AddPeaks(figures, facts);
        return figures;
    }

    private static void AddRequests(Dictionary<string, double> figures, RunFacts facts)
    {
        var samples = Enumerable.Range(0, facts.Events.Count).Select(request => facts.Events[request]).Where(sample => sample.Outcome.HasEnded).ToList();
        var failed = samples.Where(sample => !sample.Outcome.IsAccepted).ToList();
        var seconds = Math.Max(0.001, Stopwatch.GetElapsedTime(facts.Start, samples.Count == 0 ? facts.LoadEnd : samples.Max(sample => sample.Ended)).TotalSeconds);
        var accepted = samples.Count - failed.Count;
        figures["planned"] = facts.Events.Count;
        figures["sent"] = facts.Events.Sent;
        figures["accepted"] = accepted;
        figures["failed"] = failed.Count;
        figures["failed share"] = Math.Round(100.0 * failed.Count / Math.Max(1, samples.Count), 3);
        figures["accepted + failed"] = samples.Count;
        figures["bind exceptions"] = failed.Count(sample => sample.Outcome.IsBindException);
        figures["generator failures"] = failed.Count(sample => sample.Outcome.Side == Failures.Side.Generator);
        figures["server failures"] = failed.Count(sample => sample.Outcome.Side == Failures.Side.Server);
        figures["over 3 s"] = samples.Count(sample => sample.RawMs > facts.Plan.Slack.SecondsBeforeRetry * 1_000);
        figures["load s"] = Math.Round(seconds, 3);
        figures["drain s"] = Math.Round(Stopwatch.GetElapsedTime(facts.LoadEnd, facts.DrainEnd).TotalSeconds, 3);
        figures["tps"] = Math.Round(samples.Count / seconds, 2);
        figures["goodput"] = Math.Round(accepted / seconds, 2);
        figures["drained"] = facts.Drained ? 1 : 0;
        if (facts.Plan.Stages.Select(stage => stage.Source.PortCount).FirstOrDefault(count => count is not null) is { } ports) figures["ports"] = ports;
    }

    private static void AddLedger(Dictionary<string, double> figures, RunFacts facts, LedgerCounts ledger)
    {
        figures["stored"] = ledger.Stored;
        figures["lost"] = ledger.Lost;
        figures["doubled"] = ledger.Doubled;
        figures["stored without answer"] = ledger.StoredWithoutAnswer;
        figures["ledger adds up"] = ledger.Lines().All(line => line.AddsUp) ? 1 : 0;
        figures["users"] = facts.Plan.Learners;
        figures["members with feedback"] = facts.Stored!.Readers;
        figures["jobs"] = ledger.Jobs;
        figures["summaries"] = ledger.Summaries;
        figures["delivered"] = ledger.Delivered;
        figures["parked"] = ledger.Parked;
        if (facts.Slack is not { } slack) return;
        figures["slack 429"] = slack.RateLimited;
        figures["model calls"] = slack.ModelCalls;
        // Both are everybody's: a run also writes for members who are not of this scenario and have no summary yet.
        if (slack.Summaries > 0) figures["posts for each delivery"] = Math.Round(slack.Calls / (double)slack.Summaries, 3);
    }

    private static void AddTriggers(Dictionary<string, double> figures, RunFacts facts, LatencyResults latencies, IReadOnlyList<TriggerRow> triggers)
    {
        figures["triggers planned"] = triggers.Count;
        figures["triggers accepted"] = facts.Triggers.Accepted;
        Add(figures, "trigger answer", latencies.TriggerAnswered);
        Add(figures, "trigger planning", latencies.TriggerPlanned);
        Add(figures, "trigger completion", latencies.TriggerDelivered);
        if (facts.Stored is not { } stored) return;
        figures["triggers executed"] = triggers.Count(trigger => trigger.Executed);
        figures["last delivery over what Slack allows"] = triggers.Select(trigger => trigger.OverAllowed).Max() ?? 0;
        figures["late"] = triggers.Sum(trigger =>
        {
            var limit = Samples.TimeOf(facts.Triggers[trigger.Number - 1].Intended) + TimeSpan.FromMilliseconds(trigger.AllowedMs * LateFactor);
            return stored.Deliveries[trigger.RunId].Count(at => at > limit);
        });
    }

    private static void AddPeaks(Dictionary<string, double> figures, RunFacts facts)
    {
        figures["peak connections"] = facts.PeakConnections;
        foreach (var (name, series) in new[]
        {
            ("peak in flight", "load.inflight"), ("peak client ports in use", "ports.client in use"),
            ("peak client TIME_WAIT", "ports.client in TIME_WAIT"), ("peak server TIME_WAIT", "ports.server in TIME_WAIT"), ("peak intake lag", "lag.intake"),
            ("peak Ingress memory MiB", "memory.ingress"),
        })
        {
            if (facts.Series.Max(series) is { } peak) figures[name] = peak;
        }
    }

    private static void Add(Dictionary<string, double> figures, string name, LatencySummary? latency)
    {
        if (latency is null) return;
        figures[$"{name} mean"] = latency.MeanMs;
        figures[$"{name} p50"] = latency.P50Ms;
        figures[$"{name} p90"] = latency.P90Ms;
        figures[$"{name} p95"] = latency.P95Ms;
        figures[$"{name} p99"] = latency.P99Ms;
        figures[$"{name} p99.9"] = latency.P999Ms;
        figures[$"{name} max"] = latency.MaxMs;
    }
}
