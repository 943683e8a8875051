using System.Diagnostics;
using StudyTracker.LoadTests.Failures;

namespace StudyTracker.LoadTests.Engine;

/// <summary>
/// What happened to each request, at its own place in four arrays: written without a lock by whoever sends it, and all figures are
/// made from it afterwards. Times are <see cref="Stopwatch"/> timestamps.
/// </summary>
/// <param name="count">How many requests there will be.</param>
internal sealed class Samples(int count)
{
    private readonly long[] _intended = new long[count];
    private readonly long[] _started = new long[count];
    private readonly long[] _ended = new long[count];
    private readonly short[] _outcomes = new short[count];
    private int _sent;
    private int _finished;
    private int _accepted;

    /// <summary>The clock's origin for everything in one run.</summary>
    public static (long Timestamp, DateTimeOffset Time) Origin { get; } = (Stopwatch.GetTimestamp(), DateTimeOffset.UtcNow);

    /// <summary>How many requests there will be.</summary>
    public int Count => count;

    /// <summary>How many were handed to the engine so far.</summary>
    public int Sent => Volatile.Read(ref _sent);

    /// <summary>How many have ended.</summary>
    public int Finished => Volatile.Read(ref _finished);

    /// <summary>How many have got a yes.</summary>
    public int Accepted => Volatile.Read(ref _accepted);

    /// <summary>Notes when a request should have been sent.</summary>
    public void Intend(int request, long at)
    {
        _intended[request] = _started[request] = at;
        Interlocked.Increment(ref _sent);
    }

    /// <summary>Notes when it really was.</summary>
    public void Start(int request, long at) => _started[request] = at;

    /// <summary>Notes how it ended.</summary>
    public void End(int request, long at, Outcome outcome)
    {
        _ended[request] = at;
        Volatile.Write(ref _outcomes[request], outcome.Code);
        Interlocked.Increment(ref _finished);
        if (outcome.IsAccepted) Interlocked.Increment(ref _accepted);
    }

    /// <summary>What happened to one.</summary>
    public Sample this[int request] =>
        new(_intended[request], _started[request], _ended[request], new Outcome(Volatile.Read(ref _outcomes[request])));

    /// <summary>The time of day of a timestamp.</summary>
    public static DateTimeOffset TimeOf(long timestamp) => Origin.Time + Stopwatch.GetElapsedTime(Origin.Timestamp, timestamp);
}

/// <summary>What happened to one request.</summary>
/// <param name="Intended">When it should have been sent.</param>
/// <param name="Started">When it was.</param>
/// <param name="Ended">When it ended.</param>
/// <param name="Outcome">How.</param>
internal readonly record struct Sample(long Intended, long Started, long Ended, Outcome Outcome)
{
    /// <summary>From its sending to its end: what JMeter shows.</summary>
    public double RawMs => Stopwatch.GetElapsedTime(Started, Ended).TotalMilliseconds;

    /// <summary>From when it should have been sent: a generator that was held up by a slow server cannot hide it.</summary>
    public double CorrectedMs => Stopwatch.GetElapsedTime(Intended, Ended).TotalMilliseconds;
}
