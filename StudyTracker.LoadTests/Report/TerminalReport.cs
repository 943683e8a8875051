using System.Globalization;
using StudyTracker.AppHost.Local;

namespace StudyTracker.LoadTests.Report;

/// <summary>What a run ends with in the terminal.</summary>
internal static class TerminalReport
{
    /// <summary>Says it.</summary>
    public static void Write(RunResult result, string folder, HostOutput output)
    {
        var accepted = result.Latencies.Accepted.Corrected;
        Say(output, $"{result.Scenario.Id}: {result.Scenario.Title}");
        Say(output, $"  {result.Figures["planned"]:N0} events, {result.Figures["failed"]:N0} failed, {result.Figures["goodput"]:N0} accepted a second, {result.Environment.LoadSeconds:0.0} s and {result.Environment.DrainSeconds:0.0} s until all was done");
        if (accepted is not null) Say(output, $"  answered after {accepted.MeanMs:0.0} ms on average, p50 {accepted.P50Ms:0.0}, p99 {accepted.P99Ms:0.0}, at most {accepted.MaxMs:0.0} ms");
        foreach (var stage in result.Stages.Count > 1 ? result.Stages : [])
            Say(output, $"    {stage.Name,-18} {stage.AcceptedPerSecond,8:N0}/s   mean {stage.Corrected?.MeanMs ?? 0,8:0.0} ms   p99 {stage.Corrected?.P99Ms ?? 0,8:0.0} ms   {stage.Failed:N0} failed");
        foreach (var trigger in result.Triggers)
            Say(output, $"    trigger {trigger.Number,2}: answered in {trigger.AnswerMs,7:0.0} ms, {(trigger.Executed ? "executed" : "NOT executed")}, {trigger.Delivered,4:N0} of {trigger.Jobs,4:N0} delivered, the last after {(trigger.LastDeliveredMs ?? 0) / 1_000,6:0.0} s (Slack allows {trigger.AllowedMs / 1_000:0.0} s)");
        foreach (var error in result.Errors) Say(output, $"    {error.Count,8:N0} × {error.Class} ({error.Side}'s side)");
        foreach (var line in result.Ledger.Lines) Say(output, $"  {line.Name,-10} {line.Text}{(line.AddsUp ? "" : "   <-- does not add up")}");
        Say(output, $"  {result.Generator.Text}");
        foreach (var threshold in result.Verdict.Thresholds.Where(threshold => !threshold.Passed))
            Say(output, $"  DOES NOT HOLD: {threshold.Figure} {threshold.Is} {threshold.Than}: it is {threshold.Actual?.ToString("#,0.###", CultureInfo.InvariantCulture) ?? "not measured"}");
        Say(output, $"  {(result.Verdict.Passed ? "Passed" : "Failed")}: {result.Verdict.Thresholds.Count(threshold => threshold.Passed)} of {result.Verdict.Thresholds.Count} thresholds hold. {Path.Combine(folder, "report.html")}\n");
    }

    private static void Say(HostOutput output, FormattableString text) => output.Say(text.ToString(CultureInfo.InvariantCulture));
}
