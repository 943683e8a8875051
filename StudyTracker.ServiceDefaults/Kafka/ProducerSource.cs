using Confluent.Kafka;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace StudyTracker.Kafka;

/// <summary>Holds the process's producer, and a new one after a fatal error has made it useless.</summary>
public sealed partial class ProducerSource(IServiceProvider services, ILogger<ProducerSource> logger)
    : IHostedService, IDisposable
{
    private static readonly TimeSpan _flushLimit = TimeSpan.FromSeconds(3);
    private readonly Lock _lock = new();
    private ProducerBuilder<byte[], byte[]>? _builder;
    private IProducer<byte[], byte[]>? _current;
    private int _replaced;

    /// <summary>The producer to use now.</summary>
    public IProducer<byte[], byte[]> Current
    {
        get
        {
            if (Volatile.Read(ref _current) is { } current) return current;
            lock (_lock) return _current ??= services.GetRequiredService<IProducer<byte[], byte[]>>();
        }
    }

    /// <summary>How many producers had to be replaced since the start.</summary>
    public int Replaced => Volatile.Read(ref _replaced);

    /// <summary>Takes the builder of the client integration: it can build a second producer like the first.</summary>
    internal void Attach(ProducerBuilder<byte[], byte[]> builder)
    {
        _builder = builder;
        builder.SetErrorHandler((producer, error) =>
        {
            if (!error.IsFatal)
            {
                LogError(error.Code.ToString(), error.Reason);
                return;
            }

            LogFatal(error.Code.ToString(), error.Reason);
            // Not on this thread: it belongs to the handle that is about to be disposed.
            var name = producer.Name;
            _ = Task.Run(() => Replace(name));
        });
    }

    /// <summary>Puts a new producer in place of a useless one; a second call for the same one does nothing.</summary>
    /// <param name="name">The client's own name of the useless handle.</param>
    internal void Replace(string name)
    {
        IProducer<byte[], byte[]> useless;
        lock (_lock)
        {
            if (_current is null || _builder is null || _current.Name != name) return;
            useless = _current;
            _current = _builder.Build();
            _replaced++;
        }

        LogReplaced(_replaced);
        // Not on the caller's time. Flushing first has every record reported that the useless one still holds: each holds
        // a place of the publisher's limit until it is.
        _ = Task.Run(() =>
        {
            try
            {
                useless.Flush(_flushLimit);
            }
            catch (KafkaException error)
            {
                LogError(error.Error.Code.ToString(), error.Error.Reason);
            }

            useless.Dispose();
        });
    }

    /// <inheritdoc />
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Sends what is still queued. Who publishes meanwhile waits for an own ack.</summary>
    public Task StopAsync(CancellationToken cancellationToken) =>
        Task.Run(() => Volatile.Read(ref _current)?.Flush(_flushLimit), CancellationToken.None);

    /// <summary>Closes a producer that this source has built itself; the first one is its container's to close.</summary>
    public void Dispose()
    {
        if (_replaced > 0) Interlocked.Exchange(ref _current, null)?.Dispose();
    }

    [LoggerMessage(LogLevel.Warning, "Kafka producer: {Code} {Reason}")]
    private partial void LogError(string code, string reason);

    [LoggerMessage(LogLevel.Error, "Kafka producer is in a fatal error and will be replaced: {Code} {Reason}")]
    private partial void LogFatal(string code, string reason);

    [LoggerMessage(LogLevel.Warning, "Kafka producer replaced; it is number {Number} since the start")]
    private partial void LogReplaced(int number);
}
