using System.Collections.Concurrent;

namespace StudyTracker.Kafka;

/// <summary>
/// Takes outcomes from the thread that brings the delivery reports, which must not do the work of those who waited, and
/// announces them from the thread pool. Reports come in batches: a work item for each would wake a thread for each.
/// </summary>
internal sealed class OutcomeQueue : IThreadPoolWorkItem
{
    private readonly ConcurrentQueue<PendingAck> _waiting = new();
    private int _running;

    /// <summary>Adds one that has its outcome.</summary>
    public void Add(PendingAck pending)
    {
        _waiting.Enqueue(pending);
        if (Interlocked.CompareExchange(ref _running, 1, 0) == 0) ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    void IThreadPoolWorkItem.Execute()
    {
        while (true)
        {
            while (_waiting.TryDequeue(out var pending)) pending.Announce();
            // One that was added after the last look, and before this, would else wait for the next one.
            Volatile.Write(ref _running, 0);
            Interlocked.MemoryBarrier();
            if (_waiting.IsEmpty || Interlocked.Exchange(ref _running, 1) == 1) return;
        }
    }
}
