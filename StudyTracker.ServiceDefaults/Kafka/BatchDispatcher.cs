namespace StudyTracker.Kafka;

/// <summary>
/// In batches, of which several run at once: each partition belongs to a lane, and a lane has one batch after the other. So a
/// key's records stay in order, and two batches at once never concern the same key.
/// </summary>
internal sealed class BatchDispatcher(
    BatchHandler handler, ConsumerOptions options, Attempts attempts, Action<Record> released, TimeProvider time, CancellationToken stopping)
    : IDispatcher
{
    private readonly BatchLane[] _lanes =
        [.. Enumerable.Range(0, options.BatchConcurrency).Select(_ => new BatchLane(handler, options, attempts, released, time, stopping))];

    public void Enqueue(Record record) => _lanes[record.Partition % _lanes.Length].Enqueue(record);

    public Task StopAsync() => Task.WhenAll(_lanes.Select(lane => lane.StopAsync()));
}
