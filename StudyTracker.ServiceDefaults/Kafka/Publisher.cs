using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StudyTracker.Contracts;
using StudyTracker.Telemetry;

namespace StudyTracker.Kafka;

/// <summary>
/// Publishes keyed records and completes when all in-sync replicas have them (acks=all). One per process; thread-safe.
/// </summary>
public sealed partial class Publisher : IDisposable
{
    // How often is looked for publishes that librdkafka has forgotten.
    private static readonly TimeSpan _overdueInterval = TimeSpan.FromMilliseconds(250);

    private static readonly PublishFailure _notReady = new("not_ready", "Kafka's topics have not been seen yet.");

    private readonly PublishFailure _limitReached;
    private readonly ProducerSource _producers;
    private readonly TopicSetup _topics;
    private readonly PublisherHealth _health;
    private readonly ILogger<Publisher> _logger;
    private readonly PendingAcks _pending;
    private readonly Timer _overdue;

    /// <summary>Made by <see cref="KafkaExtensions.AddPublisher"/>.</summary>
    public Publisher(
        ProducerSource producers, TopicSetup topics, PublisherHealth health, IOptions<KafkaOptions> options, ILogger<Publisher> logger)
    {
        _producers = producers;
        _topics = topics;
        _health = health;
        _logger = logger;
        _pending = new PendingAcks(options.Value.MaxPublishesInFlight, options.Value.MaxPublishBytesInFlight);
        _limitReached = new(
            PublishException.InFlightLimit,
            $"{options.Value.MaxPublishesInFlight} records or {options.Value.MaxPublishBytesInFlight} bytes wait for their ack; more may not.");
        // librdkafka gives up first and says why; this is only the backstop behind it.
        var timeout = TimeSpan.FromMilliseconds(options.Value.PublishTimeoutMs);
        _overdue = new Timer(_ => _pending.GiveUpAfter(timeout + _overdueInterval / 2), null, _overdueInterval, _overdueInterval);
        Instruments.Meter.CreateObservableGauge(
            "studytracker.publisher.in_flight", () => _pending.Count, "{record}", "Records sent and not yet acked.");
        Instruments.Meter.CreateObservableGauge(
            "studytracker.publisher.in_flight_bytes", () => _pending.Bytes, "By", "Bytes of the records sent and not yet acked.");
    }

    /// <inheritdoc />
    public void Dispose() => _overdue.Dispose();

    /// <summary>Publishes a contract record as JSON.</summary>
    /// <exception cref="PublishException">There was no ack.</exception>
    public Task PublishAsync<T>(
        string topic, string key, T value, JsonTypeInfo<T> json, string kind, CancellationToken cancellationToken) =>
        PublishAsync(
            topic,
            Encoding.UTF8.GetBytes(key),
            JsonSerializer.SerializeToUtf8Bytes(value, json),
            new Headers { { RecordHeaders.Kind, Encoding.UTF8.GetBytes(kind) } },
            cancellationToken).AsTask();

    /// <summary>Publishes one record and completes when it is acked. Await it once.</summary>
    /// <inheritdoc cref="TryPublishAsync"/>
    /// <exception cref="PublishException">There was no ack.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask PublishAsync(string topic, byte[] key, byte[] value, Headers headers, CancellationToken cancellationToken)
    {
        if (await TryPublishAsync(topic, key, value, headers, cancellationToken) is { } failure) throw new PublishException(failure);
    }

    /// <summary>
    /// Publishes one record and completes with null when it is acked, else with why not. Await it once. Nothing is thrown for
    /// a record that is not acked: to shed load must cost less than to carry it.
    /// </summary>
    /// <param name="topic">One of <see cref="Topics"/>.</param>
    /// <param name="key">Decides the partition.</param>
    /// <param name="value">The record.</param>
    /// <param name="headers">Headers, to which the trace context is added.</param>
    /// <param name="cancellationToken">Stops waiting; the record may arrive all the same.</param>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<PublishFailure?> TryPublishAsync(
        string topic, byte[] key, byte[] value, Headers headers, CancellationToken cancellationToken)
    {
        using var activity = Instruments.Activities.HasListeners() ? Instruments.Activities.StartActivity($"publish {topic}", ActivityKind.Producer) : null;
        if ((activity ?? Activity.Current)?.Id is { } traceParent)
        {
            headers.Remove(RecordHeaders.TraceParent);
            headers.Add(RecordHeaders.TraceParent, Encoding.ASCII.GetBytes(traceParent));
        }

        var failure = await SendAsync(topic, new Message<byte[], byte[]> { Key = key, Value = value, Headers = headers }, cancellationToken);
        if (failure is null)
        {
            _health.Acked();
            Instruments.RecordsPublished.Add(1, new KeyValuePair<string, object?>("topic", topic));
            return null;
        }

        if (failure.Reason is not (PublishException.InFlightLimit or PublishException.TooLarge)) _health.Failed();
        activity?.SetStatus(ActivityStatusCode.Error, failure.Reason);
        Instruments.PublishFailures.Add(1, new("topic", topic), new("reason", failure.Reason));
        return failure;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<PublishFailure?> SendAsync(string topic, Message<byte[], byte[]> message, CancellationToken cancellationToken)
    {
        if (!_topics.Ready) return _notReady;
        var producer = _producers.Current;
        if (_pending.Rent(message.Key.Length + message.Value.Length) is not { } pending) return _limitReached;
        if (Produce(producer, topic, message, pending) is { } notQueued) return notQueued;
        var acked = pending.WaitAsync();
        var error = cancellationToken.CanBeCanceled ? await acked.AsTask().WaitAsync(cancellationToken) : await acked;
        return error is null ? null : Failure(producer, error, cause: null);
    }

    private PublishFailure? Produce(IProducer<byte[], byte[]> producer, string topic, Message<byte[], byte[]> message, PendingAck pending)
    {
        try
        {
            producer.Produce(topic, message, pending.OnReport);
            return null;
        }
        catch (ObjectDisposedException error)
        {
            pending.NotSent();
            return new PublishFailure("fatal", "The producer is being replaced.", error);
        }
        catch (KafkaException error)
        {
            pending.NotSent();
            return Failure(producer, error.Error, error);
        }
        catch
        {
            pending.NotSent();
            throw;
        }
    }

    private PublishFailure Failure(IProducer<byte[], byte[]> producer, Error error, KafkaException? cause)
    {
        var fatal = error.IsFatal || error.Code == ErrorCode.Local_Fatal;
        if (fatal) _producers.Replace(producer.Name);
        var reason = error.Code switch
        {
            _ when fatal => "fatal",
            ErrorCode.Local_QueueFull => "queue_full",
            ErrorCode.Local_MsgTimedOut or ErrorCode.Local_TimedOut or ErrorCode.RequestTimedOut => "timeout",
            ErrorCode.MsgSizeTooLarge => PublishException.TooLarge,
            _ => "broker",
        };
        LogNotAcked(reason, error.Reason);
        return new PublishFailure(reason, $"Kafka did not ack: {error.Reason}", cause);
    }

    [LoggerMessage(LogLevel.Debug, "A record was not acked ({Reason}): {Detail}")]
    private partial void LogNotAcked(string reason, string detail);
}
