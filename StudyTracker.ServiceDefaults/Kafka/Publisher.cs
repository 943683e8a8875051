using System.Diagnostics;
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
public sealed partial class Publisher
{
    private readonly ProducerSource _producers;
    private readonly TopicSetup _topics;
    private readonly ILogger<Publisher> _logger;
    private readonly int _maxInFlight;
    private readonly TimeSpan _timeout;
    private int _inFlight;

    /// <summary>Made by <see cref="KafkaExtensions.AddPublisher"/>.</summary>
    public Publisher(ProducerSource producers, TopicSetup topics, IOptions<KafkaOptions> options, ILogger<Publisher> logger)
    {
        _producers = producers;
        _topics = topics;
        _logger = logger;
        _maxInFlight = options.Value.MaxPublishesInFlight;
        // librdkafka gives up first and says why; this wait is only the backstop behind it.
        _timeout = TimeSpan.FromMilliseconds(options.Value.PublishTimeoutMs + 250);
        Instruments.Meter.CreateObservableGauge(
            "studytracker.publisher.in_flight", () => Volatile.Read(ref _inFlight), "{record}", "Records sent and not yet acked.");
    }

    /// <summary>Publishes a contract record as JSON.</summary>
    /// <exception cref="PublishException">There was no ack.</exception>
    public Task PublishAsync<T>(
        string topic, string key, T value, JsonTypeInfo<T> json, string kind, CancellationToken cancellationToken) =>
        PublishAsync(
            topic,
            Encoding.UTF8.GetBytes(key),
            JsonSerializer.SerializeToUtf8Bytes(value, json),
            new Headers { { RecordHeaders.Kind, Encoding.UTF8.GetBytes(kind) } },
            cancellationToken);

    /// <summary>Publishes one record and returns when it is acked.</summary>
    /// <param name="topic">One of <see cref="Topics"/>.</param>
    /// <param name="key">Decides the partition.</param>
    /// <param name="value">The record; must not change until the call completes.</param>
    /// <param name="headers">Headers, to which the trace context is added.</param>
    /// <param name="cancellationToken">Stops waiting; the record may arrive all the same.</param>
    /// <exception cref="PublishException">There was no ack.</exception>
    public async Task PublishAsync(string topic, byte[] key, byte[] value, Headers headers, CancellationToken cancellationToken)
    {
        using var activity = Instruments.Activities.StartActivity($"publish {topic}", ActivityKind.Producer);
        if ((activity ?? Activity.Current)?.Id is { } traceParent)
        {
            headers.Remove(RecordHeaders.TraceParent);
            headers.Add(RecordHeaders.TraceParent, Encoding.ASCII.GetBytes(traceParent));
        }

        try
        {
            await SendAsync(topic, new Message<byte[], byte[]> { Key = key, Value = value, Headers = headers }, cancellationToken);
            Instruments.RecordsPublished.Add(1, new KeyValuePair<string, object?>("topic", topic));
        }
        catch (PublishException error)
        {
            activity?.SetStatus(ActivityStatusCode.Error, error.Reason);
            Instruments.PublishFailures.Add(1, new("topic", topic), new("reason", error.Reason));
            throw;
        }
    }

    private async Task SendAsync(string topic, Message<byte[], byte[]> message, CancellationToken cancellationToken)
    {
        if (!_topics.Ready) throw new PublishException("not_ready", "Kafka's topics have not been seen yet.");
        if (Interlocked.Increment(ref _inFlight) > _maxInFlight)
        {
            Interlocked.Decrement(ref _inFlight);
            throw new PublishException("in_flight_limit", $"More than {_maxInFlight} records wait for their ack.");
        }

        var producer = _producers.Current;
        try
        {
            await SendAsync(producer, topic, message).WaitAsync(_timeout, cancellationToken);
        }
        catch (TimeoutException timeout)
        {
            throw new PublishException("timeout", "Kafka did not ack in time.", timeout);
        }
        catch (ObjectDisposedException error)
        {
            throw new PublishException("fatal", "The producer is being replaced.", error);
        }
        catch (KafkaException error)
        {
            if (IsFatal(error)) _producers.Replace(producer.Name);
            throw Translate(error);
        }
    }

    private Task SendAsync(IProducer<byte[], byte[]> producer, string topic, Message<byte[], byte[]> message)
    {
        var acked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            producer.Produce(topic, message, report =>
            {
                // The count falls with the report, not with the caller's patience: it bounds what librdkafka holds.
                Interlocked.Decrement(ref _inFlight);
                if (report.Error.IsError) acked.TrySetException(new KafkaException(report.Error));
                else acked.TrySetResult();
            });
        }
        catch
        {
            Interlocked.Decrement(ref _inFlight);
            throw;
        }

        return acked.Task;
    }

    private static bool IsFatal(KafkaException error) => error.Error.IsFatal || error.Error.Code == ErrorCode.Local_Fatal;

    private PublishException Translate(KafkaException error)
    {
        var reason = error.Error.Code switch
        {
            _ when IsFatal(error) => "fatal",
            ErrorCode.Local_QueueFull => "queue_full",
            ErrorCode.Local_MsgTimedOut or ErrorCode.Local_TimedOut or ErrorCode.RequestTimedOut => "timeout",
            ErrorCode.MsgSizeTooLarge => PublishException.TooLarge,
            _ => "broker",
        };
        LogNotAcked(reason, error.Error.Reason);
        return new PublishException(reason, $"Kafka did not ack: {error.Error.Reason}", error);
    }

    [LoggerMessage(LogLevel.Debug, "A record was not acked ({Reason}): {Detail}")]
    private partial void LogNotAcked(string reason, string detail);
}
