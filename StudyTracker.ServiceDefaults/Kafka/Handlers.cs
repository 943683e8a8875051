namespace StudyTracker.Kafka;

/// <summary>
/// Handles one record. Returning means that the work is durable: its offset may be committed. A record may come again
/// after it was handled, so handling must be idempotent.
/// </summary>
/// <exception cref="PoisonException">No retry can help: dead letter.</exception>
/// <exception cref="TryLaterException">Not now: again after the stated time, without holding up other keys.</exception>
public delegate Task RecordHandler(Record record, CancellationToken cancellationToken);

/// <summary>Handles a batch; returning means that all of it is durable, but for what was rejected.</summary>
public delegate Task BatchHandler(RecordBatch batch, CancellationToken cancellationToken);

/// <summary>Records to be handled together.</summary>
public sealed class RecordBatch
{
    private readonly List<(Record Record, PoisonException Reason)> _rejected = [];

    internal RecordBatch(IReadOnlyList<Record> records) => Records = records;

    /// <summary>The records, in order within each partition.</summary>
    public IReadOnlyList<Record> Records { get; }

    internal IReadOnlyList<(Record Record, PoisonException Reason)> Rejected => _rejected;

    /// <summary>Leaves one record to the dead letters; the rest of the batch goes on.</summary>
    public void Reject(Record record, PoisonException reason) => _rejected.Add((record, reason));
}
