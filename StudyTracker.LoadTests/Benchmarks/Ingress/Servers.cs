using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using StudyTracker.AppHost.Local;
using StudyTracker.AppHost.Local.Processes;
using StudyTracker.Contracts;

namespace StudyTracker.LoadTests.Benchmarks.Ingress;

/// <summary>A server under test.</summary>
/// <param name="Name">What it is called in the results.</param>
/// <param name="Url">Where it takes events.</param>
/// <param name="Pid">Its process.</param>
/// <param name="Metrics">Where its <c>/metrics</c> are; null when it has none.</param>
internal sealed record Target(string Name, Uri Url, int Pid, Uri? Metrics);

/// <summary>The three servers that are compared, each a process of its own, and the broker.</summary>
internal sealed class Servers : IAsyncDisposable
{
    public const string Bare = "kestrel";
    public const string Hmac = "+ HMAC";
    public const string Ingress = "ingress";

    private readonly LocalHost _host;
    private readonly List<ChildProcess> _bare;
    private readonly TopicSize _topic;
    private readonly string _script;

    private Servers(LocalHost host, List<ChildProcess> bare, List<Target> all)
    {
        (_host, _bare, All) = (host, bare, all);
        _topic = new TopicSize(host.KafkaServers, host.Kafka!.PartitionCount);
        _script = host.Folder.File("wrk.lua");
    }

    /// <summary>All of them, the bare ones first.</summary>
    public IReadOnlyList<Target> All { get; }

    /// <summary>Starts them and waits until they answer.</summary>
    public static async Task<Servers> StartAsync(IReadOnlyDictionary<string, string> settings, CancellationToken cancel)
    {
        var host = await LocalHost.StartAsync(Setup(settings), cancel: cancel);
        List<ChildProcess> bare = [];
        try
        {
            List<Target> all = [];
            foreach (var (name, secret) in new (string, string?)[] { (Bare, null), (Hmac, host.SigningSecret) })
            {
                var port = FreePort();
                var child = await ChildProcess.StartAsync(Spec(port, secret), static _ => { });
                bare.Add(child);
                all.Add(new Target(name, new Uri($"http://127.0.0.1:{port}"), child.Pid, null));
                await WaitAsync(port, cancel);
            }

            var ingress = host.Services[ServiceNames.Ingress];
            all.Add(new Target(Ingress, ingress.Url, ingress.Pid, ingress.ManagementUrl));
            return new Servers(host, bare, all);
        }
        catch
        {
            await StopAsync(host, bare);
            throw;
        }
    }

    /// <summary>Puts one of them under load.</summary>
    public async Task<Measurement> MeasureAsync(Target target, int connections, int seconds, CancellationToken cancel)
    {
        await SignedRequests.WriteAsync(_script, _host.SigningSecret, DateTimeOffset.UtcNow, cancel);
        var (cpu, allocated, records) = (ProcessUsage.CpuSeconds(target.Pid), await AllocatedAsync(target, cancel), Records(target));
        var wrk = await Wrk.RunAsync(target.Url, connections, seconds, _script, cancel);
        var cpuAfter = ProcessUsage.CpuSeconds(target.Pid);
        var allocatedAfter = await AllocatedAsync(target, cancel);
        // What was under way when wrk stopped listening is in the topic too, so it may have more.
        var missing = target.Name == Ingress ? Math.Max(0, wrk.Requests - wrk.Errors - (Records(target) - records)) : 0;
        return new Measurement(
            target.Name,
            connections,
            wrk,
            (cpuAfter - cpu) / wrk.Requests * 1_000,
            ProcessUsage.ResidentBytes(target.Pid) / 1e6,
            (allocatedAfter - allocated) / wrk.Requests,
            missing);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        _topic.Dispose();
        await StopAsync(_host, _bare);
    }

    private static async Task StopAsync(LocalHost host, List<ChildProcess> bare)
    {
        foreach (var child in bare)
        {
            child.Signal(Posix.SigKill);
            await child.Exited;
            child.Dispose();
        }

        await host.DisposeAsync();
    }

    private long Records(Target target) => target.Name == Ingress ? _topic.Records(Topics.SlackEvents) : 0;

    private static async Task<double> AllocatedAsync(Target target, CancellationToken cancel) =>
        target.Metrics is null ? double.NaN : await MetricsPage.SumAsync(target.Metrics, "dotnet_gc_heap_total_allocated_bytes_total", "", cancel);

    private static LocalHostSetup Setup(IReadOnlyDictionary<string, string> settings) => new()
    {
        Instance = "bench-ingress",
        Fresh = true,
        Services = [ServiceNames.Ingress],
        Environment = new Dictionary<string, string>(ServiceEnvironment.WithoutSettings(LocalHostSetup.OwnEnvironment()))
        {
            // Ingress has neither; naming them keeps them from being started.
            ["ConnectionStrings__studydb"] = "none",
            ["ConnectionStrings__redis"] = "none",
        },
        ServiceSettings = new Dictionary<string, IReadOnlyDictionary<string, string>>
        {
            [ServiceNames.Ingress] = new Dictionary<string, string>(settings) { ["ASPNETCORE_ENVIRONMENT"] = "Production", ["DOTNET_ENVIRONMENT"] = "Production" },
        },
    };

    private static ProcessSpec Spec(int port, string? secret)
    {
        var dotnet = ServicePaths.DotNet(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH"), RuntimeEnvironment.GetRuntimeDirectory());
        string[] arguments = [typeof(Servers).Assembly.Location, BareServer.Name, "--port", $"{port}"];
        return new ProcessSpec(dotnet, secret is null ? arguments : [.. arguments, "--secret", secret]);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task WaitAsync(int port, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        while (true)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, port, limit.Token);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(50, limit.Token);
            }
        }
    }
}
