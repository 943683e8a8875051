using System.Diagnostics;
using System.Runtime.InteropServices;
using StudyTracker.AppHost.Local.Infrastructure;
using StudyTracker.AppHost.Local.Processes;

namespace StudyTracker.AppHost.Local;

/// <summary>
/// The whole application on this machine without containers: a Kafka broker in this process, PostgreSQL, Redis and the
/// services as child processes. Dispose it to stop everything, in the order data flows.
/// </summary>
public sealed class LocalHost : IAsyncDisposable
{
    private readonly LocalHostSetup _setup;
    private readonly LocalHostOptions _options;
    private readonly HostOutput _output;
    private readonly ExternalSystems _external;
    private readonly LocalInfrastructure _infrastructure = new();
    private readonly Ports _ports = new();
    private readonly Dictionary<string, ServiceProcess> _services = [];
    private ServiceLinks _links;

    private LocalHost(LocalHostSetup setup, HostOutput output)
    {
        (_setup, _options, _output) = (setup, setup.Options.Validated(), output);
        _external = ExternalSystems.From(setup.Environment);
        Folder = InstanceFolder.Open(ServicePaths.Repository(AppContext.BaseDirectory), setup.Instance, setup.Fresh);
        _links = new ServiceLinks
        {
            Ports = ServiceNames.All.Select((service, place) => (service, place))
                .ToDictionary(entry => entry.service, entry => _ports.Reserve(_options, entry.place)),
            ManagementPorts = new Dictionary<string, int> { [ServiceNames.Ingress] = _ports.Reserve(_options, ServiceNames.All.Count) },
            Kafka = _external.Kafka ?? "",
            KafkaIsLocal = _external.Kafka is null,
            PartitionCount = _options.PartitionCount,
            StudyDb = _external.StudyDb ?? "",
            Redis = _external.Redis ?? "",
            OperatorKey = Folder.Secret(InstanceFolder.OperatorKey),
            SigningSecret = Folder.Secret("signing-secret"),
            FailPoints = Folder.FailPoints,
            SandboxJournal = Folder.File("sandbox-journal.jsonl"),
            SlackIsReal = _external.Slack,
            OpenAIIsReal = _external.OpenAI,
        };
    }

    /// <summary>Where the instance keeps its data, logs and secrets.</summary>
    public InstanceFolder Folder { get; }

    /// <summary>The broker; null when a real one is configured.</summary>
    public LocalKafka? Kafka => _infrastructure.Kafka;

    /// <summary>The database; null when a real one is configured.</summary>
    public LocalPostgres? Postgres => _infrastructure.Postgres;

    /// <summary>The cache; null when a real one is configured.</summary>
    public LocalRedis? Redis => _infrastructure.Redis;

    /// <summary>The services that were started, by name.</summary>
    public IReadOnlyDictionary<string, ServiceProcess> Services => _services;

    /// <summary>The key that operator endpoints ask for in X-Api-Key.</summary>
    public string OperatorKey => _links.OperatorKey;

    /// <summary>The secret that signs Slack events.</summary>
    public string SigningSecret => _links.SigningSecret;

    /// <summary>Kafka's bootstrap servers.</summary>
    public string KafkaServers => _links.Kafka;

    /// <summary>Connection string of PostgreSQL, for Npgsql.</summary>
    public string StudyDb => _links.StudyDb;

    /// <summary>Connection string of Redis, for StackExchange.Redis.</summary>
    public string RedisServers => _links.Redis;

    /// <summary>The page to open first: the Sandbox's, or Ingress when both outside systems are real.</summary>
    public Uri FirstPage => (_services.GetValueOrDefault(ServiceNames.Sandbox) ?? _services.Values.First()).Url;

