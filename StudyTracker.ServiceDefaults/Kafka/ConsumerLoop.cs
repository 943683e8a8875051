using System.Diagnostics.Metrics;
using Confluent.Kafka;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StudyTracker.Telemetry;

namespace StudyTracker.Kafka;

/// <summary>
/// The only poll–handle–commit loop: polls on a thread of its own, also while paused, so that the membership in the group
/// never depends on how long the work takes; hands records to its dispatcher; stores for commit what is durable.
/// </summary>
internal sealed partial class ConsumerLoop : BackgroundService
{
    // How many records are taken until what is finished is stored again, and a stop is noticed.
    private const int MaxPollsTogether = 512;

    private static readonly TimeSpan _pollWait = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan _pausedPollWait = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan _roomWait = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan _lagInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _positionTimeout = TimeSpan.FromSeconds(1);

    private readonly ConsumerRegistration _registration;
    private readonly ConsumerOptions _options;
    private readonly Func<IConsumer<byte[], byte[]>> _consumerFactory;
    private readonly TopicSetup _topics;
    private readonly IHostApplicationLifetime _lifetime;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _abandon = new();
    private readonly Dictionary<TopicPartition, PartitionProgress> _assigned = [];
    private readonly IDispatcher _dispatcher;
    private readonly InFlight _inFlight;
    private IConsumer<byte[], byte[]> _consumer = null!;
    private DateTimeOffset? _fullSince;
    private bool _paused;
    private bool _assignmentChanged;
    private bool _positionsUnknown;
    private long _lag;
    private DateTimeOffset _lagMeasuredAt;

    public ConsumerLoop(
        ConsumerRegistration registration,
        ConsumerOptions options,
        Func<IConsumer<byte[], byte[]>> consumerFactory,
        Publisher publisher,
        TopicSetup topics,
        IHostApplicationLifetime lifetime,
        TimeProvider time,
        ILogger logger)
    {
        _registration = registration;
        _options = options;
        _consumerFactory = consumerFactory;
        _topics = topics;
        _lifetime = lifetime;
        _time = time;
        _logger = logger;
        var attempts = new Attempts(registration.Stage, options, publisher, time, logger);
        _inFlight = new InFlight(options);
        _dispatcher = registration.CreateDispatcher(options, attempts, _inFlight.Release, time, _abandon.Token);
        registration.Callbacks.Assigned = OnAssigned;
        registration.Callbacks.Revoked = OnRevoked;
        registration.Callbacks.Lost = OnLost;
        registration.Callbacks.Failed = OnError;
        Observe("studytracker.consumer.in_flight", () => _inFlight.Count, "Records taken and not finished, by stage.");
        Observe("studytracker.consumer.in_flight_bytes", () => _inFlight.Bytes, "Their keys and values in bytes, by stage.");
        Observe("studytracker.consumer.paused", () => _paused ? 1 : 0, "Whether fetching is paused, by stage.");
        Observe("studytracker.consumer.lag", () => Interlocked.Read(ref _lag), "Records not yet taken, by stage.");
        Observe("studytracker.consumer.partitions", () => AssignedPartitions, "Partitions held, by stage.");
    }

    /// <summary>The stage, which is also the consumer group.</summary>
    public string Stage => _registration.Stage;

    /// <summary>When the loop last polled; the start of the epoch before it first did.</summary>
    public DateTimeOffset LastPoll { get; private set; }

    /// <summary>Partitions held now.</summary>
    public int AssignedPartitions { get; private set; }

    /// <summary>When the loop joined the group, whether or not it got a partition.</summary>
    public DateTimeOffset? JoinedAt { get; private set; }

