using System.Diagnostics;
using System.Threading.Tasks.Sources;
using Confluent.Kafka;

namespace StudyTracker.Kafka;

/// <summary>
/// A publish that waits for its ack, used again and again: neither a task nor a delegate is allocated for a record. It goes
/// back to its pool when both the caller has the outcome and the delivery report has come; the report of a record that was
/// given up can then not be taken for another's.
/// </summary>
internal sealed class PendingAck : IValueTaskSource<Error?>
{
    private static readonly Error _overdue = new(ErrorCode.Local_TimedOut);

    private readonly PendingAcks _pool;
    private readonly OutcomeQueue _outcomes;
    private ManualResetValueTaskSourceCore<Error?> _outcome;
    private long _startedAt;
    private int _partsLeft;

    // Twice the number of the record, and one more when it has its outcome: who looked at one record cannot end the next.
    private long _state = 1;

    private Error? _error;

    public PendingAck(PendingAcks pool, OutcomeQueue outcomes)
    {
        (_pool, _outcomes) = (pool, outcomes);
        OnReport = Complete;
    }

    /// <summary>To be called with the delivery report.</summary>
    public Action<DeliveryReport<byte[], byte[]>> OnReport { get; }

    /// <summary>Bytes of the record.</summary>
    public int Bytes { get; private set; }

    /// <summary>Completes with null when the record is acked, else with why not.</summary>
    public ValueTask<Error?> WaitAsync() => new(this, _outcome.Version);

    /// <summary>The record was not even queued, so neither a report nor a caller will come.</summary>
    public void NotSent()
    {
        Volatile.Write(ref _state, _state | 1);
        _pool.Leave(this);
        Volatile.Write(ref _partsLeft, 0);
        Recycle();
    }

    /// <summary>Has the caller wait no longer when it has waited this long.</summary>
    public void GiveUpAfter(TimeSpan timeout)
    {
        var state = Volatile.Read(ref _state);
        if ((state & 1) == 0 && Stopwatch.GetElapsedTime(Volatile.Read(ref _startedAt)) > timeout) TrySetOutcome(state, _overdue);
    }

    /// <summary>Made ready for a record.</summary>
    internal void Start(int bytes)
    {
        Bytes = bytes;
        _partsLeft = 2;
        Volatile.Write(ref _startedAt, Stopwatch.GetTimestamp());
        Volatile.Write(ref _state, _state + 1);
    }

    Error? IValueTaskSource<Error?>.GetResult(short token)
    {
        try
        {
            return _outcome.GetResult(token);
        }
        finally
        {
            PartDone();
        }
    }

    ValueTaskSourceStatus IValueTaskSource<Error?>.GetStatus(short token) => _outcome.GetStatus(token);

    void IValueTaskSource<Error?>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _outcome.OnCompleted(continuation, state, token, flags);

    private void Complete(DeliveryReport<byte[], byte[]> report)
    {
        // The place is given back with the report, not with the caller's patience: it stands for what librdkafka holds.
        _pool.Leave(this);
        // It is this record's: nothing starts here before this report has come.
        TrySetOutcome(Volatile.Read(ref _state) & ~1L, report.Error.IsError ? report.Error : null);
        PartDone();
    }

    private void TrySetOutcome(long state, Error? error)
    {
        if (Interlocked.CompareExchange(ref _state, state | 1, state) != state) return;
        _error = error;
        _outcomes.Add(this);
    }

    /// <summary>Lets the caller go on, on this thread.</summary>
    internal void Announce() => _outcome.SetResult(_error);

    private void PartDone()
    {
        if (Interlocked.Decrement(ref _partsLeft) == 0) Recycle();
    }

    private void Recycle()
    {
        _outcome.Reset();
        _pool.Return(this);
    }
}
