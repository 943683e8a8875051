using System.Diagnostics;
using System.Globalization;
using StudyTracker.AppHost.Local.Processes;
using StudyTracker.LoadTests.Connections;
using StudyTracker.LoadTests.Engine;
using StudyTracker.LoadTests.Sampling;
using StudyTracker.LoadTests.Scenarios;

namespace StudyTracker.LoadTests.Calibration;

/// <summary>What the engine reached.</summary>
/// <param name="Name">In which model.</param>
/// <param name="PerSecond">Requests answered in a second.</param>
/// <param name="Latency">How long they took, from when they were due.</param>
/// <param name="Failed">Requests without an answer of 200.</param>
/// <param name="GeneratorCpu">Processors that the generator used.</param>
/// <param name="ServerCpu">Processors that the server used.</param>
internal sealed record CalibrationResult(string Name, double PerSecond, LatencySummary Latency, int Failed, double GeneratorCpu, double ServerCpu);

/// <summary>Finds out what the engine itself can generate, with the same events as in SC1: built, signed and sent.</summary>
/// <param name="connections">Connections at once.</param>
/// <param name="requests">Requests of each measurement.</param>
internal sealed class CalibrationRun(int connections, int requests)
{
    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(10);

    // A generator that is asked for all that it can do has no time left to be punctual.
    private const double OpenShare = 0.5;
    private const int MaxInFlight = 4_000;

    /// <summary>Measures the closed model, and then the open one at half of what that reached.</summary>
    public async Task<IReadOnlyList<CalibrationResult>> RunAsync(CancellationToken cancel)
    {
        var port = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        var dotnet = Environment.ProcessPath!;
        var program = typeof(CalibrationRun).Assembly.Location;
        string[] arguments = Path.GetFileNameWithoutExtension(dotnet) == "dotnet" ? [program, "bare-server"] : ["bare-server"];
        using var child = await ChildProcess.StartAsync(new ProcessSpec(dotnet, arguments), line =>
        {
            if (int.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) port.TrySetResult(number);
        });
        try
        {
            var server = await Server.ResolveAsync(new Uri($"http://127.0.0.1:{await port.Task.WaitAsync(_timeout, cancel)}"), cancel);
            var closed = new Stage("closed", 0, requests, connections) { Use = ConnectionUse.PerUser };
            // Once to warm up: what is measured is not the compiler.
            await MeasureAsync("warm-up", closed, server, child.Pid, cancel);
            var fastest = await MeasureAsync("closed", closed, server, child.Pid, cancel);
            var rate = fastest.PerSecond * OpenShare;
            var open = new Stage("open", 0, requests, connections) { Due = Arrivals.Constant(requests, TimeSpan.FromSeconds(requests / rate)), Use = ConnectionUse.Pooled };
            return [fastest, await MeasureAsync($"open at {rate:N0}/s", open, server, child.Pid, cancel)];
        }
        finally
        {
            child.Signal(Posix.SigKill);
            await child.Exited;
        }
    }

    private static async Task<CalibrationResult> MeasureAsync(string name, Stage stage, Server server, int serverPid, CancellationToken cancel)
    {
        var cast = new Cast("CALIBR", learners: 1_000, workspaces: 2);
        var builder = new Requests(cast, server, "calibration"u8.ToArray(), "none");
        var samples = new Samples(stage.Count);
        using var opener = new LinkOpener(server, SourceAddress.Any, _timeout, atOnce: 256);
        using LinkSource links = stage.Use == ConnectionUse.PerUser ? new LinkPerUser(opener, stage.Users) : new PooledLinks(opener);
        var sender = new Sender(stage, links, samples, builder.BuildEvent, MaxInFlight, cancel);
        GC.Collect();
        var (generatorBefore, serverBefore, start) = (Cpu(Environment.ProcessId), Cpu(serverPid), Stopwatch.GetTimestamp());
        await new OwnEngine().RunAsync(stage, sender.SendAsync, cancel);
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        cancel.ThrowIfCancellationRequested();
        return new(
            name,
            samples.Accepted / seconds,
            Latencies.Of(Enumerable.Range(0, stage.Count).Select(request => samples[request].CorrectedMs)).Summary()!,
            stage.Count - samples.Accepted,
            (Cpu(Environment.ProcessId) - generatorBefore) / seconds,
            (Cpu(serverPid) - serverBefore) / seconds);
    }

    private static double Cpu(int pid) => ProcessorTime.OfProcess(pid)?.Seconds ?? 0;
}