    public override void Dispose()
    {
        _abandon.Dispose(); // harmless a second time: the container disposes the loop as itself and as a hosted service
        (_dispatcher as IDisposable)?.Dispose();
        _inFlight.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await _topics.WaitAsync(stoppingToken);
        await _registration.ReadyAsync(stoppingToken);
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            try
            {
                Run(stoppingToken);
                ended.SetResult();
            }
            catch (Exception error)
            {
                LogEnded(Stage, error);
                ended.SetException(error);
                // A stage that does not run must not look as if it did: end the process, its supervisor starts it again.
                Environment.ExitCode = 1;
                _lifetime.StopApplication();
            }
        })
        { Name = $"consumer {Stage}", IsBackground = true };
        thread.Start();
        await ended.Task;
    }

    private void Run(CancellationToken stoppingToken)
    {
        _consumer = _consumerFactory();
        _consumer.Subscribe(_registration.Topic);
        LogStarted(Stage, _registration.Topic);
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                StoreFinished();
                MeasureLag();
                if (HasRoomOrPauses()) Poll();
            }
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>Takes what has been fetched, as much as there is room for; waits for a first record only.</summary>
    private void Poll()
    {
        LastPoll = _time.GetUtcNow();
        var wait = _paused ? _pausedPollWait : _pollWait;
        for (var polls = 0; polls < MaxPollsTogether && Consume(wait) is { } result && Take(result); polls++) wait = TimeSpan.Zero;
    }

    private ConsumeResult<byte[], byte[]>? Consume(TimeSpan wait)
    {
        try
        {
            return _consumer.Consume(wait);
        }
        catch (ConsumeException error) when (!error.Error.IsFatal)
        {
            LogPollFailed(Stage, error.Error.Code.ToString(), error.Error.Reason);
            return null;
        }
    }

    /// <summary>Takes a record up, and tells whether there is room for one more.</summary>
    private bool Take(ConsumeResult<byte[], byte[]> result)
    {
        if (!_assigned.TryGetValue(result.TopicPartition, out var progress)) return true;
        if (progress.ExpectedOffset < 0) progress.ExpectedOffset = CommittedOffset(result.TopicPartition);
        if (progress.ExpectedOffset >= 0 && result.Offset.Value > progress.ExpectedOffset)
        {
            var lost = result.Offset.Value - progress.ExpectedOffset;
            Instruments.RecordsLost.Add(lost, new KeyValuePair<string, object?>("stage", Stage));
            LogGap(Stage, result.Topic, result.Partition.Value, progress.ExpectedOffset, result.Offset.Value, lost);
        }

        progress.ExpectedOffset = result.Offset.Value + 1;
        var record = new Record(result, progress);
        progress.Add(record);
        _inFlight.Take(record);
        _dispatcher.Enqueue(record);
        return !_inFlight.IsFull;
    }

    /// <summary>Where the group stopped in this partition: a first record beyond it means that some were lost meanwhile.</summary>
    private long CommittedOffset(TopicPartition partition)
    {
        try
        {
            return _consumer.Committed([partition], TimeSpan.FromSeconds(5))[0].Offset is { IsSpecial: false } offset ? offset.Value : -1;
        }
        catch (KafkaException error)
        {
            LogPollFailed(Stage, error.Error.Code.ToString(), error.Error.Reason);
            return -1;
        }
    }

    private void StoreFinished()
    {
        foreach (var (partition, progress) in _assigned)
        {
            if (progress.TryTakeCommittable(out var offset))
                _consumer.StoreOffset(new TopicPartitionOffset(partition, offset));
        }
    }

    /// <summary>
    /// Whether to poll. Without room a stage waits a moment, because a pause throws away what the client has fetched ahead;
    /// work that does not go on for longer pauses fetching, and polling goes on for the sake of the membership.
    /// </summary>
    private bool HasRoomOrPauses()
    {
        if (_paused)
        {
            if (_inFlight.IsHalfEmpty) Resume();
            else if (_assignmentChanged) Pause(); // partitions that came while the others were paused are not
            return true;
        }

        if (!_inFlight.IsFull)
        {
            _fullSince = null;
            return true;
        }

        var now = _time.GetUtcNow();
        _fullSince ??= now;
        if (now - _fullSince < TimeSpan.FromMilliseconds(_options.PauseAfterMs))
        {
            _inFlight.WaitForRoom(_roomWait);
            return false;
        }

        Pause();
        return true;
    }

    private void Pause()
    {
        _consumer.Pause(_consumer.Assignment);
        _paused = true;
        _assignmentChanged = false;
    }

    private void Resume()
    {
        _consumer.Resume(_consumer.Assignment);
        _paused = false;
        _fullSince = null;
    }

    private void MeasureLag()
    {
        var now = _time.GetUtcNow();
        if (now - _lagMeasuredAt < _lagInterval) return;
        _lagMeasuredAt = now;
        FindPositions();
        long lag = 0;
        foreach (var (partition, progress) in _assigned)
        {
            var watermarks = _consumer.GetWatermarkOffsets(partition);
            if (watermarks.High.IsSpecial) continue;
            var position = progress.ExpectedOffset >= 0 ? progress.ExpectedOffset : watermarks.Low.Value; // never committed: from its beginning
            lag += Math.Max(0, watermarks.High.Value - Math.Max(0, position));
        }

        Interlocked.Exchange(ref _lag, lag);
    }

    /// <summary>
    /// Asks where the group stopped in the partitions from which nothing has come yet: without that, one that is all done
    /// would seem not to have been begun.
    /// </summary>
    private void FindPositions()
    {
        var unknown = _positionsUnknown ? _assigned.Where(entry => entry.Value.ExpectedOffset < 0).Select(entry => entry.Key).ToList() : [];
        try
        {
            foreach (var committed in unknown.Count > 0 ? _consumer.Committed(unknown, _positionTimeout) : [])
            {
                if (!committed.Offset.IsSpecial) _assigned[committed.TopicPartition].ExpectedOffset = committed.Offset.Value;
            }

            _positionsUnknown = false;
        }
        catch (KafkaException error)
        {
            LogPollFailed(Stage, error.Error.Code.ToString(), error.Error.Reason); // asked again with the next measurement
        }
    }

    private void OnAssigned(IEnumerable<TopicPartition> partitions)
    {
        foreach (var partition in partitions) _assigned[partition] = new PartitionProgress();
        AssignedPartitions = _assigned.Count;
        JoinedAt ??= _time.GetUtcNow();
        _assignmentChanged = _positionsUnknown = true;
        LogAssigned(Stage, AssignedPartitions);
    }

    private void OnRevoked(IReadOnlyList<TopicPartition> partitions)
    {
        var leaving = Detach(partitions);
        Drain(leaving.Values);
        var offsets = leaving
            .Where(entry => entry.Value.Committable >= 0)
            .Select(entry => new TopicPartitionOffset(entry.Key, entry.Value.Committable))
            .ToList();
        try
        {
            if (offsets.Count > 0) _consumer.Commit(offsets);
        }
        catch (KafkaException error)
        {
            // What is not committed is read again by the next owner, and recognised.
            LogPollFailed(Stage, error.Error.Code.ToString(), error.Error.Reason);
        }

        LogRevoked(Stage, leaving.Count, AssignedPartitions);
    }

    private void OnLost(IReadOnlyList<TopicPartition> partitions)
    {
        var leaving = Detach(partitions);
        foreach (var progress in leaving.Values) progress.Abandon();
        LogLost(Stage, leaving.Count);
    }

    private Dictionary<TopicPartition, PartitionProgress> Detach(IReadOnlyList<TopicPartition> partitions)
    {
        var leaving = new Dictionary<TopicPartition, PartitionProgress>();
        foreach (var partition in partitions)
        {
            if (_assigned.Remove(partition, out var progress)) leaving[partition] = progress;
        }

        AssignedPartitions = _assigned.Count;
        return leaving;
    }

    /// <summary>Lets running work finish, starts none, and abandons what takes longer than the limit.</summary>
    private void Drain(IReadOnlyCollection<PartitionProgress> leaving)
    {
        foreach (var progress in leaving) progress.Revoke();
        var limit = TimeSpan.FromMilliseconds(_options.DrainTimeoutMs);
        if (SpinWait.SpinUntil(() => leaving.All(progress => progress.Idle), limit)) return;
        LogAbandoned(Stage, limit.TotalMilliseconds);
        foreach (var progress in leaving) progress.Abandon();
        // Cancelled work ends at once; only what it has finished by then may be committed.
        SpinWait.SpinUntil(() => leaving.All(progress => progress.Idle), TimeSpan.FromSeconds(1));
    }

    private void Leave()
    {
        try
        {
            _consumer.Close(); // revokes: drains and commits above
        }
        catch (KafkaException error)
        {
            LogPollFailed(Stage, error.Error.Code.ToString(), error.Error.Reason);
        }

        _abandon.Cancel();
        _dispatcher.StopAsync().Wait(TimeSpan.FromSeconds(2));
        _consumer.Dispose();
    }

    // A fatal error also ends the next poll with an exception, and with it the loop; here it is only reported.
    private void OnError(Error error) => LogPollFailed(Stage, error.Code.ToString(), error.Reason);

    private void Observe(string name, Func<long> value, string description) => Instruments.Meter.CreateObservableGauge(
        name,
        () => new Measurement<long>(value(), new KeyValuePair<string, object?>("stage", Stage)),
        description: description);

    [LoggerMessage(LogLevel.Information, "{Stage}: consuming {Topic}")]
    private partial void LogStarted(string stage, string topic);

    [LoggerMessage(LogLevel.Information, "{Stage}: {Count} partitions assigned")]
    private partial void LogAssigned(string stage, int count);

    [LoggerMessage(LogLevel.Information, "{Stage}: gave {Count} partitions back, {Left} left")]
    private partial void LogRevoked(string stage, int count, int left);

    [LoggerMessage(LogLevel.Warning, "{Stage}: lost {Count} partitions to other members of the group; their work is abandoned")]
    private partial void LogLost(string stage, int count);

    [LoggerMessage(LogLevel.Warning, "{Stage}: work did not finish within {LimitMs:0} ms and is abandoned; it will be done again")]
    private partial void LogAbandoned(string stage, double limitMs);

    [LoggerMessage(LogLevel.Warning, "{Stage}: Kafka: {Code} {Reason}")]
    private partial void LogPollFailed(string stage, string code, string reason);

    [LoggerMessage(LogLevel.Error, "{Stage}: {Topic}/{Partition} jumps from offset {Expected} to {Actual}: {Lost} records are lost, most likely to retention")]
    private partial void LogGap(string stage, string topic, int partition, long expected, long actual, long lost);

    [LoggerMessage(LogLevel.Critical, "{Stage}: the consumer has ended; the service stops so that it is started again")]
    private partial void LogEnded(string stage, Exception error);
}
