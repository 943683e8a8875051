namespace StudyTracker.Notifier.Pace;

/// <summary>
/// Those who wait to call one method in one workspace, first come first served. Runs only while somebody waits. One whose
/// channel has to wait steps aside for those behind.
/// </summary>
internal sealed class PlaceQueue(IPlaces places, Door door, TimeProvider time)
{
    // A place may also come free in another replica, of which nobody here hears.
    private static readonly TimeSpan _longestWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _shortestWait = TimeSpan.FromMilliseconds(1);

    private readonly Lock _lock = new();
    private readonly LinkedList<Waiter> _waiters = [];
    private TaskCompletionSource _arrival = New();
    private TaskCompletionSource _change = New();
    private bool _running;

    /// <summary>How many wait.</summary>
    public int Count
    {
        get { lock (_lock) return _waiters.Count; }
    }

    public async Task<Place> WaitAsync(Waiter waiter, CancellationToken cancellationToken)
    {
        await using var leave = cancellationToken.Register(waiter.Leave);
        lock (_lock)
        {
            _waiters.AddLast(waiter);
            _arrival.TrySetResult();
            if (!_running)
            {
                _running = true;
                _ = Task.Run(RunAsync, CancellationToken.None);
            }
        }

        return await waiter.Place;
    }

    /// <summary>Something has changed: it may be worth asking again at once.</summary>
    public void Wake()
    {
        lock (_lock) _change.TrySetResult();
    }

    private async Task RunAsync()
    {
        while (Next() is { } next)
        {
            var (waiter, wait) = next;
            if (waiter is null)
            {
                await PauseAsync(wait, forArrivals: true);
                continue;
            }

            if (door.GivenUpFor is { } error) GiveUp(error);
            else await ServeAsync(waiter);
        }
    }

    private async Task ServeAsync(Waiter waiter)
    {
        if (!door.TryEnter())
        {
            await PauseAsync(_longestWait);
            return;
        }

        PlaceAnswer answer;
        try
        {
            answer = await places.TakeAsync(waiter.Request, waiter.Ticket);
        }
        catch (Exception)
        {
            // Whatever it was, those who wait must not wait for a queue that has ended.
            answer = new PlaceAnswer(_longestWait, PaceScope.Workspace);
        }

        if (answer.Wait > TimeSpan.Zero)
        {
            door.TurnBack();
            if (answer.Scope == PaceScope.Channel) waiter.NotBefore = time.GetUtcNow() + answer.Wait;
            else await PauseAsync(answer.Wait);
            return;
        }

        lock (_lock) _waiters.Remove(waiter);
        if (waiter.Give()) return;
        door.TurnBack();
        await places.ReturnAsync(waiter.Request, waiter.Ticket); // it left at the last moment
    }

    /// <summary>The first who may be served; or nobody, and how long that stays so; or null when nobody waits at all.</summary>
    private (Waiter? Waiter, TimeSpan Wait)? Next()
    {
        lock (_lock)
        {
            (_arrival, _change) = (New(), New());
            var now = time.GetUtcNow();
            var wait = _longestWait;
            for (var node = _waiters.First; node is not null;)
            {
                var (waiter, next) = (node.Value, node.Next);
                if (waiter.IsGone) _waiters.Remove(node);
                else if (waiter.NotBefore <= now) return (waiter, TimeSpan.Zero);
                else if (waiter.NotBefore - now < wait) wait = waiter.NotBefore - now;
                node = next;
            }

            if (_waiters.Count > 0) return (null, wait);
            _running = false;
            return null;
        }
    }

    private void GiveUp(string error)
    {
        lock (_lock)
        {
            foreach (var waiter in _waiters) waiter.Give(error);
            _waiters.Clear();
        }
    }

    // Whoever arrives changes nothing when it is the method or the workspace that has to wait.
    private async Task PauseAsync(TimeSpan wait, bool forArrivals = false)
    {
        Task news;
        lock (_lock) news = forArrivals ? Task.WhenAny(_change.Task, _arrival.Task) : _change.Task;
        if (wait > _longestWait) wait = _longestWait;
        if (wait < _shortestWait) wait = _shortestWait;
        using var enough = new CancellationTokenSource();
        await Task.WhenAny(news, Task.Delay(wait, time, enough.Token));
        await enough.CancelAsync();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
