namespace StudyTracker.Kafka;

/// <summary>
/// What a stage has taken from Kafka and not finished, bounded by number and by bytes. A single record may be larger than
/// the bound: it goes through alone.
/// </summary>
internal sealed class InFlight(ConsumerOptions options) : IDisposable
{
    private readonly ManualResetEventSlim _released = new();
    private long _bytes;
    private int _count;

    /// <summary>Records taken and not finished.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Their keys and values, in bytes.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Whether nothing more may be taken.</summary>
    public bool IsFull => Count >= options.MaxInFlight || Bytes >= options.MaxInFlightBytes;

    /// <summary>Whether so much is finished that fetching is worth being resumed.</summary>
    public bool IsHalfEmpty => Count <= options.MaxInFlight / 2 && Bytes <= options.MaxInFlightBytes / 2;

    /// <summary>Takes a record.</summary>
    public void Take(Record record)
    {
        Interlocked.Increment(ref _count);
        Interlocked.Add(ref _bytes, record.Bytes);
    }

    /// <summary>A record is finished, or given up.</summary>
    public void Release(Record record)
    {
        Interlocked.Decrement(ref _count);
        Interlocked.Add(ref _bytes, -record.Bytes);
        _released.Set();
    }

    /// <summary>Waits until there is room for one more, for at most so long.</summary>
    public bool WaitForRoom(TimeSpan limit)
    {
        _released.Reset();
        return !IsFull || (_released.Wait(limit) && !IsFull);
    }

    public void Dispose() => _released.Dispose();
}
