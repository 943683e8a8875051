using StudyTracker.AppHost.Local.Infrastructure;

namespace StudyTracker.AppHost.Local;

/// <summary>The Kafka, PostgreSQL and Redis of a local host; each is null when a real one is configured instead.</summary>
internal sealed class LocalInfrastructure : IAsyncDisposable
{
    /// <summary>The broker.</summary>
    public LocalKafka? Kafka { get; private set; }

    /// <summary>The database.</summary>
    public LocalPostgres? Postgres { get; private set; }

    /// <summary>The cache.</summary>
    public LocalRedis? Redis { get; private set; }

    /// <summary>Starts the broker, which takes no time.</summary>
    public void StartKafka(LocalHostOptions options) => Kafka = LocalKafka.Start(options.PartitionCount);

    /// <summary>Starts the database and the cache, side by side, and waits until both answer.</summary>
    public async Task StartStoresAsync(
        ExternalSystems external, InstanceFolder folder, Ports ports, LocalHostOptions options, Action<string> say, CancellationToken cancel)
    {
        var postgres = external.StudyDb is null ? StartPostgresAsync() : Task.CompletedTask;
        var redis = external.Redis is null ? StartRedisAsync() : Task.CompletedTask;
        await Task.WhenAll(postgres, redis);

        async Task StartPostgresAsync() =>
            Postgres = await LocalPostgres.StartAsync(folder, ports.Reserve(options, 5), options, say, cancel);

        async Task StartRedisAsync() =>
            Redis = await LocalRedis.StartAsync(folder, ports.Reserve(options, 6), options, say, cancel);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(Dispose(Redis), Dispose(Postgres));
        Kafka?.Dispose();

        static Task Dispose(IAsyncDisposable? server) => server?.DisposeAsync().AsTask() ?? Task.CompletedTask;
    }
}
