using System.Collections.Concurrent;

namespace StudyTracker.Kafka;

/// <summary>The publishes under way, bounded in number and in bytes, and those that wait to be used again.</summary>
internal sealed class PendingAcks(int maxCount, long maxBytes)
{
    private readonly ConcurrentQueue<PendingAck> _free = new();
    private readonly List<PendingAck> _all = [];

    // One goes on with the callers on one thread. A second one for every other processor: others have to read requests.
    private readonly OutcomeQueue[] _outcomes =
        [.. Enumerable.Range(0, Math.Max(1, Environment.ProcessorCount / 2)).Select(_ => new OutcomeQueue())];

    private int _count;
    private long _bytes;

    /// <summary>Records sent and not yet reported on.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Their bytes.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Takes a place for a record; null when there is none.</summary>
    public PendingAck? Rent(int bytes)
    {
        if (Interlocked.Increment(ref _count) > maxCount)
        {
            Interlocked.Decrement(ref _count);
            return null;
        }

        // One that is larger than the limit still goes out when nothing else is under way.
        if (Interlocked.Add(ref _bytes, bytes) is var total && total > maxBytes && total != bytes)
        {
            Interlocked.Add(ref _bytes, -bytes);
            Interlocked.Decrement(ref _count);
            return null;
        }

        if (!_free.TryDequeue(out var pending))
        {
            lock (_all)
            {
                pending = new PendingAck(this, _outcomes[_all.Count % _outcomes.Length]);
                _all.Add(pending);
            }
        }

        pending.Start(bytes);
        return pending;
    }

    /// <summary>Gives a place back.</summary>
    public void Leave(PendingAck pending)
    {
        Interlocked.Add(ref _bytes, -pending.Bytes);
        Interlocked.Decrement(ref _count);
    }

    /// <summary>Takes one back that nobody waits for any more.</summary>
    public void Return(PendingAck pending) => _free.Enqueue(pending);

    /// <summary>Gives up those that are under way for longer; their places are kept until librdkafka reports on them.</summary>
    public void GiveUpAfter(TimeSpan timeout)
    {
        if (Count == 0) return;
        lock (_all)
        {
            foreach (var pending in _all) pending.GiveUpAfter(timeout);
        }
    }
}
