using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using StudyTracker.AppHost.Local;
using StudyTracker.LoadTests.Compare;
using StudyTracker.LoadTests.Report;

namespace StudyTracker.LoadTests.Commands;

/// <summary><c>compare</c>: two runs side by side.</summary>
internal static class CompareCommand
{
    /// <summary>Describes it.</summary>
    public static Command Create()
    {
        var before = new Argument<string>("before") { Description = "result.json of the first run" };
        var after = new Argument<string>("after") { Description = "result.json of the second run" };
        var tolerance = new Option<double>("--tolerance")
        {
            Description = "Which share worse is still as good; 0.2 by default. Failures, losses and doubles have none.",
            DefaultValueFactory = _ => 0.2,
        };
        var command = new Command("compare", "Show two runs side by side; fails when the second is worse.") { before, after, tolerance };
        command.SetAction((parsed, _) => Task.FromResult(Run(parsed.GetValue(before)!, parsed.GetValue(after)!, parsed.GetValue(tolerance))));
        return command;
    }

    private static int Run(string before, string after, double tolerance)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        var (one, other) = (ResultFile.Read(before), ResultFile.Read(after));
        var rows = Comparison.Of(one, other, tolerance);
        var console = StartTable.ConsoleFor(Console.Out, Console.IsOutputRedirected);
        var table = new Table().NoBorder().AddColumns("figure", $"{one.Environment.StartedAt:MM-dd HH:mm}", $"{other.Environment.StartedAt:MM-dd HH:mm}", "change", "");
        foreach (var row in rows.Where(row => row.Before is not null || row.After is not null))
            table.AddRow(row.Figure, Number(row.Before), Number(row.After), row.Change is { } change ? $"{change:+0.0%;-0.0%;0.0%}" : "", row.IsWorse ? "WORSE" : "");
        console.WriteLine($"{one.Scenario.Id}: {before} and {after}; worse is what is worse by more than {tolerance:P0}.");
        console.Write(table);
        var worse = rows.Count(row => row.IsWorse);
        var verdict = other.Verdict.Passed ? "" : " The second run does not hold its thresholds.";
        console.WriteLine(worse == 0 ? $"No regression.{verdict}" : $"{worse} figures are worse.{verdict}");
        return worse == 0 && other.Verdict.Passed ? 0 : 1;
    }

    private static string Number(double? value) => value?.ToString("#,0.##", CultureInfo.InvariantCulture) ?? "–";
}
