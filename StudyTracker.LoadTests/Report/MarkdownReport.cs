using System.Globalization;
using System.Text;
using StudyTracker.LoadTests.Engine;

namespace StudyTracker.LoadTests.Report;

/// <summary>A summary that fits into a page of documentation.</summary>
internal static class MarkdownReport
{
    /// <summary>The summary of a run.</summary>
    public static string Of(RunResult result)
    {
        var text = new StringBuilder();
        var environment = result.Environment;
        Line(text, $"# {result.Scenario.Id}: {result.Scenario.Title}\n");
        Line(text, $"**{(result.Verdict.Passed ? "Passed" : "Failed")}**: {result.Verdict.Thresholds.Count(threshold => threshold.Passed)} of {result.Verdict.Thresholds.Count} thresholds hold. {result.Scenario.What}\n");
        Line(text, $"- {environment.StartedAt:yyyy-MM-dd HH:mm} UTC, `{environment.Command}`, {environment.LoadSeconds:0.0} s of load and {environment.DrainSeconds:0.0} s until all was done");
        Line(text, $"- {environment.Processors} processors ({environment.Processor}), {environment.MemoryGb:0} GB, {environment.System}, {environment.Runtime}; engine: {environment.Engine}");
        Line(text, $"- {environment.Target}");
        Line(text, $"- {result.Generator.Text}");
        foreach (var note in result.Scenario.Notes) Line(text, $"- {note}");

        Line(text, "\n| threshold | limit | measured | |\n|---|---|---|---|");
        foreach (var threshold in result.Verdict.Thresholds)
            Line(text, $"| {threshold.Figure} {threshold.Is} {threshold.Than} | {Number(threshold.Limit)} | {Number(threshold.Actual)} | {(threshold.Passed ? "holds" : "**does not hold**")} |");

        Line(text, "\n| | ours | report, local | report, cloud | |\n|---|---|---|---|---|");
        foreach (var row in result.Comparison.Rows)
            Line(text, $"| {row.Label}{(row.Unit.Length > 0 ? $" ({row.Unit})" : "")} | {Number(row.Ours)} | {row.Local ?? "–"} | {row.Cloud ?? "–"} | {row.Note} |");

        Line(text, "\n| latency (ms) | n | mean | p50 | p75 | p90 | p95 | p99 | p99.9 | longest |\n|---|---|---|---|---|---|---|---|---|---|");
        Latency(text, "answered, from the sending", result.Latencies.Accepted.Raw);
        Latency(text, "answered, from when it was due", result.Latencies.Accepted.Corrected);
        Latency(text, "stored, from when it was due", result.Latencies.Stored.Corrected);
        Latency(text, "delivered, from when it was due", result.Latencies.Delivered.Corrected);
        Latency(text, "trigger answered", result.Latencies.TriggerAnswered);
        Latency(text, "trigger to last message", result.Latencies.TriggerDelivered);
        Stages(text, result);
        Triggers(text, result);
        Errors(text, result);

        Line(text, "\nLedger:\n\n```");
        foreach (var line in result.Ledger.Lines) Line(text, $"{line.Name,-10} {line.Text}{(line.AddsUp ? "" : "   <-- does not add up")}");
        Line(text, "```");
        return text.ToString();
    }

    private static void Stages(StringBuilder text, RunResult result)
    {
        if (result.Stages.Count < 2) return;
        Line(text, "\n| stage | events | failed | accepted a second | mean (ms) | p99 (ms) | longest (ms) |\n|---|---|---|---|---|---|---|");
        foreach (var stage in result.Stages)
            Line(text, $"| {stage.Name} | {stage.Planned:N0} | {stage.Failed:N0} | {stage.AcceptedPerSecond:N0} | {Number(stage.Corrected?.MeanMs)} | {Number(stage.Corrected?.P99Ms)} | {Number(stage.Corrected?.MaxMs)} |");
    }

    private static void Triggers(StringBuilder text, RunResult result)
    {
        if (result.Triggers.Count == 0) return;
        Line(text, "\n| trigger | at (s) | answered | in (ms) | executed | jobs | delivered | first after (ms) | last after (ms) | Slack allows (ms) |\n|---|---|---|---|---|---|---|---|---|---|");
        foreach (var row in result.Triggers)
            Line(text, $"| {row.Number} | {Number(row.AtSeconds)} | {row.Outcome} | {Number(row.AnswerMs)} | {(row.Executed ? "yes" : "**no**")} | {row.Jobs:N0} | {row.Delivered:N0} | {Number(row.FirstDeliveredMs)} | {Number(row.LastDeliveredMs)} | {Number(row.AllowedMs)} |");
    }

    private static void Errors(StringBuilder text, RunResult result)
    {
        if (result.Errors.Count == 0) return;
        Line(text, "\n| failure | side | events |\n|---|---|---|");
        foreach (var error in result.Errors) Line(text, $"| {error.Class} | {error.Side} | {error.Count:N0} |");
    }

    private static void Latency(StringBuilder text, string name, LatencySummary? latency)
    {
        if (latency is null) return;
        var figures = new[] { latency.MeanMs, latency.P50Ms, latency.P75Ms, latency.P90Ms, latency.P95Ms, latency.P99Ms, latency.P999Ms, latency.MaxMs };
        Line(text, $"| {name} | {latency.Count:N0} | {string.Join(" | ", figures.Select(figure => Number(figure)))} |");
    }

    private static string Number(double? value) => value switch
    {
        null => "–",
        >= 100 or 0 => value.Value.ToString("#,0.##", CultureInfo.InvariantCulture),
        _ => value.Value.ToString("0.##", CultureInfo.InvariantCulture),
    };

    private static void Line(StringBuilder text, FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');

    private static void Line(StringBuilder text, string line) => text.Append(line).Append('\n');
}
