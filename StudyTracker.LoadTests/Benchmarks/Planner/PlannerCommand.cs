using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using StudyTracker.AppHost.Local;

namespace StudyTracker.LoadTests.Benchmarks.Planner;

/// <summary><c>bench planner</c>: a run over very many members, undisturbed and with the planner killed in the middle.</summary>
internal static class PlannerCommand
{
    public static Command Create()
    {
        var members = new Option<int>("--members") { Description = "Members, each with something new in every run; 1,000 to 500,000.", DefaultValueFactory = _ => 100_000 };
        var rounds = new Option<int>("--rounds") { Description = "Runs that are measured, and as many with a kill; 1 to 20.", DefaultValueFactory = _ => 3 };
        var command = new Command("planner", "Jobs planned a second in a run over very many members, and how soon a trigger is answered meanwhile.") { members, rounds };
        command.SetAction((parsed, _) => RunAsync(parsed.GetValue(members), parsed.GetValue(rounds)));
        return command;
    }

    private static async Task<int> RunAsync(int members, int rounds)
    {
        if (members is < 1_000 or > 500_000 || rounds is < 1 or > 20)
            throw new LocalHostException("--members are 1,000 to 500,000, --rounds 1 to 20.");
        using var signals = new StopSignals();
        try
        {
            AnsiConsole.WriteLine("Starting PostgreSQL, the local Kafka, Ingress and the Summarizer.");
            await using var bench = await PlannerBench.StartAsync(members, AnsiConsole.WriteLine, signals.Token);
            var figures = await bench.RunAsync(rounds, signals.Token);
            Print(figures);
            AnsiConsole.WriteLine($"Written to {await BenchFile.WriteAsync("planner", figures, signals.Token)}");
            return 0;
        }
        catch (BenchException error)
        {
            AnsiConsole.WriteLine(error.Message);
            return 1;
        }
    }

    private static void Print(IReadOnlyList<PlannerFigures> figures)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn("").AddColumns([.. figures.Select(one => one.Name)]);
        Row("seconds from trigger to last job", one => one.Seconds, "0.00");
        Row("jobs a second", one => one.JobsPerSecond, "N0");
        Row("trigger answered after ms: median", one => one.TriggerMsP50, "0.0");
        Row("99 % within", one => one.TriggerMsP99, "0.0");
        Row("longest", one => one.TriggerMsMax, "0.0");
        foreach (var process in figures[0].CpuSecondsPer1000.Keys) Row($"CPU s per 1,000 jobs: {process}", one => one.CpuSecondsPer1000[process], "0.000");
        Row("Summarizer's peak MB", one => one.PeakMb, "N0");
        AnsiConsole.Write(table);

        void Row(string name, Func<PlannerFigures, double> figure, string format) =>
            table.AddRow([name, .. figures.Select(one => figure(one).ToString(format, CultureInfo.InvariantCulture))]);
    }
}
