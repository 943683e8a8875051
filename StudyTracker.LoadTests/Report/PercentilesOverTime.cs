using System.Diagnostics;
using StudyTracker.LoadTests.Engine;

namespace StudyTracker.LoadTests.Report;

/// <summary>Percentiles of the answers that came within each second.</summary>
internal static class PercentilesOverTime
{
    /// <summary>Makes them; a second without an answer has none.</summary>
    public static SeriesResult Of(Samples samples, long start)
    {
        var seconds = new SortedDictionary<int, List<double>>();
        for (var request = 0; request < samples.Count; request++)
        {
            var sample = samples[request];
            if (!sample.Outcome.HasEnded) continue;
            var second = (int)Stopwatch.GetElapsedTime(start, sample.Ended).TotalSeconds;
            if (!seconds.TryGetValue(second, out var latencies)) seconds[second] = latencies = [];
            latencies.Add(sample.CorrectedMs);
        }

        foreach (var latencies in seconds.Values) latencies.Sort();
        var length = seconds.Count == 0 ? 0 : seconds.Keys.Max() + 1;
        IReadOnlyList<double?> At(double share) =>
            [.. Enumerable.Range(0, length).Select(second => seconds.TryGetValue(second, out var latencies) ? Math.Round(latencies[(int)((latencies.Count - 1) * share)], 3) : (double?)null)];
        return new(
            [.. Enumerable.Range(0, length).Select(second => (double)second)],
            new Dictionary<string, IReadOnlyList<double?>> { ["p50"] = At(0.5), ["p95"] = At(0.95), ["p99"] = At(0.99), ["longest"] = At(1) });
    }
}
