using System.Collections.Concurrent;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StudyTracker.FunctionalTests.Support;
using StudyTracker.Kafka;

namespace StudyTracker.FunctionalTests.Kafka;

/// <summary>One process of a stage, as far as the consumer loop can tell.</summary>
internal sealed class GroupMember : IAsyncDisposable
{
    public const int SessionTimeoutMs = 2_000;

    private readonly IHost _host;
    private readonly LogCollector _logs = new();

    private GroupMember(Broker broker, string topic, Action<IHostApplicationBuilder> addConsumer, Dictionary<string, string?>? options)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:kafka"] = broker.Kafka.BootstrapServers,
            ["Kafka:EnableIdempotence"] = "false",
            ["Kafka:FetchWaitMaxMs"] = "20",
            ["Kafka:CommitIntervalMs"] = "100",
            ["Kafka:SessionTimeoutMs"] = $"{SessionTimeoutMs}",
        });
        builder.Configuration.AddInMemoryCollection(
            (options ?? []).Select(option => new KeyValuePair<string, string?>($"{ConsumerOptions.Section}:{topic}:{option.Key}", option.Value)));
        builder.Logging.AddProvider(_logs);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.AddPublisher();
        addConsumer(builder);
        _host = builder.Build();
        Loop = _host.Services.GetRequiredKeyedService<ConsumerLoop>(topic);
    }

    public ConsumerLoop Loop { get; }

    /// <summary>What the member logged: level and text.</summary>
    public IReadOnlyList<(LogLevel Level, string Text)> Logs => [.. _logs.Lines];

    /// <summary>Starts a member that handles records by key, in the group that is named like the topic.</summary>
    public static Task<GroupMember> KeyedAsync(
        Broker broker, string topic, RecordHandler handler, Dictionary<string, string?>? options = null) =>
        StartAsync(new GroupMember(broker, topic, builder => builder.AddKeyedConsumer(topic, topic, _ => handler), options));

    /// <summary>Starts a member that handles records in batches.</summary>
    public static Task<GroupMember> BatchAsync(
        Broker broker, string topic, BatchHandler handler, Dictionary<string, string?>? options = null) =>
        StartAsync(new GroupMember(broker, topic, builder => builder.AddBatchConsumer(topic, topic, _ => handler), options));

    public Task StopAsync() => _host.StopAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(CancellationToken.None);
        _host.Dispose();
    }

    private static async Task<GroupMember> StartAsync(GroupMember member)
    {
        await member._host.StartAsync(TestContext.Current.CancellationToken);
        await Eventually.HoldsAsync(() => member.Loop.AssignedPartitions.ShouldBeGreaterThan(0));
        return member;
    }

    private sealed class LogCollector : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<(LogLevel Level, string Text)> Lines { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue((logLevel, formatter(state, exception)));

        public void Dispose()
        {
        }
    }
}
