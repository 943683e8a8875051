namespace StudyTracker.LoadTests.Benchmarks;

/// <summary>The value in the middle: one disturbed round does not move it.</summary>
internal static class Median
{
    /// <summary>The median of at least one value; of an even number, the mean of the two in the middle.</summary>
    public static double Of(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        ArgumentOutOfRangeException.ThrowIfZero(sorted.Count);
        var middle = sorted.Count / 2;
        return sorted.Count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
