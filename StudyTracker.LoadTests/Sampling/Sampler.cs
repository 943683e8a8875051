using System.Diagnostics;
using StudyTracker.LoadTests.Engine;
using StudyTracker.LoadTests.Targets;

namespace StudyTracker.LoadTests.Sampling;

/// <summary>What the generator says about itself at the moment.</summary>
/// <param name="InFlight">Requests without an answer.</param>
/// <param name="Connections">Connections that are open.</param>
/// <param name="Users">Users of the stage that is under way.</param>
internal readonly record struct GeneratorState(int InFlight, int Connections, int Users);

/// <summary>Looks once a second at the generator, the services, the stores and the kernel's sockets.</summary>
internal sealed class Sampler : IAsyncDisposable
{
    private const string BrokerThreads = "rdk:";
    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(1);

    private readonly LoadTarget _target;
    private readonly Samples _events;
    private readonly Func<GeneratorState> _generator;
    private readonly LagProbe _lag;
    private readonly List<ServiceSampler> _services;
    private readonly Dictionary<string, Rate> _rates = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;

    /// <param name="target">What is looked at.</param>
    /// <param name="events">The events.</param>
    /// <param name="generator">Asked for the generator's state.</param>
    /// <param name="lag">The generator's lag.</param>
    /// <param name="start">The beginning, as a timestamp.</param>
    public Sampler(LoadTarget target, Samples events, Func<GeneratorState> generator, LagProbe lag, long start)
    {
        (_target, _events, _generator, _lag) = (target, events, generator, lag);
        _services = target.Host is { } host ? [.. host.Services.Values.Select(service => new ServiceSampler(service))] : [];
        _loop = RunAsync(start);
    }

    /// <summary>What has been seen.</summary>
    public Series Series { get; } = new();

    /// <summary>Processors of this machine that the generator has used by itself, without the broker in its process.</summary>
    public double? GeneratorCpu => Series.Mean("cpu.generator") / 100;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        _stop.Dispose();
    }

    private async Task RunAsync(long start)
    {
        using var timer = new PeriodicTimer(_interval);
        try
        {
            do
            {
                var second = Stopwatch.GetElapsedTime(start).TotalSeconds;
                Series.Begin(second);
                SampleGenerator();
                SampleStores();
                await Task.WhenAll(_services.Select(service => service.SampleAsync(Series, _stop.Token)));
            }
            while (await timer.WaitForNextTickAsync(_stop.Token));
        }
        catch (OperationCanceledException)
        {
            // The run is over.
        }
    }

    private void SampleGenerator()
    {
        var state = _generator();
        Series.Set("load.inflight", state.InFlight);
        Series.Set("load.connections", state.Connections);
        Series.Set("load.users", state.Users);
        var (finished, accepted) = (_events.Finished, _events.Accepted);
        Series.Set("rate.sent", PerSecond("sent", _events.Sent));
        Series.Set("rate.accepted", PerSecond("accepted", accepted));
        Series.Set("rate.failed", Math.Max(0, PerSecond("failed", finished - accepted) ?? 0));
        Series.Set("generator.lag", _lag.TakeWorst());
        // With librdkafka's threads, this process is the generator and the broker.
        var broker = _target.Host?.Kafka is null ? 0 : ProcessorTime.OfOwnThreads(BrokerThreads);
        Series.Set("cpu.generator", PerSecond("own", ProcessorTime.OfProcess(Environment.ProcessId)?.Seconds - broker) * 100);
        if (_target.Host?.Kafka is not null) Series.Set("cpu.kafka", PerSecond("kafka", broker) * 100);
        Series.Set("gc.generator", PerSecond("gc", GC.GetTotalPauseDuration().TotalSeconds) * 1_000);
        Series.Set("heap.generator", GC.GetTotalMemory(forceFullCollection: false) / 1_048_576.0);
        Series.Set("cpu.machine", PerSecond("machine", ProcessorTime.OfMachine()) * 100);
    }

    private void SampleStores()
    {
        if (_target.Host is not { } host) return;
        if (host.Postgres is { } postgres) Series.Set("cpu.postgres", PerSecond("postgres", ProcessorTime.OfFamily(postgres.Pid)) * 100);
        if (host.Redis is { } redis) Series.Set("cpu.redis", PerSecond("redis", ProcessorTime.OfProcess(redis.Pid)?.Seconds) * 100);
        if (SocketTable.Read(_target.Ingress.Port) is not { } sockets) return;
        Series.Set("ports.client in use", sockets.PortsInUse);
        Series.Set("ports.client in TIME_WAIT", sockets.ClientTimeWait);
        Series.Set("ports.server open", sockets.ServerOpen);
        Series.Set("ports.server in TIME_WAIT", sockets.ServerTimeWait);
    }

    private double? PerSecond(string name, double? count)
    {
        if (!_rates.TryGetValue(name, out var rate)) _rates[name] = rate = new();
        return rate.Of(count);
    }
}
