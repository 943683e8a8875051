using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using StudyTracker.AppHost.Local;

namespace StudyTracker.LoadTests.Benchmarks.Ingress;

/// <summary>
/// <c>bench ingress</c>: requests per second of a bare Kestrel, of the same with Slack's signature checked, and of Ingress,
/// which answers when Kafka has the event; in one run, taking turns, on the same machine as generator and broker.
/// </summary>
internal static class IngressBenchmark
{
    private const int Interrupted = 130;

    private static readonly string[] _columns =
        ["connections", "server", "requests/s", "p50 ms", "p99 ms", "max ms", "over 3 s", "errors", "CPU s/1,000", "RSS MB", "bytes/request", "ratio"];

    /// <summary>Describes it.</summary>
    public static Command Create()
    {
        var connections = new Option<int[]>("--connections")
        {
            Description = "Keep-alive connections.",
            DefaultValueFactory = _ => [64, 1_000, 5_000],
            AllowMultipleArgumentsPerToken = true,
        };
        var rounds = new Option<int>("--rounds") { Description = "Rounds; medians are taken over them.", DefaultValueFactory = _ => 3 };
        var seconds = new Option<int>("--seconds") { Description = "Seconds of each measurement.", DefaultValueFactory = _ => 5 };
        var set = new Option<string[]>("--set") { Description = "Settings of Ingress, such as Kafka__LingerMs=5.", DefaultValueFactory = _ => [] };
        var only = new Option<bool>("--ingress-only") { Description = "Leave the bare servers out, to profile Ingress; nothing is written." };
        var command = new Command("ingress", "Requests per second of Ingress against a bare Kestrel.") { connections, rounds, seconds, set, only };
        command.SetAction(async (parsed, _) =>
        {
            using var signals = new StopSignals();
            var plan = new Plan(parsed.GetValue(connections)!, parsed.GetValue(rounds), parsed.GetValue(seconds), parsed.GetValue(only));
            try
            {
                return await RunAsync(plan.Validated(), Settings(parsed.GetValue(set)!), signals.Token);
            }
            catch (OperationCanceledException) when (signals.Token.IsCancellationRequested)
            {
                Console.WriteLine("Stopped before the end: nothing was written.");
                return Interrupted;
            }
        });
        return command;
    }

    private static async Task<int> RunAsync(Plan plan, IReadOnlyDictionary<string, string> settings, CancellationToken cancel)
    {
        Console.WriteLine("Starting a bare server, one that checks signatures, Ingress, and a Kafka in this process ...");
        await using var servers = await Servers.StartAsync(settings, cancel);
        var targets = servers.All.Where(server => !plan.IngressOnly || server.Name == Servers.Ingress).ToList();
        foreach (var target in targets) await servers.MeasureAsync(target, 64, Math.Max(3, plan.Seconds), cancel); // the JIT compiler has to be done

        List<Measurement> measurements = [];
        for (var round = 1; round <= plan.Rounds; round++)
        {
            foreach (var count in plan.Connections)
            {
                foreach (var target in targets)
                {
                    var measurement = await servers.MeasureAsync(target, count, plan.Seconds, cancel);
                    measurements.Add(measurement);
                    Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                        $"round {round}: {count,5} connections, {target.Name,-8} {measurement.Wrk.Rps,7:0} requests/s, p99 {measurement.Wrk.P99Ms:0.0} ms"));
                }
            }
        }

        if (plan.IngressOnly) return Verdict(measurements);
        var levels = plan.Connections.Select(count => Level.Of(count, measurements)).ToList();
        Print(measurements, levels);
        var path = await BenchFile.WriteAsync("ingress", levels, cancel);
        Console.WriteLine($"Written to {path}.");
        return Verdict(measurements);
    }

    private static int Verdict(List<Measurement> measurements)
    {
        var wrong = measurements.Where(measurement => measurement.Missing != 0).ToList();
        foreach (var one in wrong)
        {
            Console.WriteLine(
                $"At {one.Connections} connections {one.Wrk.Requests} events were acked and the topic has {one.Missing} too few: an ack was a lie.");
        }

        if (wrong.Count == 0) Console.WriteLine("Every event that was acked is in the topic.");
        var failed = measurements.Where(measurement => measurement.Server == Servers.Ingress && measurement.Wrk.Errors + measurement.Wrk.Over3s > 0).ToList();
        if (failed.Count > 0) Console.WriteLine("There were errors, or requests that took more than 3 s.");
        return wrong.Count + failed.Count == 0 ? 0 : 1;
    }

    private static void Print(List<Measurement> measurements, List<Level> levels)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns(_columns);
        foreach (var level in levels)
        {
            foreach (var server in measurements.Select(measurement => measurement.Server).Distinct())
            {
                var rows = measurements.Where(measurement => measurement.Server == server && measurement.Connections == level.Connections).ToList();
                double Middle(Func<Measurement, double> figure) => Median.Of(rows.Select(figure));
                table.AddRow(
                    Figure(level.Connections), server, Figure(Middle(row => row.Wrk.Rps)), Figure(Middle(row => row.Wrk.P50Ms), 1),
                    Figure(Middle(row => row.Wrk.P99Ms), 1), Figure(rows.Max(row => row.Wrk.MaxMs)), Figure(rows.Sum(row => row.Wrk.Over3s)),
                    Figure(rows.Sum(row => row.Wrk.Errors)), Figure(Middle(row => row.CpuSecondsPer1000), 4), Figure(Middle(row => row.RssMb)),
                    double.IsNaN(rows[0].AllocatedBytesPerRequest) ? "" : Figure(Middle(row => row.AllocatedBytesPerRequest)),
                    server == Servers.Ingress ? Figure(level.Ratio, 2) : "");
            }
        }

        StartTable.ConsoleFor(Console.Out, Console.IsOutputRedirected).Write(table);
    }

    private static string Figure(double value, int decimals = 0) => value.ToString("N" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    private static Dictionary<string, string> Settings(string[] pairs)
    {
        var settings = new Dictionary<string, string>();
        foreach (var pair in pairs)
        {
            if (pair.Split('=', 2) is not [{ Length: > 0 } key, var value]) throw new LocalHostException($"--set takes Name=value; got: {pair}");
            settings[key] = value;
        }

        return settings;
    }

    /// <summary>What to measure.</summary>
    private sealed record Plan(int[] Connections, int Rounds, int Seconds, bool IngressOnly)
    {
        public Plan Validated()
        {
            if (Rounds is < 1 or > 100) throw new LocalHostException("--rounds is 1 to 100.");
            // Signatures are valid for five minutes.
            if (Seconds is < 1 or > 240) throw new LocalHostException("--seconds is 1 to 240.");
            if (Connections.Any(count => count is < 2 or > 20_000)) throw new LocalHostException("--connections are 2 to 20,000.");
            return this;
        }
    }
}
