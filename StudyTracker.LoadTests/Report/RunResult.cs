using StudyTracker.LoadTests.Engine;
using StudyTracker.LoadTests.Ledger;

namespace StudyTracker.LoadTests.Report;

/// <summary>Everything about a run: result.json, from which the HTML and Markdown reports and comparisons are made.</summary>
internal sealed record RunResult
{
    /// <summary>Which form the file has.</summary>
    public string Schema { get; init; } = "studytracker-load-result/1";

    /// <summary>The scenario.</summary>
    public required ScenarioText Scenario { get; init; }

    /// <summary>Where and how it was run.</summary>
    public required RunEnvironment Environment { get; init; }

    /// <summary>Whether it is as it should be.</summary>
    public required VerdictResult Verdict { get; init; }

    /// <summary>All figures by name.</summary>
    public required IReadOnlyDictionary<string, double> Figures { get; init; }

    /// <summary>What was not answered with 2xx.</summary>
    public required IReadOnlyList<ErrorClass> Errors { get; init; }

    /// <summary>The stages.</summary>
    public required IReadOnlyList<StageResult> Stages { get; init; }

    /// <summary>The three latencies of events and of triggers.</summary>
    public required LatencyResults Latencies { get; init; }

    /// <summary>Every trigger.</summary>
    public required IReadOnlyList<TriggerRow> Triggers { get; init; }

    /// <summary>The sums.</summary>
    public required LedgerResult Ledger { get; init; }

    /// <summary>The generator itself.</summary>
    public required GeneratorResult Generator { get; init; }

    /// <summary>Beside the report's figures.</summary>
    public required ComparisonResult Comparison { get; init; }

    /// <summary>What was seen second by second.</summary>
    public required SeriesResult Series { get; init; }

    /// <summary>Percentiles of the answers that came within a second.</summary>
    public required SeriesResult PercentilesOverTime { get; init; }
}

/// <summary>The scenario in words.</summary>
internal sealed record ScenarioText(string Id, string Title, string TitleKo, string What, IReadOnlyList<string> Notes);

/// <summary>Where and how a run took place.</summary>
internal sealed record RunEnvironment(
    DateTimeOffset StartedAt,
    double LoadSeconds,
    double DrainSeconds,
    string Command,
    string Engine,
    string Target,
    double Speed,
    double Scale,
    int Processors,
    string Processor,
    double MemoryGb,
    string System,
    string Runtime,
    string LocalPorts);

/// <summary>Whether all thresholds hold.</summary>
internal sealed record VerdictResult(bool Passed, IReadOnlyList<ThresholdResult> Thresholds);

/// <summary>One threshold.</summary>
/// <param name="Figure">Which figure.</param>
/// <param name="Is">How it is compared.</param>
/// <param name="Than">What with, as it is written.</param>
/// <param name="Limit">What with, as a number; null when that was not measured.</param>
/// <param name="Actual">The figure; null when it was not measured.</param>
/// <param name="Passed">Whether it holds; what was not measured does not.</param>
/// <param name="Why">Why it is asked for.</param>
internal sealed record ThresholdResult(string Figure, string Is, string Than, double? Limit, double? Actual, bool Passed, string? Why);

/// <summary>A class of failures.</summary>
internal sealed record ErrorClass(string Class, string Side, int Count);

/// <summary>A stage.</summary>
internal sealed record StageResult(
    string Name, int Users, int Planned, int Accepted, int Failed, double Seconds, double AcceptedPerSecond, LatencySummary? Corrected, LatencySummary? Raw);

/// <summary>The latencies. Raw: from the sending; corrected: from when it was due.</summary>
internal sealed record LatencyResults(
    LatencyPair Accepted,
    LatencyPair AcceptedOnly,
    LatencyPair Stored,
    LatencyPair Delivered,
    LatencySummary? TriggerAnswered,
    LatencySummary? TriggerPlanned,
    LatencySummary? TriggerDelivered,
    IReadOnlyList<CurvePoint> CurveRaw,
    IReadOnlyList<CurvePoint> CurveCorrected);

/// <summary>A latency in both ways; null where nothing was measured.</summary>
internal sealed record LatencyPair(LatencySummary? Raw, LatencySummary? Corrected);

/// <summary>The ledger.</summary>
internal sealed record LedgerResult(bool AddsUp, IReadOnlyList<LedgerLine> Lines, LedgerCounts? Counts);

/// <summary>The generator.</summary>
/// <param name="CpuMean">Processors it used on average, without the broker in its process.</param>
/// <param name="Lag">By how much it was late.</param>
/// <param name="Late">Requests sent more than 10 ms after they were due.</param>
/// <param name="Dropped">Requests not sent, because too many were in flight.</param>
/// <param name="Saturated">Whether it could not keep up, so that latencies are in part its own.</param>
/// <param name="Text">That in words.</param>
internal sealed record GeneratorResult(double? CpuMean, LatencySummary? Lag, int Late, int Dropped, bool Saturated, string Text);

/// <summary>Ours beside the report's.</summary>
internal sealed record ComparisonResult(string Source, IReadOnlyList<ComparedRow> Rows, IReadOnlyList<string> Rules, IReadOnlyList<string> Inconsistencies);

/// <summary>One figure.</summary>
internal sealed record ComparedRow(string Label, string Unit, double? Ours, string? Local, string? Cloud, string? Note);

/// <summary>Values over time.</summary>
internal sealed record SeriesResult(IReadOnlyList<double> Seconds, IReadOnlyDictionary<string, IReadOnlyList<double?>> Values);
