using System.Diagnostics;

namespace StudyTracker.LoadTests.Engine;

/// <summary>
/// Measures by how much this process is late with what it wants to do now: how long after its time a piece of work, due every
/// 20 ms, is run by the thread pool. A generator that is late itself measures itself, not the server.
/// </summary>
internal sealed class LagProbe : IDisposable
{
    private static readonly TimeSpan _interval = TimeSpan.FromMilliseconds(20);

    private readonly Lock _lock = new();
    private readonly ManualResetEventSlim _stop = new();
    private readonly Latencies _all = new();
    private double _worstOfSecond;

    public LagProbe()
    {
        var thread = new Thread(Run) { IsBackground = true, Name = "lag probe" };
        thread.Start();
    }

    /// <summary>All lags so far.</summary>
    public LatencySummary? Summary()
    {
        lock (_lock) return _all.Summary();
    }

    /// <summary>The longest lag since this was last asked for, in milliseconds.</summary>
    public double TakeWorst()
    {
        lock (_lock)
        {
            var worst = _worstOfSecond;
            _worstOfSecond = 0;
            return worst;
        }
    }

    public void Dispose() => _stop.Set();

    private void Run()
    {
        var due = Stopwatch.GetTimestamp();
        while (true)
        {
            due += (long)(_interval.TotalSeconds * Stopwatch.Frequency);
            var left = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), due);
            if (_stop.Wait(left > TimeSpan.Zero ? left : TimeSpan.Zero)) return;
            ThreadPool.UnsafeQueueUserWorkItem(static item => item.Probe.Note(item.Due), (Probe: this, Due: due), preferLocal: false);
        }
    }

    private void Note(long due)
    {
        var lag = Stopwatch.GetElapsedTime(due).TotalMilliseconds;
        lock (_lock)
        {
            _all.Add(lag);
            _worstOfSecond = Math.Max(_worstOfSecond, lag);
        }
    }
}
