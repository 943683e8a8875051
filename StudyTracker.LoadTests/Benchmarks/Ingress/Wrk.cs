using System.Globalization;
using StudyTracker.AppHost.Local;
using StudyTracker.AppHost.Local.Processes;

namespace StudyTracker.LoadTests.Benchmarks.Ingress;

/// <summary>What wrk saw.</summary>
/// <param name="Requests">Requests answered.</param>
/// <param name="Seconds">For how long.</param>
/// <param name="P50Ms">Median latency, in milliseconds.</param>
/// <param name="P99Ms">99th percentile, in milliseconds.</param>
/// <param name="MaxMs">The slowest, in milliseconds.</param>
/// <param name="Over3s">Requests that took longer than Slack waits.</param>
/// <param name="Errors">Connections refused, cut off or timed out, and answers other than 2xx and 3xx.</param>
internal sealed record WrkResult(long Requests, double Seconds, double P50Ms, double P99Ms, double MaxMs, long Over3s, long Errors)
{
    /// <summary>Requests per second.</summary>
    public double Rps => Requests / Seconds;
}

/// <summary>Runs wrk, the load generator of Debian's packages.</summary>
internal static class Wrk
{
    private const int Figures = 11;

    /// <summary>Sends the script's requests over so many keep-alive connections, as fast as they are answered.</summary>
    public static async Task<WrkResult> RunAsync(Uri url, int connections, int seconds, string script, CancellationToken cancel)
    {
        var spec = new ProcessSpec("wrk",
        [
            "-t", "2", "-c", connections.ToString(CultureInfo.InvariantCulture), "-d", $"{seconds}s", "--timeout", "10s", "-s", script, url.ToString(),
        ]);
        var (exitCode, output) = await ChildProcess.RunAsync(spec, cancel);
        var line = output.Split('\n').FirstOrDefault(line => line.StartsWith("result ", StringComparison.Ordinal));
        var figures = line?.Split(' ').Skip(1).Select(figure => long.Parse(figure, CultureInfo.InvariantCulture)).ToArray() ?? [];
        if (exitCode != 0 || figures.Length != Figures)
            throw new LocalHostException($"wrk ended with exit code {exitCode} and said:\n{output}");
        return new WrkResult(
            figures[0], figures[1] / 1e6, figures[2] / 1e3, figures[3] / 1e3, figures[4] / 1e3, figures[5], figures[6..].Sum());
    }
}