    /// <summary>Starts everything and waits until all of it is ready; when something fails, nothing is left running.</summary>
    /// <exception cref="LocalHostException">Something is missing, is in use or does not come up; the message says what to do.</exception>
    public static async Task<LocalHost> StartAsync(LocalHostSetup setup, HostOutput? output = null, CancellationToken cancel = default)
    {
        var host = new LocalHost(setup, output ?? HostOutput.None);
        try
        {
            await host.StartAllAsync(cancel);
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        var started = Stopwatch.GetTimestamp();
        var inOrder = ServiceNames.All.Where(_services.ContainsKey).Select(name => _services[name]).ToList();
        foreach (var (service, left) in inOrder.Select((service, index) => (service, inOrder.Count - index)))
        {
            await service.StopAsync(StopBudget.For(_options.StopTimeout, Stopwatch.GetElapsedTime(started), left));
            await service.DisposeAsync();
        }

        await _infrastructure.DisposeAsync();
        if (_setup.Temporary)
        {
            PostgresCluster.Delete(Folder);
        }

        _ports.Dispose();
        Folder.Dispose();
    }

    private async Task StartAllAsync(CancellationToken cancel)
    {
        if (_setup.Fresh)
        {
            PostgresCluster.Delete(Folder);
        }

        if (_external.Kafka is null)
        {
            _infrastructure.StartKafka(_options);
            _links = _links with { Kafka = _infrastructure.Kafka!.BootstrapServers };
            _output.Say($"kafka       ready (in this process, {_options.PartitionCount} partitions a topic)");
        }

        // Only the services with storage have to wait for the database and the cache.
        var stores = StartStoresAsync(cancel);
        var services = _setup.Services.Where(service => service != ServiceNames.Sandbox || _external.NeedsSandbox).ToLookup(UsesStorage);
        List<Task> ready = [.. services[false].Select(service => StartServiceAsync(service, cancel))];
        try
        {
            await stores;
            ready.AddRange(services[true].Select(service => StartServiceAsync(service, cancel)));
        }
        finally
        {
            await Task.WhenAll(ready);
        }

        Folder.Announce(
            _services.Count == 0 ? "" : FirstPage.ToString(),
            _services.ToDictionary(service => service.Key, service => service.Value.ManagementUrl.ToString()));
    }

    private static bool UsesStorage(string service) => service is ServiceNames.Summarizer or ServiceNames.Notifier;

    private async Task StartStoresAsync(CancellationToken cancel)
    {
        var started = Stopwatch.GetTimestamp();
        await _infrastructure.StartStoresAsync(_external, Folder, _ports, _options, _output.Say, cancel);
        _links = _links with
        {
            StudyDb = Postgres?.ConnectionString ?? _links.StudyDb,
            Redis = Redis?.ConnectionString ?? _links.Redis,
        };
        if (Postgres is not null || Redis is not null)
        {
            var names = string.Join(" and ", new[] { Postgres is null ? null : "postgres", Redis is null ? null : "redis" }.OfType<string>());
            _output.Say($"{names} ready after {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s");
        }
    }

    private async Task StartServiceAsync(string name, CancellationToken cancel)
    {
        var assembly = ServicePaths.Assembly(AppContext.BaseDirectory, name);
        if (!File.Exists(assembly))
        {
            throw new LocalHostException($"{assembly} is missing: build the solution first (dotnet build StudyTracker.sln).");
        }

        var dotnet = ServicePaths.DotNet(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH"), RuntimeEnvironment.GetRuntimeDirectory());
        var log = new OutputLog(
            Path.Combine(Folder.Logs, $"{name}.log"), _options.LogFileMb * 1_000_000L, line => _output.Line(name, line));
        var spec = new ProcessSpec(dotnet, [assembly])
        {
            Environment = ServiceEnvironment.For(name, _setup, _links),
            WorkingDirectory = Path.GetDirectoryName(assembly),
        };
        var process = new SupervisedProcess(name, () => spec, log, _options, _output.Say);
        var service = new ServiceProcess(name, _links.Url(name), _links.ManagementUrl(name), process, _options);
        lock (_services)
        {
            _services[name] = service;
        }

        await service.StartAsync();
        _output.Say($"{name,-11} ready after {(await service.WaitReadyAsync(cancel)).TotalSeconds:0.0} s");
    }
}
