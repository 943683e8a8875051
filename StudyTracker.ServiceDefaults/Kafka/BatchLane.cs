using System.Threading.Channels;

namespace StudyTracker.Kafka;

/// <summary>
/// One batch after the other, while the next one is polled. A batch that fails for no passing reason is taken apart, so
/// that one bad record costs only itself.
/// </summary>
internal sealed class BatchLane
{
    private readonly BatchHandler _handler;
    private readonly ConsumerOptions _options;
    private readonly Attempts _attempts;
    private readonly Action<Record> _released;
    private readonly TimeProvider _time;
    private readonly CancellationToken _stopping;
    private readonly Task _pump;
    private Task<bool>? _more;

    // Unbounded because the loop stops polling at MaxInFlight: that is the bound.
    private readonly Channel<Record> _records = Channel.CreateUnbounded<Record>(new() { SingleReader = true, SingleWriter = true });

    public BatchLane(
        BatchHandler handler, ConsumerOptions options, Attempts attempts, Action<Record> released, TimeProvider time, CancellationToken stopping)
    {
        _handler = handler;
        _options = options;
        _attempts = attempts;
        _released = released;
        _time = time;
        _stopping = stopping;
        _pump = Task.Run(PumpAsync, CancellationToken.None);
    }

    /// <summary>Takes a record over.</summary>
    public void Enqueue(Record record) => _records.Writer.TryWrite(record);

    /// <summary>Completes when everything taken over has ended.</summary>
    public Task StopAsync()
    {
        _records.Writer.TryComplete();
        return _pump;
    }

    private async Task PumpAsync()
    {
        while (await MoreAsync())
        {
            var batch = await CollectAsync();
            var started = batch.Where(record => record.Progress.TryStart()).ToList();
            if (started.Count > 0) await HandleAsync(started);
            batch.ForEach(_released);
        }
    }

    private async Task<List<Record>> CollectAsync()
    {
        var batch = new List<Record>();
        Drain();
        if (batch.Count >= _options.BatchSize || _options.BatchWaitMs == 0 || _stopping.IsCancellationRequested) return batch;
        var full = Task.Delay(TimeSpan.FromMilliseconds(_options.BatchWaitMs), _time, _stopping);
        while (batch.Count < _options.BatchSize)
        {
            if (await Task.WhenAny(MoreAsync(), full) == full || !await MoreAsync()) break;
            Drain();
        }

        return batch;

        void Drain()
        {
            while (batch.Count < _options.BatchSize && _records.Reader.TryRead(out var record)) batch.Add(record);
            _more = null;
        }
    }

    /// <summary>One wait for the next record, however often it is asked for before that record is read.</summary>
    private Task<bool> MoreAsync() => _more ??= _records.Reader.WaitToReadAsync(CancellationToken.None).AsTask();

    private async Task HandleAsync(List<Record> batch)
    {
        // A batch may span partitions and is interrupted when any of them is taken away. Whoever owns that one next repeats
        // its records; those of the partitions that stay would be repeated by nobody, so they are gone on with here.
        for (var left = batch; left.Count > 0;)
        {
            var tokens = left.Select(record => record.Progress.Abandoned).Distinct().Append(_stopping).ToArray();
            using var any = CancellationTokenSource.CreateLinkedTokenSource(tokens);
            var done = new HashSet<Record>();
            var ended = left;
            try
            {
                await HandleUntilDoneAsync(left, done, any.Token);
                left = [];
            }
            catch (OperationCanceledException) when (any.IsCancellationRequested)
            {
                left = [.. left.Where(record => !done.Contains(record) && !IsAbandoned(record))];
                ended = [.. ended.Except(left)];
            }
            finally
            {
                // What is not in done stays uncommitted.
                foreach (var record in ended) record.Progress.Finish(record, done.Contains(record));
            }
        }
    }

    private bool IsAbandoned(Record record) => _stopping.IsCancellationRequested || record.Progress.Abandoned.IsCancellationRequested;

    private async Task HandleUntilDoneAsync(List<Record> records, HashSet<Record> done, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var batch = new RecordBatch(records);
            using var activity = _attempts.StartBatch(records);
            try
            {
                await _handler(batch, cancellationToken);
                foreach (var (record, reason) in batch.Rejected) await _attempts.DeadLetterAsync(record, reason, cancellationToken);
                Telemetry.Instruments.RecordsConsumed.Add(records.Count - batch.Rejected.Count, _attempts.Tag);
                done.UnionWith(records);
                return;
            }
            catch (Exception error) when (!cancellationToken.IsCancellationRequested && Attempts.IsPassing(error))
            {
                await _attempts.WaitAsync(attempt, error, cancellationToken);
            }
            catch (Exception) when (!cancellationToken.IsCancellationRequested)
            {
                break; // something in here is bad: find it one by one
            }
        }

        foreach (var record in records)
        {
            await _attempts.RunAsync(record, token => HandleAloneAsync(record, token), cancellationToken);
            done.Add(record);
        }
    }

    private async Task HandleAloneAsync(Record record, CancellationToken cancellationToken)
    {
        var alone = new RecordBatch([record]);
        await _handler(alone, cancellationToken);
        if (alone.Rejected is [var (_, reason)]) throw reason;
    }
}
