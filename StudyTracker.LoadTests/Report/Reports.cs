namespace StudyTracker.LoadTests.Report;

/// <summary>Writes a run's result as JSON, HTML and Markdown.</summary>
internal static class Reports
{
    /// <summary>Writes them into a folder, in place of what was there.</summary>
    public static void Write(RunResult result, string folder)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "result.json"), ResultFile.ToJson(result));
        File.WriteAllText(Path.Combine(folder, "report.html"), HtmlReport.Of(result));
        File.WriteAllText(Path.Combine(folder, "summary.md"), MarkdownReport.Of(result));
    }
}
