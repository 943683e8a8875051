using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StudyTracker.Contracts;

namespace StudyTracker.Kafka;

/// <summary>
/// Sees to it that every topic exists, with the configured number of partitions, before anything is published or
/// consumed: a topic that the broker creates by itself on first use would have its default number. Keeps trying for as
/// long as Kafka is away. Also answers whether Kafka can be reached now.
/// </summary>
public sealed partial class TopicSetup(IConfiguration configuration, IOptions<KafkaOptions> options, ILogger<TopicSetup> logger)
    : BackgroundService, IHealthCheck
{
    private static readonly TimeSpan _answerTimeout = TimeSpan.FromSeconds(3);
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IAdminClient? _admin;

    /// <summary>Whether every topic has been seen.</summary>
    public bool Ready => _ready.Task.IsCompletedSuccessfully;

    /// <summary>Completes when every topic has been seen.</summary>
    public Task WaitAsync(CancellationToken cancellationToken) => _ready.Task.WaitAsync(cancellationToken);

    /// <summary>Every topic has been seen.</summary>
    internal void MarkReady() => _ready.TrySetResult();

    /// <inheritdoc />
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (!Ready || _admin is null) return HealthCheckResult.Unhealthy("Kafka's topics have not been seen yet.");
        try
        {
            await Task.Run(() => _admin.GetMetadata(Topics.SlackEvents, TimeSpan.FromSeconds(1)), cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (KafkaException error)
        {
            return HealthCheckResult.Unhealthy($"Kafka does not answer: {error.Error.Reason}");
        }
    }

    /// <inheritdoc />
    public override void Dispose()
    {
        // The container holds this object twice, as itself and as a hosted service, and disposes it twice.
        Interlocked.Exchange(ref _admin, null)?.Dispose();
        base.Dispose();
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var servers = configuration.GetConnectionString(KafkaOptions.ConnectionName);
        // librdkafka reports an unreachable broker on every attempt; the loop below says it once each time instead.
        _admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = servers, ReconnectBackoffMaxMs = 1_000 })
            .SetLogHandler((_, _) => { })
            .SetErrorHandler((_, _) => { })
            .Build();
        for (var attempt = 1; !stoppingToken.IsCancellationRequested; attempt++)
        {
            try
            {
                await EnsureAsync(_admin);
                MarkReady();
                return;
            }
            catch (KafkaException error)
            {
                LogWaiting(servers, error.Error.Reason);
                await Task.Delay(Backoff.After(attempt, TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(5), Random.Shared.NextDouble()), stoppingToken);
            }
        }
    }

    private async Task EnsureAsync(IAdminClient admin)
    {
        var existing = await Task.Run(() => admin.GetMetadata(_answerTimeout).Topics.Select(topic => topic.Topic).ToHashSet());
        var missing = Topics.All.Where(topic => !existing.Contains(topic)).ToList();
        if (missing.Count == 0) return;
        try
        {
            await admin.CreateTopicsAsync(missing.Select(Specify), new CreateTopicsOptions { RequestTimeout = _answerTimeout });
            LogCreated(string.Join(", ", missing), options.Value.PartitionCount);
        }
        catch (CreateTopicsException error) when (error.Results.All(result => result.Error.Code is ErrorCode.NoError or ErrorCode.TopicAlreadyExists))
        {
            // Another service was as quick: the topics are there, which is all that matters.
        }
    }

    private TopicSpecification Specify(string topic) => new()
    {
        Name = topic,
        NumPartitions = options.Value.PartitionCount,
        ReplicationFactor = options.Value.ReplicationFactor,
        Configs = new Dictionary<string, string>
        {
            ["max.message.bytes"] = options.Value.MaxRecordBytes.ToString(System.Globalization.CultureInfo.InvariantCulture),
        },
    };

    [LoggerMessage(LogLevel.Warning, "Waiting for Kafka at {Servers}: {Reason}")]
    private partial void LogWaiting(string? servers, string reason);

    [LoggerMessage(LogLevel.Information, "Created the topics {Topics} with {PartitionCount} partitions each")]
    private partial void LogCreated(string topics, int partitionCount);
}
