namespace StudyTracker.Kafka;

/// <summary>
/// What of one assigned partition is done. Records may finish in any order; the offset that may be committed is the
/// lowest that is still unfinished. Lives from assignment to revocation: a record that outlives it moves nothing.
/// </summary>
internal sealed class PartitionProgress : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Queue<Record> _unfinished = new();
    private readonly CancellationTokenSource _leaving = new();
    private readonly CancellationTokenSource _abandoned = new();
    private long _committable = -1;
    private long _taken = -1;
    private int _running;
    private bool _revoked;

    /// <summary>The offset that should come next; -1 before the first record.</summary>
    public long ExpectedOffset { get; set; } = -1;

    /// <summary>Cancelled when the partition is being taken away: what runs may end, what waits need not wait on.</summary>
    public CancellationToken Leaving => _leaving.Token;

    /// <summary>Cancelled when the partition was taken away and its work could not be waited for.</summary>
    public CancellationToken Abandoned => _abandoned.Token;

    /// <summary>Whether nothing of this partition is being handled.</summary>
    public bool Idle
    {
        get { lock (_lock) return _running == 0; }
    }

    /// <summary>Takes a record up, in the order of offsets.</summary>
    public void Add(Record record)
    {
        lock (_lock) _unfinished.Enqueue(record);
    }

    /// <summary>Begins the handling of a record; false when the partition has been taken away meanwhile.</summary>
    public bool TryStart()
    {
        lock (_lock)
        {
            if (_revoked) return false;
            _running++;
            return true;
        }
    }

    /// <summary>Ends the handling of a record. Unless it is done, its offset stays uncommitted and it will be read again.</summary>
    public void Finish(Record record, bool done)
    {
        lock (_lock)
        {
            _running--;
            if (!done) return;
            MarkDone(record);
        }
    }

    /// <summary>A record that needs no handling any more is done: it is kept elsewhere.</summary>
    public void Settle(Record record)
    {
        lock (_lock) MarkDone(record);
    }

    /// <summary>The offset up to which everything is done; -1 when nothing is yet.</summary>
    public long Committable
    {
        get { lock (_lock) return _committable; }
    }

    /// <summary>The offset to commit, once each time that it has moved on.</summary>
    public bool TryTakeCommittable(out long offset)
    {
        lock (_lock)
        {
            offset = _committable;
            if (_committable == _taken) return false;
            _taken = _committable;
            return true;
        }
    }

    /// <summary>No further record of this partition is started.</summary>
    public void Revoke()
    {
        // Told first, then refused: whoever is refused knows by then why. Not told on this thread, which is the poll thread.
        _ = _leaving.CancelAsync();
        lock (_lock) _revoked = true;
    }

    /// <summary>Tells running work that its partition is somebody else's now.</summary>
    public void Abandon()
    {
        Revoke();
        _ = _abandoned.CancelAsync();
    }

    public void Dispose()
    {
        _leaving.Dispose();
        _abandoned.Dispose();
    }

    private void MarkDone(Record record)
    {
        record.Finished = true;
        while (_unfinished.TryPeek(out var first) && first.Finished)
            _committable = _unfinished.Dequeue().Offset + 1;
    }
}
