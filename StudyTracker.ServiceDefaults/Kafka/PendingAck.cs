using System.Diagnostics;
using System.Threading.Tasks.Sources;
using Confluent.Kafka;

namespace StudyTracker.Kafka;

/// <summary>
/// A publish that waits for its ack, used again and again: neither a task nor a delegate is allocated for a record. It goes
/// back to its pool when both the caller has the outcome and the delivery report has come; the report of a record that was
/// given up can then not be taken for another's.
/// </summary>
internal sealed class PendingAck : IValueTaskSource
{
    private readonly PendingAcks _pool;
    private readonly OutcomeQueue _outcomes;
    private ManualResetValueTaskSourceCore<bool> _outcome;
    private long _startedAt;
    private int _partsLeft;

    // Twice the number of the record, and one more when it has its outcome: who looked at one record cannot end the next.
    private long _state = 1;

    private Exception? _failure;

    public PendingAck(PendingAcks pool, OutcomeQueue outcomes)
    {
        (_pool, _outcomes) = (pool, outcomes);
        OnReport = Complete;
    }

    /// <summary>To be called with the delivery report.</summary>
    public Action<DeliveryReport<byte[], byte[]>> OnReport { get; }

    /// <summary>Bytes of the record.</summary>
    public int Bytes { get; private set; }

    /// <summary>Completes with the ack, or fails: <see cref="KafkaException"/> or <see cref="TimeoutException"/>.</summary>
    public ValueTask WaitAsync() => new(this, _outcome.Version);

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
        if ((state & 1) == 0 && Stopwatch.GetElapsedTime(Volatile.Read(ref _startedAt)) > timeout) TrySetOutcome(state, new TimeoutException());
    }

    /// <summary>Made ready for a record.</summary>
    internal void Start(int bytes)
    {
        Bytes = bytes;
        _partsLeft = 2;
        Volatile.Write(ref _startedAt, Stopwatch.GetTimestamp());
        Volatile.Write(ref _state, _state + 1);
    }

    void IValueTaskSource.GetResult(short token)
    {
        try
        {
            _outcome.GetResult(token);
        }
        finally
        {
            PartDone();
        }
    }

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _outcome.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _outcome.OnCompleted(continuation, state, token, flags);

    private void Complete(DeliveryReport<byte[], byte[]> report)
    {
        // The place is given back with the report, not with the caller's patience: it stands for what librdkafka holds.
        _pool.Leave(this);
        // It is this record's: nothing starts here before this report has come.
        TrySetOutcome(Volatile.Read(ref _state) & ~1L, report.Error.IsError ? new KafkaException(report.Error) : null);
        PartDone();
    }

    private void TrySetOutcome(long state, Exception? failure)
    {
        if (Interlocked.CompareExchange(ref _state, state | 1, state) != state) return;
        _failure = failure;
        _outcomes.Add(this);
    }

    /// <summary>Lets the caller go on, on this thread.</summary>
    internal void Announce()
    {
        if (_failure is { } failure) _outcome.SetException(failure);
        else _outcome.SetResult(true);
    }

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
