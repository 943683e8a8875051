namespace StudyTracker.Sandbox.OpenAI;

/// <summary>Calls of the model in any minute. A refused call costs nothing, so whoever waits as told gets through.</summary>
internal sealed class RequestLimit(TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Queue<long> _calls = new();

    /// <summary>Takes a call, if there is room for it.</summary>
    /// <param name="perMinute">How many are taken in any minute.</param>
    /// <returns>How long to wait, zero when it was taken; how many more are taken now; when all are again.</returns>
    public (TimeSpan Wait, int Remaining, TimeSpan Reset) Take(int perMinute)
    {
        lock (_gate)
        {
            var now = time.GetUtcNow().Ticks;
            while (_calls.TryPeek(out var oldest) && oldest <= now - TimeSpan.TicksPerMinute) _calls.Dequeue();
            if (_calls.Count >= perMinute) return (Left(_calls.Peek(), now), 0, Left(_calls.Last(), now));
            _calls.Enqueue(now);
            return (TimeSpan.Zero, perMinute - _calls.Count, TimeSpan.FromMinutes(1));
        }
    }

    /// <summary>Forgets all calls so far.</summary>
    public void Reset()
    {
        lock (_gate) _calls.Clear();
    }

    private static TimeSpan Left(long call, long now) => TimeSpan.FromTicks(call + TimeSpan.TicksPerMinute - now);
}
