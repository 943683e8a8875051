using System.CommandLine;
using System.Globalization;
using Spectre.Console;

namespace StudyTracker.LoadTests.Benchmarks.Writer;

/// <summary><c>bench writer</c>: jobs written a second, beside the time that the model's latency alone would take.</summary>
internal static class WriterCommand
{
    public static Command Create()
    {
        var jobs = new Option<int>("--jobs") { Description = "Jobs of one run.", DefaultValueFactory = _ => 10_000 };
        var latency = new Option<int>("--latency-ms") { Description = "How long the model takes for an answer.", DefaultValueFactory = _ => 50 };
        var concurrency = new Option<int>("--concurrency") { Description = "Calls of the model at once, of each replica.", DefaultValueFactory = _ => 64 };
        var replicas = new Option<int[]>("--replicas")
        {
            Description = "How many replicas share the work; one measurement for each number.",
            DefaultValueFactory = _ => [1, 2],
            AllowMultipleArgumentsPerToken = true,
        };
        var limit = new Option<int>("--per-minute")
        {
            Description = "Calls that the model takes in any minute before it answers 429, and that the writer is told of; 0: no limit.",
        };
        var command = new Command("writer", "Jobs a second, against the time that the model's latency alone takes.") { jobs, latency, concurrency, replicas, limit };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            parsed.GetValue(replicas)!,
            new WriterLoad(parsed.GetValue(jobs), parsed.GetValue(latency), parsed.GetValue(concurrency), parsed.GetValue(limit)),
            cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(int[] replicas, WriterLoad load, CancellationToken cancellationToken)
    {
        var figures = new List<WriterFigures>();
        foreach (var count in replicas)
        {
            AnsiConsole.WriteLine($"{load.Jobs:N0} jobs, {load.LatencyMs} ms each, {load.Concurrency} at once in {count} replica(s) ...");
            figures.Add(await WriterBench.RunAsync(load, count, cancellationToken));
        }

        var table = new Table().AddColumns("replicas", "seconds", "ideal", "ratio", "jobs/s", "CPU s per 1,000 jobs", "of these writer", "jobs of each replica", "model calls", "calls a job");
        foreach (var row in figures)
        {
            table.AddRow([.. new object[]
            {
                row.Replicas, row.Seconds, row.IdealSeconds, row.Ratio, row.JobsPerSecond, row.CpuSecondsPer1000.Values.Sum(),
                row.CpuSecondsPer1000["writer"], string.Join(" + ", row.JobsOfReplicas), row.ModelCalls, (double)row.ModelCalls / row.Jobs,
            }.Select(cell => cell is double number ? number.ToString("0.00#", CultureInfo.InvariantCulture) : $"{cell}")]);
        }

        AnsiConsole.Write(table);
        AnsiConsole.WriteLine(await BenchFile.WriteAsync("writer", figures, cancellationToken));
        return 0;
    }
}

/// <summary>What a benchmark of the writer is run with.</summary>
/// <param name="Jobs">Jobs of the measured run.</param>
/// <param name="LatencyMs">How long the model takes.</param>
/// <param name="Concurrency">Calls at once, of each replica.</param>
/// <param name="PerMinute">Calls that the model takes in any minute; 0: no limit.</param>
internal sealed record WriterLoad(int Jobs, int LatencyMs, int Concurrency, int PerMinute)
{
    /// <summary>What the model's latency, or its limit when there is one, alone takes.</summary>
    public double IdealSeconds(int replicas) => Math.Max(
        Jobs / (double)replicas / Concurrency * LatencyMs / 1_000,
        PerMinute == 0 ? 0 : Jobs * 60.0 / PerMinute);
}

/// <summary>What was measured.</summary>
/// <param name="Replicas">Replicas that shared the work.</param>
/// <param name="Jobs">Jobs of the run.</param>
/// <param name="LatencyMs">How long the model takes.</param>
/// <param name="Concurrency">Calls at once, of each replica.</param>
/// <param name="Seconds">From the start of the first call to the end of the last job.</param>
/// <param name="IdealSeconds">What the model's latency alone takes at that concurrency, or its limit of calls a minute.</param>
/// <param name="Ratio">The one divided by the other.</param>
/// <param name="JobsPerSecond">Jobs a second.</param>
/// <param name="SecondsWithPlanning">From the trigger to the end of the last job.</param>
/// <param name="CpuSecondsPer1000">Processor seconds for 1,000 jobs, from the trigger on, by process.</param>
/// <param name="JobsOfReplicas">How many jobs each replica did.</param>
/// <param name="ModelCalls">Calls that the model saw.</param>
internal sealed record WriterFigures(
    int Replicas,
    int Jobs,
    int LatencyMs,
    int Concurrency,
    double Seconds,
    double IdealSeconds,
    double Ratio,
    double JobsPerSecond,
    double SecondsWithPlanning,
    IReadOnlyDictionary<string, double> CpuSecondsPer1000,
    IReadOnlyList<double> JobsOfReplicas,
    long ModelCalls);
