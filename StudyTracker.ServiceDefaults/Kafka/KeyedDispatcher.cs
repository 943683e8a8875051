namespace StudyTracker.Kafka;

/// <summary>
/// In order within a key, in parallel across keys. A key that waits for its next attempt holds up nobody else: it keeps
/// its place in its own lane and gives its slot away.
/// </summary>
internal sealed class KeyedDispatcher : IDispatcher, IDisposable
{
    private readonly RecordHandler _handler;
    private readonly Attempts _attempts;
    private readonly Action _released;
    private readonly CancellationToken _stopping;
    private readonly SemaphoreSlim _slots;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Queue<Record>> _lanes = [];
    private readonly HashSet<Task> _running = [];

    public KeyedDispatcher(RecordHandler handler, ConsumerOptions options, Attempts attempts, Action released, CancellationToken stopping)
    {
        _handler = handler;
        _attempts = attempts;
        _released = released;
        _stopping = stopping;
        _slots = new SemaphoreSlim(options.Concurrency);
    }

    public void Enqueue(Record record)
    {
        lock (_lock)
        {
            if (_lanes.TryGetValue(record.Key, out var lane))
            {
                lane.Enqueue(record); // somebody is at work in this lane and will come to it
                return;
            }

            _lanes[record.Key] = lane = new Queue<Record>([record]);
            var worker = Task.Run(() => WorkAsync(record.Key, lane), CancellationToken.None);
            _running.Add(worker);
            worker.ContinueWith(
                ended =>
                {
                    lock (_lock) _running.Remove(ended);
                },
                CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);
        }
    }

    public Task StopAsync()
    {
        lock (_lock) return Task.WhenAll(_running);
    }

    public void Dispose() => _slots.Dispose();

    private async Task WorkAsync(string key, Queue<Record> lane)
    {
        while (true)
        {
            Record record;
            lock (_lock)
            {
                if (!lane.TryDequeue(out record!))
                {
                    _lanes.Remove(key);
                    return;
                }
            }

            await HandleAsync(record);
            _released();
        }
    }

    private async Task HandleAsync(Record record)
    {
        if (!record.Progress.TryStart()) return;
        var done = false;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(_stopping, record.Progress.Abandoned);
        try
        {
            await _attempts.RunAsync(record, token => InSlotAsync(record, token), either.Token);
            done = true;
        }
        catch (OperationCanceledException) when (either.IsCancellationRequested)
        {
            // Not done and not committed: whoever owns the partition next reads it again.
        }
        finally
        {
            record.Progress.Finish(record, done);
        }
    }

    private async Task InSlotAsync(Record record, CancellationToken cancellationToken)
    {
        await _slots.WaitAsync(cancellationToken);
        try
        {
            await _handler(record, cancellationToken);
        }
        finally
        {
            _slots.Release();
        }
    }
}
