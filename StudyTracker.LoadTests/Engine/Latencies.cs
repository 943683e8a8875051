using HdrHistogram;

namespace StudyTracker.LoadTests.Engine;

/// <summary>Percentiles of a latency, in milliseconds.</summary>
internal sealed record LatencySummary(
    long Count,
    double MeanMs,
    double MinMs,
    double P50Ms,
    double P75Ms,
    double P90Ms,
    double P95Ms,
    double P99Ms,
    double P999Ms,
    double MaxMs);

/// <summary>A point of the curve that HDR histograms are drawn as.</summary>
/// <param name="Percentile">0 to 100.</param>
/// <param name="Ms">The latency that this share stays within.</param>
internal sealed record CurvePoint(double Percentile, double Ms);

/// <summary>An HDR histogram of latencies, exact to a thousandth from a microsecond to two hours.</summary>
internal sealed class Latencies
{
    private const long MaxMicroseconds = 2L * 3_600 * 1_000_000;
    private const int Digits = 3;
    private const int CurveStepsPerHalf = 5;

    private readonly LongHistogram _histogram = new(MaxMicroseconds, Digits);

    /// <summary>Makes one of many latencies.</summary>
    public static Latencies Of(IEnumerable<double> milliseconds)
    {
        var latencies = new Latencies();
        foreach (var latency in milliseconds) latencies.Add(latency);
        return latencies;
    }

    /// <summary>Adds a latency; what lies outside the range counts as its end.</summary>
    public void Add(double milliseconds) => _histogram.RecordValue(Math.Clamp((long)(milliseconds * 1_000), 0, MaxMicroseconds));

    /// <summary>The summary; null when there is nothing to sum up.</summary>
    public LatencySummary? Summary() => _histogram.TotalCount == 0
        ? null
        : new(
            _histogram.TotalCount,
            Round(_histogram.GetMean() / 1_000),
            At(0),
            At(50),
            At(75),
            At(90),
            At(95),
            At(99),
            At(99.9),
            Round(_histogram.GetMaxValue() / 1_000.0));

    /// <summary>The curve up to the largest latency.</summary>
    public IReadOnlyList<CurvePoint> Curve() => _histogram.TotalCount == 0
        ? []
        : [.. _histogram.Percentiles(CurveStepsPerHalf).Select(step => new CurvePoint(step.PercentileLevelIteratedTo, Round(step.ValueIteratedTo / 1_000.0)))];

    private double At(double percentile) => Round(_histogram.GetValueAtPercentile(percentile) / 1_000.0);

    private static double Round(double milliseconds) => Math.Round(milliseconds, 3);
}
