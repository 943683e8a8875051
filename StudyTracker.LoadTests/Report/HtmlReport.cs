using System.Net;

namespace StudyTracker.LoadTests.Report;

/// <summary>One HTML file with everything in it: opened from a disk, without a network, it draws its charts.</summary>
internal static class HtmlReport
{
    private static readonly Lazy<string> _page = new(() => Resource("report.html")
        .Replace("/*uplot-css*/", Resource("uPlot.min.css"), StringComparison.Ordinal)
        .Replace("/*css*/", Resource("report.css"), StringComparison.Ordinal)
        .Replace("/*uplot*/", Resource("uPlot.iife.min.js"), StringComparison.Ordinal)
        .Replace("/*charts*/", Resource("charts.js"), StringComparison.Ordinal)
        .Replace("/*report*/", Resource("report.js"), StringComparison.Ordinal));

    /// <summary>The page of a run.</summary>
    public static string Of(RunResult result) => _page.Value
        .Replace("{{title}}", WebUtility.HtmlEncode($"{result.Scenario.Id} · {result.Scenario.Title}"), StringComparison.Ordinal)
        .Replace("{{result}}", ResultFile.ToScript(result), StringComparison.Ordinal);

    private static string Resource(string name)
    {
        using var stream = typeof(HtmlReport).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
