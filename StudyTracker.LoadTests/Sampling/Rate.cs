using System.Diagnostics;

namespace StudyTracker.LoadTests.Sampling;

/// <summary>Makes a rate a second out of a count that only grows.</summary>
internal sealed class Rate
{
    private (double Value, long At, int Source)? _last;

    /// <summary>How much the count has grown in a second since the last time; null the first time, and when it began anew.</summary>
    /// <param name="value">The count now; null when it is not known.</param>
    /// <param name="source">Who counts: another one begins anew.</param>
    public double? Of(double? value, int source = 0)
    {
        if (value is not { } known) return null;
        var now = Stopwatch.GetTimestamp();
        var last = _last;
        _last = (known, now, source);
        return last is { } before && before.Source == source && known >= before.Value
            ? (known - before.Value) / Stopwatch.GetElapsedTime(before.At, now).TotalSeconds
            : null;
    }
}
