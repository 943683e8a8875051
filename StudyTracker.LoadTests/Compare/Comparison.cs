using StudyTracker.LoadTests.Report;

namespace StudyTracker.LoadTests.Compare;

/// <summary>One figure of two runs.</summary>
/// <param name="Figure">Its name.</param>
/// <param name="Before">The first run's; null when it was not measured.</param>
/// <param name="After">The second run's.</param>
/// <param name="IsWorse">Whether the second is worse by more than the tolerance.</param>
internal sealed record ComparedFigures(string Figure, double? Before, double? After, bool IsWorse)
{
    /// <summary>By how much it changed, as a share of the first.</summary>
    public double? Change => Before is { } before and not 0 && After is { } after ? (after - before) / before : null;
}

/// <summary>Sets two runs side by side.</summary>
internal static class Comparison
{
    // Differences of less than this are noise, whatever share they are of a small figure.
    private const double NoiseMs = 2;

    // What must not get worse at all.
    private static readonly string[] _exact = ["failed", "lost", "doubled", "late", "parked"];

    private static readonly string[] _higherIsBetter = ["goodput", "accepted", "stored", "delivered", "triggers executed", "members with feedback"];

    private static readonly string[] _lowerIsBetter =
    [
        "accept mean", "accept p50", "accept p95", "accept p99", "accept mean of the last stage", "stored p50", "stored p99", "delivered p99",
        "trigger answer p99", "trigger completion max", "posts for each delivery", "drain s", "peak Ingress memory MiB",
    ];

    /// <summary>Compares.</summary>
    /// <param name="before">The first run.</param>
    /// <param name="after">The second.</param>
    /// <param name="tolerance">Which share worse is still as good.</param>
    /// <exception cref="LoadException">They are of different scenarios, or of different size.</exception>
    public static IReadOnlyList<ComparedFigures> Of(RunResult before, RunResult after, double tolerance)
    {
        if (before.Scenario.Id != after.Scenario.Id)
            throw new LoadException($"These are runs of {before.Scenario.Id} and {after.Scenario.Id}: compare two of one scenario.");
        if (before.Environment.Scale != after.Environment.Scale || before.Environment.Speed != after.Environment.Speed)
            throw new LoadException("These runs have different scales or speeds: compare two of the same size.");
        return
        [
            .. _exact.Select(figure => Row(figure, (one, other) => other > one)),
            .. _higherIsBetter.Select(figure => Row(figure, (one, other) => other < one * (1 - tolerance))),
            .. _lowerIsBetter.Select(figure => Row(figure, (one, other) => other > one * (1 + tolerance) && other - one > Noise(figure))),
        ];

        ComparedFigures Row(string figure, Func<double, double, bool> isWorse)
        {
            var (one, other) = (Known(before, figure), Known(after, figure));
            // A figure that the second run could not even measure is no improvement.
            return new(figure, one, other, one is { } left && (other is not { } right || isWorse(left, right)));
        }
    }

    private static double Noise(string figure) => figure is "posts for each delivery" ? 0 : NoiseMs;

    private static double? Known(RunResult result, string figure) => result.Figures.TryGetValue(figure, out var value) ? value : null;
}
