using Npgsql;

namespace StudyTracker.Summarizer.Storage;

/// <summary>
/// Gathers calls that come one by one into one statement for many: while one batch is under way, the calls that come
/// make up the next. A call alone is not held back; under load there is a moment between two batches, so that they are
/// fewer and larger.
/// </summary>
internal sealed class Gathered<TItem, TResult>(
    int mostTogether, Func<IReadOnlyList<TItem>, CancellationToken, Task<IReadOnlyList<TResult>>> run)
{
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(10);

    private readonly Lock _lock = new();
    private readonly Queue<Call> _waiting = new();
    private bool _running;

    /// <summary>Has the item handled and returns its result; a batch that has begun ends, whoever waits for it.</summary>
    public Task<TResult> RunAsync(TItem item, CancellationToken cancellationToken)
    {
        var call = new Call(item, new TaskCompletionSource<TResult>(TaskCreationOptions.RunContinuationsAsynchronously));
        lock (_lock)
        {
            _waiting.Enqueue(call);
            if (!_running)
            {
                _running = true;
                _ = Task.Run(PumpAsync, CancellationToken.None);
            }
        }

        return call.Result.Task.WaitAsync(cancellationToken);
    }

    private async Task PumpAsync()
    {
        while (true)
        {
            List<Call> batch;
            lock (_lock)
            {
                if (_waiting.Count == 0)
                {
                    _running = false;
                    return;
                }

                batch = new List<Call>(Math.Min(_waiting.Count, mostTogether));
                while (batch.Count < mostTogether && _waiting.TryDequeue(out var call)) batch.Add(call);
            }

            await HandleAsync(batch);
            if (batch.Count > 1 && batch.Count < mostTogether) await Task.Delay(_pause);
        }
    }

    private async Task HandleAsync(List<Call> batch)
    {
        try
        {
            var results = await run([.. batch.Select(call => call.Item)], CancellationToken.None);
            for (var index = 0; index < batch.Count; index++) batch[index].Result.SetResult(results[index]);
        }
        catch (Exception error) when (batch.Count > 1 && error is PostgresException { IsTransient: false })
        {
            // One of them may be to blame; it must not take the others along.
            foreach (var call in batch) await HandleAsync([call]);
        }
        catch (Exception error)
        {
            foreach (var call in batch) call.Result.TrySetException(error);
        }
    }

    private sealed record Call(TItem Item, TaskCompletionSource<TResult> Result);
}
