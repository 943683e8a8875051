using StudyTracker.LoadTests.Sampling;

namespace StudyTracker.LoadTests.Benchmarks;

/// <summary>Reads a service's <c>/metrics</c>.</summary>
internal static class MetricsPage
{
    // Only for pages on the loopback address: one for all, never disposed.
    private static readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(10) };

    /// <summary>The sum of the series of a metric whose labels contain a text; 0 when there is none yet.</summary>
    public static async Task<double> SumAsync(Uri service, string metric, string label, CancellationToken cancellationToken)
    {
        var page = await _http.GetStringAsync(new Uri(service, "/metrics"), cancellationToken);
        return PrometheusText.Parse(page, new HashSet<string> { metric }).Sum(metric, label) ?? 0;
    }
}
