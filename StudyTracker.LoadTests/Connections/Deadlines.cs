using System.Collections.Concurrent;
using System.Diagnostics;
using StudyTracker.LoadTests.Failures;

namespace StudyTracker.LoadTests.Connections;

/// <summary>Ends what takes too long. One look at all connections, four times a second, costs less than a timer for each request.</summary>
internal sealed class Deadlines : IDisposable
{
    private static readonly TimeSpan _interval = TimeSpan.FromMilliseconds(250);

    private readonly ConcurrentDictionary<Link, byte> _links = new();
    private readonly long _limit;
    private readonly Timer _timer;
    private int _count;
    private int _peak;

    /// <param name="limit">How long a connect, or a request with its answer, may take.</param>
    public Deadlines(TimeSpan limit)
    {
        _limit = (long)(limit.TotalSeconds * Stopwatch.Frequency);
        _timer = new Timer(_ => Look(), null, _interval, _interval);
    }

    /// <summary>Connections that are open or being opened.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>The most that were so at once.</summary>
    public int Peak => Volatile.Read(ref _peak);

    /// <summary>The deadline of what begins now.</summary>
    public long Next() => Stopwatch.GetTimestamp() + _limit;

    public void Add(Link link)
    {
        if (!_links.TryAdd(link, 0)) return;
        var count = Interlocked.Increment(ref _count);
        for (var peak = Peak; count > peak; peak = Peak) Interlocked.CompareExchange(ref _peak, count, peak);
    }

    public void Remove(Link link)
    {
        if (_links.TryRemove(link, out _)) Interlocked.Decrement(ref _count);
    }

    /// <summary>Ends everything that is under way.</summary>
    public void AbortAll()
    {
        foreach (var link in _links.Keys) link.Abort(Failure.Cancelled);
    }

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        var now = Stopwatch.GetTimestamp();
        foreach (var link in _links.Keys)
        {
            if (link.Deadline is > 0 and var deadline && deadline < now) link.Abort(Failure.TimedOut);
        }
    }
}
