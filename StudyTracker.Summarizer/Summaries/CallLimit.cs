namespace StudyTracker.Summarizer.Summaries;

/// <summary>
/// How many calls are under way at once. The server's refusals halve it, answers let it grow back by one for as many
/// answers as there are calls: so an unknown rate limit is met by few refusals instead of by one for every call.
/// </summary>
internal sealed class CallLimit(int most)
{
    private readonly Lock _lock = new();
    private readonly Queue<TaskCompletionSource> _waiting = new();
    private double _limit = most;
    private int _running;

    /// <summary>The limit now.</summary>
    public int Current
    {
        get { lock (_lock) return (int)_limit; }
    }

    /// <summary>Waits, in order, until a call may begin; who gets through must <see cref="Release"/>.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        TaskCompletionSource turn;
        lock (_lock)
        {
            if (_running < (int)_limit)
            {
                _running++;
                return;
            }

            turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Enqueue(turn);
        }

        await using var cancelled = cancellationToken.Register(() => turn.TrySetCanceled(cancellationToken));
        await turn.Task;
    }

    /// <summary>A call has ended.</summary>
    public void Release()
    {
        lock (_lock)
        {
            _running--;
            LetIn();
        }
    }

    /// <summary>The server answered.</summary>
    public void Grow()
    {
        lock (_lock)
        {
            _limit = Math.Min(most, _limit + 1 / _limit);
            LetIn();
        }
    }

    /// <summary>The server refused because of its rate.</summary>
    public void Halve()
    {
        lock (_lock) _limit = Math.Max(1, _limit / 2);
    }

    private void LetIn()
    {
        while (_running < (int)_limit && _waiting.TryDequeue(out var next))
        {
            if (next.TrySetResult()) _running++;
        }
    }
}
