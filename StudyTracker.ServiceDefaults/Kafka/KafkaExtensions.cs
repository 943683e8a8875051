using Confluent.Kafka;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StudyTracker.Hosting;
using StudyTracker.Telemetry;

namespace StudyTracker.Kafka;

/// <summary>Registers the publisher and the consumers of a service.</summary>
public static class KafkaExtensions
{
    /// <summary>Adds the <see cref="Publisher"/> and sees to the topics.</summary>
    /// <param name="builder">The service.</param>
    /// <param name="topics">What the service publishes to, dead letters aside.</param>
    public static void AddPublisher(this IHostApplicationBuilder builder, params IEnumerable<string> topics)
    {
        builder.Services.CountFromZero(Instruments.RecordsPublished, ("topic", topics));
        builder.Services.AddValidatedOptions<KafkaOptions>(KafkaOptions.Section);
        builder.RequireConnectionString(KafkaOptions.ConnectionName);
        builder.Services.AddSingleton<ProducerSource>();
        builder.Services.AddHostedService(services => services.GetRequiredService<ProducerSource>());
        builder.Services.AddSingleton<PublisherHealth>();
        builder.Services.AddSingleton<Publisher>();
        builder.Services.AddSingleton<TopicSetup>();
        builder.Services.AddHostedService(services => services.GetRequiredService<TopicSetup>());
        builder.Services.AddHealthChecks().Add(new HealthCheckRegistration(
            "kafka", services => services.GetRequiredService<TopicSetup>(), failureStatus: null, tags: null));
        builder.Services.AddHealthChecks().Add(new HealthCheckRegistration(
            "publisher", services => services.GetRequiredService<PublisherHealth>(), failureStatus: null, tags: null));

        var kafka = builder.KafkaSettings();
        builder.AddKafkaProducer<byte[], byte[]>(
            KafkaOptions.ConnectionName,
            settings =>
            {
                // Our own health check, spans and metrics cover both package sets alike.
                settings.DisableHealthChecks = settings.DisableTracing = settings.DisableMetrics = true;
                settings.Config.Acks = Acks.All;
                settings.Config.EnableIdempotence = kafka.EnableIdempotence;
                settings.Config.LingerMs = kafka.LingerMs;
                settings.Config.MessageTimeoutMs = kafka.PublishTimeoutMs;
                settings.Config.RequestTimeoutMs = kafka.PublishTimeoutMs;
                settings.Config.MessageMaxBytes = kafka.MaxRecordBytes;
                settings.Config.QueueBufferingMaxMessages = kafka.MaxPublishesInFlight;
                settings.Config.ReconnectBackoffMaxMs = 1_000;
                settings.Config.SocketNagleDisable = true;
                settings.Config.AllowAutoCreateTopics = false;
                // Of a report only the error is read.
                settings.Config.DeliveryReportFields = "none";
            },
            (services, producer) => services.GetRequiredService<ProducerSource>().Attach(producer));
    }

    /// <summary>
    /// Adds a stage that handles records in order per key and in parallel across keys.
    /// </summary>
    /// <param name="builder">The service.</param>
    /// <param name="topic">What the stage reads.</param>
    /// <param name="stage">The stage's name, which is also its consumer group and its section under <c>Consumers</c>.</param>
    /// <param name="handler">Makes the handler when the service starts.</param>
    /// <param name="ready">What has to be done before the first record is polled.</param>
    public static void AddKeyedConsumer(
        this IHostApplicationBuilder builder,
        string topic,
        string stage,
        Func<IServiceProvider, RecordHandler> handler,
        Func<IServiceProvider, CancellationToken, Task>? ready = null) =>
        builder.AddConsumer(topic, stage, ready, services => (options, attempts, released, _, stopping) =>
            new KeyedDispatcher(handler(services), options, attempts, released, stopping));

    /// <summary>Adds a stage that handles records in batches; the parameters are those of <see cref="AddKeyedConsumer"/>.</summary>
    public static void AddBatchConsumer(
        this IHostApplicationBuilder builder,
        string topic,
        string stage,
        Func<IServiceProvider, BatchHandler> handler,
        Func<IServiceProvider, CancellationToken, Task>? ready = null) =>
        builder.AddConsumer(topic, stage, ready, services => (options, attempts, released, time, stopping) =>
            new BatchDispatcher(handler(services), options, attempts, released, time, stopping));

