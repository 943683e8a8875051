using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using StudyTracker.LoadTests.Engine;
using StudyTracker.LoadTests.Running;
using StudyTracker.LoadTests.Scenarios;

namespace StudyTracker.LoadTests.Report;

/// <summary>Makes the result of a run out of what it has observed.</summary>
internal static class ResultBuilder
{
    /// <summary>Makes it.</summary>
    public static RunResult Build(RunFacts facts, ScenarioFile file, RunEnvironment environment)
    {
        var scenario = facts.Plan.Scenario;
        var ledger = LedgerBuilder.Build(facts);
        var triggers = TriggerRows.Build(facts);
        var latencies = LatencyBuilder.Build(facts);
        var stages = facts.Plan.Stages.Select(stage => StageOf(stage, facts)).ToList();
        var generator = GeneratorOf(facts);
        var figures = Figures.Of(facts, ledger, latencies, triggers, stages);
        return new RunResult
        {
            Scenario = new(scenario.Id, scenario.Title, scenario.TitleKo, scenario.What, facts.Plan.Notes),
            Environment = environment,
            Verdict = Verdicts.Judge(scenario.Thresholds, figures),
            Figures = figures,
            Errors = [.. Enumerable.Range(0, facts.Events.Count).Select(request => facts.Events[request].Outcome).Where(outcome => !outcome.IsAccepted)
                .GroupBy(outcome => outcome)
                .Select(group => new ErrorClass(group.Key.Class, group.Key.Side.ToString().ToLowerInvariant(), group.Count()))
                .OrderByDescending(error => error.Count)],
            Stages = stages,
            Latencies = latencies,
            Triggers = triggers,
            Ledger = new(ledger is not null && ledger.Lines().All(line => line.AddsUp), ledger?.Lines() ?? [], ledger),
            Generator = generator,
            Comparison = new(
                file.Source,
                [.. scenario.Compare.Select(row => new ComparedRow(row.Label, row.Unit, Known(figures, row.Ours), Text(row.Local), Text(row.Cloud), row.Note))],
                file.ComparisonRules,
                [.. scenario.Inconsistencies, .. file.ReportInconsistencies]),
            Series = new(facts.Series.Seconds, facts.Series.Values),
            PercentilesOverTime = PercentilesOverTime.Of(facts.Events, facts.Start),
        };
    }

    private static StageResult StageOf(Stage stage, RunFacts facts)
    {
        var samples = Enumerable.Range(stage.First, stage.Count).Select(request => facts.Events[request]).Where(sample => sample.Outcome.HasEnded).ToList();
        var accepted = samples.Count(sample => sample.Outcome.IsAccepted);
        var seconds = samples.Count == 0 ? 0 : Stopwatch.GetElapsedTime(samples.Min(sample => sample.Intended), samples.Max(sample => sample.Ended)).TotalSeconds;
        return new(
            stage.Name,
            stage.Users,
            stage.Count,
            accepted,
            stage.Count - accepted,
            Math.Round(seconds, 3),
            Math.Round(accepted / Math.Max(seconds, 0.001), 1),
            Latencies.Of(samples.Select(sample => sample.CorrectedMs)).Summary(),
            Latencies.Of(samples.Select(sample => sample.RawMs)).Summary());
    }

    private static GeneratorResult GeneratorOf(RunFacts facts)
    {
        const double lateMs = 10;
        const double saturatedLagMs = 100;
        var paced = facts.KnowsIntendedTimes && facts.Plan.Stages.All(stage => stage.Due is not null);
        var late = paced ? Enumerable.Range(0, facts.Events.Count).Select(request => facts.Events[request]).Count(sample => sample.CorrectedMs - sample.RawMs > lateMs) : 0;
        var dropped = Enumerable.Range(0, facts.Events.Count).Count(request => facts.Events[request].Outcome.Class == "dropped");
        var cpu = facts.Series.Mean("cpu.generator") / 100;
        var saturated = facts.Lag is { } lag && lag.P99Ms > saturatedLagMs || dropped > 0 || late > facts.Events.Count / 10;
        var text = string.Create(CultureInfo.InvariantCulture, $"{cpu ?? 0:0.00} of {Environment.ProcessorCount} processors, late by {facts.Lag?.P99Ms ?? 0:0.0} ms in 99 of 100 cases");
        return new(
            cpu is { } used ? Math.Round(used, 3) : null,
            facts.Lag,
            late,
            dropped,
            saturated,
            saturated ? $"The generator was saturated ({text}): latencies are in part its own." : $"The generator kept up ({text}).");
    }

    private static double? Known(IReadOnlyDictionary<string, double> figures, string name) => figures.TryGetValue(name, out var value) ? value : null;

    private static string? Text(JsonElement? value) => value switch
    {
        { ValueKind: JsonValueKind.Number } number => number.GetDouble().ToString("#,0.##", CultureInfo.InvariantCulture),
        { ValueKind: JsonValueKind.String } words => words.GetString(),
        _ => null,
    };
}
