using System.CommandLine;
using System.Globalization;
using StudyTracker.AppHost.Local;
using StudyTracker.LoadTests.Calibration;

namespace StudyTracker.LoadTests.Commands;

/// <summary><c>calibrate</c>: what the engine itself can generate on this machine.</summary>
internal static class CalibrateCommand
{
    private const double WantedPerSecond = 25_000;

    /// <summary>Describes it.</summary>
    public static Command Create()
    {
        var connections = new Option<int>("--connections") { Description = "Connections at once; 128 by default.", DefaultValueFactory = _ => 128 };
        var requests = new Option<int>("--requests") { Description = "Requests of each measurement; 200,000 by default.", DefaultValueFactory = _ => 200_000 };
        var command = new Command("calibrate", "Measure what the load engine itself can generate, against a server that does nothing.") { connections, requests };
        command.SetAction((parsed, _) => RunAsync(new CalibrationRun(parsed.GetValue(connections), parsed.GetValue(requests))));
        return command;
    }

    /// <summary>The server that it measures against, as a process of its own.</summary>
    public static Command CreateServer()
    {
        var command = new Command("bare-server", "The server that calibrate measures against.") { Hidden = true };
        command.SetAction(async (_, cancel) =>
        {
            await BareServer.RunAsync(cancel);
            return 0;
        });
        return command;
    }

    private static async Task<int> RunAsync(CalibrationRun run)
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        using var signals = new StopSignals();
        var results = await run.RunAsync(signals.Token);
        Console.WriteLine("The engine against a server that does nothing, on the same machine; every request is an event of SC1, built and signed.");
        foreach (var result in results)
        {
            Console.WriteLine(
                $"  {result.Name,-20} {result.PerSecond,8:N0}/s   p50 {result.Latency.P50Ms:0.00} ms   p99 {result.Latency.P99Ms:0.00} ms   {result.Failed} failed   "
                + $"{result.GeneratorCpu:0.00} processors for the generator, {result.ServerCpu:0.00} for the server, of {Environment.ProcessorCount}");
        }

        var isEnough = results[0].PerSecond >= WantedPerSecond && results.All(result => result.Failed == 0);
        Console.WriteLine(isEnough ? $"Enough: at least {WantedPerSecond:N0} a second." : $"Not enough: at least {WantedPerSecond:N0} a second are wanted.");
        return isEnough ? 0 : 1;
    }
}