    private static void AddConsumer(
        this IHostApplicationBuilder builder,
        string topic,
        string stage,
        Func<IServiceProvider, CancellationToken, Task>? ready,
        Func<IServiceProvider, Func<ConsumerOptions, Attempts, Action<Record>, TimeProvider, CancellationToken, IDispatcher>> dispatcher)
    {
        var section = $"{ConsumerOptions.Section}:{stage}";
        builder.Services.AddValidatedOptions<ConsumerOptions>(section, stage);
        foreach (var counter in new[] { Instruments.RecordsConsumed, Instruments.Retries, Instruments.DeadLetters, Instruments.RecordsLost })
            builder.Services.CountFromZero(counter, ("stage", [stage]));
        var kafka = builder.KafkaSettings();
        builder.Services.AddKeyedSingleton(stage, (services, _) => new ConsumerRegistration(
            stage, topic, dispatcher(services), token => ready?.Invoke(services, token) ?? Task.CompletedTask));

        builder.AddKeyedKafkaConsumer<byte[], byte[]>(
            stage,
            settings =>
            {
                settings.ConnectionString = builder.Configuration.GetConnectionString(KafkaOptions.ConnectionName);
                // The integration's check would build a producer from consumer settings; ConsumerHealth looks at the loop itself.
                settings.DisableHealthChecks = settings.DisableTracing = settings.DisableMetrics = true;
                settings.Config.GroupId = stage;
                settings.Config.AutoOffsetReset = AutoOffsetReset.Earliest;
                settings.Config.EnableAutoOffsetStore = false; // stored when the work is durable
                settings.Config.EnableAutoCommit = true; // commits what is stored
                settings.Config.AutoCommitIntervalMs = kafka.CommitIntervalMs;
                settings.Config.PartitionAssignmentStrategy = PartitionAssignmentStrategy.CooperativeSticky;
                settings.Config.SessionTimeoutMs = kafka.SessionTimeoutMs;
                settings.Config.HeartbeatIntervalMs = Math.Max(100, kafka.SessionTimeoutMs / 15);
                settings.Config.FetchWaitMaxMs = kafka.FetchWaitMaxMs;
                settings.Config.SocketTimeoutMs = Math.Max(kafka.SocketTimeoutMs, kafka.FetchWaitMaxMs + 1_500);
                settings.Config.MessageMaxBytes = kafka.MaxRecordBytes;
                settings.Config.FetchMaxBytes = Math.Max(kafka.MaxRecordBytes, 16 * 1024 * 1024);
                settings.Config.QueuedMaxMessagesKbytes = 16 * 1024;
                // By default the client fetches nothing for a second whenever those are full: a stage that is quicker would idle.
                settings.Config.FetchQueueBackoffMs = 10;
                settings.Config.ReconnectBackoffMaxMs = 1_000;
                settings.Config.AllowAutoCreateTopics = false;
                settings.Config.ConsumeResultFields = "headers,topic"; // Kafka's own timestamp is of no use here
            },
            (services, consumer) => services.GetRequiredKeyedService<ConsumerRegistration>(stage).Callbacks.Attach(consumer));

        builder.Services.AddKeyedSingleton(stage, (services, _) => new ConsumerLoop(
            services.GetRequiredKeyedService<ConsumerRegistration>(stage),
            services.GetRequiredService<IOptionsMonitor<ConsumerOptions>>().Get(stage),
            () => services.GetRequiredKeyedService<IConsumer<byte[], byte[]>>(stage),
            services.GetRequiredService<Publisher>(),
            services.GetRequiredService<TopicSetup>(),
            services.GetRequiredService<IHostApplicationLifetime>(),
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ILoggerFactory>().CreateLogger($"StudyTracker.{stage}")));
        // Not AddHostedService: it keeps only one service of a type, and there is a loop for each stage.
        builder.Services.AddSingleton<IHostedService>(services => services.GetRequiredKeyedService<ConsumerLoop>(stage));
        builder.Services.AddHealthChecks().Add(new HealthCheckRegistration(
            stage,
            services => new ConsumerHealth(services.GetRequiredKeyedService<ConsumerLoop>(stage), services.GetRequiredService<TimeProvider>()),
            failureStatus: null,
            tags: null));
    }

    private static KafkaOptions KafkaSettings(this IHostApplicationBuilder builder) =>
        builder.Configuration.GetSection(KafkaOptions.Section).Get<KafkaOptions>() ?? new KafkaOptions();
}
