using System.Globalization;

namespace StudyTracker.FunctionalTests.Support;

/// <summary>Reads a service's <c>/metrics</c>.</summary>
internal static class Metrics
{
    private static readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(5) };

    /// <summary>The sum of the series of a metric that belong to a stage; 0 when there is none yet.</summary>
    public static Task<double> SumAsync(Uri service, string metric, string stage) => SumOfAsync(service, metric, $"stage=\"{stage}\"");

    /// <summary>The sum of the series of a metric that have a label; 0 when there is none yet.</summary>
    public static async Task<double> SumOfAsync(Uri service, string metric, string label)
    {
        var text = await _http.GetStringAsync(new Uri(service, "/metrics"), TestContext.Current.CancellationToken);
        return text.Split('\n')
            .Where(line => line.StartsWith(metric, StringComparison.Ordinal) && line.Contains(label, StringComparison.Ordinal))
            .Sum(line => double.Parse(line[(line.LastIndexOf('}') + 1)..].Trim().Split(' ')[0], CultureInfo.InvariantCulture));
    }
}
