namespace StudyTracker.Kafka;

/// <summary>
/// In order within a key, in parallel across keys. A key that waits for its next attempt holds up nobody else: it keeps
/// its place in its own lane and gives its slot away.
/// </summary>
internal sealed class KeyedDispatcher : IDispatcher, IDisposable
{
    private readonly RecordHandler _handler;
    private readonly Attempts _attempts;
    private readonly Action<Record> _released;
    private readonly CancellationToken _stopping;
    private readonly SemaphoreSlim _slots;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Queue<Record>> _lanes = [];
    private readonly HashSet<Task> _running = [];

    public KeyedDispatcher(RecordHandler handler, ConsumerOptions options, Attempts attempts, Action<Record> released, CancellationToken stopping)
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
            _released(record);
        }
    }

    private async Task HandleAsync(Record record)
    {
        // A partition that leaves ends every wait at once; work that runs may finish until it is abandoned.
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(_stopping, record.Progress.Leaving);
        using var working = CancellationTokenSource.CreateLinkedTokenSource(_stopping, record.Progress.Abandoned);
        try
        {
            await _attempts.RunAsync(record, _ => InSlotAsync(record, waiting, working.Token), waiting.Token);
            if (!record.Finished) record.Progress.Settle(record); // it is a dead letter
        }
        catch (OperationCanceledException) when (waiting.IsCancellationRequested)
        {
            // Not done and not committed: whoever owns the partition next reads it again.
        }
    }

    private async Task InSlotAsync(Record record, CancellationTokenSource waiting, CancellationToken working)
    {
        await _slots.WaitAsync(waiting.Token);
        try
        {
            var done = false;
            if (!record.Progress.TryStart()) await EndAsync();
            try
            {
                await _handler(record, working);
                done = true;
            }
            catch (Exception) when (working.IsCancellationRequested)
            {
                await EndAsync(); // not a failure of the record, whatever it looks like
            }
            finally
            {
                record.Progress.Finish(record, done);
            }
        }
        finally
        {
            _slots.Release();
        }

        // The news that a partition leaves may reach this token later than it reached the work.
        async Task EndAsync()
        {
            await waiting.CancelAsync();
            waiting.Token.ThrowIfCancellationRequested();
        }
    }
}
