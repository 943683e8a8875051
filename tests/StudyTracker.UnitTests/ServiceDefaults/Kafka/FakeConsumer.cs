using System.Collections.Concurrent;
using System.Reflection;
using Confluent.Kafka;
using StudyTracker.Kafka;

namespace StudyTracker.UnitTests.ServiceDefaults.Kafka;

/// <summary>A consumer whose polls return, or do on the poll thread, what a test has put in line.</summary>
public class FakeConsumer : DispatchProxy
{
    private readonly BlockingCollection<Func<ConsumeResult<byte[], byte[]>?>> _polls = [];
    private readonly List<TopicPartition> _assignment = [];
    private ConsumerCallbacks _callbacks = null!;

    /// <summary>What the loop did to the consumer, such as <c>pause 0,1</c>, <c>store 0@5</c>, <c>commit 0@5</c>.</summary>
    public ConcurrentQueue<string> Calls { get; } = [];

    public Dictionary<int, long> Committed { get; } = [];

    public Dictionary<int, (long Low, long High)> Watermarks { get; } = [];

    internal static (IConsumer<byte[], byte[]> Consumer, FakeConsumer Behind) Create(ConsumerCallbacks callbacks)
    {
        var consumer = Create<IConsumer<byte[], byte[]>, FakeConsumer>();
        var behind = (FakeConsumer)(object)consumer;
        behind._callbacks = callbacks;
        return (consumer, behind);
    }

    public void Assign(params int[] partitions) => _polls.Add(() =>
    {
        var added = partitions.Select(Partition).ToList();
        _callbacks.Assigned(added);
        _assignment.AddRange(added);
        return null;
    });

    public void Revoke(params int[] partitions) => _polls.Add(() =>
    {
        var gone = partitions.Select(Partition).ToList();
        _callbacks.Revoked(gone);
        _assignment.RemoveAll(gone.Contains);
        return null;
    });

    public void Deliver(int partition, params long[] offsets)
    {
        foreach (var offset in offsets) _polls.Add(() => Records.Result(offset, "T1:U1", [], partition));
    }

    public void DeliverLarge(int partition, long offset, int bytes) =>
        _polls.Add(() => Records.Result(offset, "T1:U1", new byte[bytes], partition));

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        switch (targetMethod!.Name)
        {
            case "Consume":
                return _polls.TryTake(out var poll, TimeSpan.FromMilliseconds(5)) ? poll() : null;
            case "get_Assignment":
                return _assignment.ToList();
            case "Pause" or "Resume":
                Calls.Enqueue($"{targetMethod.Name.ToLowerInvariant()} {string.Join(',', ((IEnumerable<TopicPartition>)args![0]!).Select(one => one.Partition.Value))}");
                return null;
            case "StoreOffset":
                Calls.Enqueue($"store {Text((TopicPartitionOffset)args![0]!)}");
                return null;
            case "Commit":
                Calls.Enqueue($"commit {string.Join(',', ((IEnumerable<TopicPartitionOffset>)args![0]!).Select(Text))}");
                return null;
            case "Committed":
                return ((IEnumerable<TopicPartition>)args![0]!)
                    .Select(one => new TopicPartitionOffset(one, Committed.TryGetValue(one.Partition.Value, out var offset) ? offset : Offset.Unset)).ToList();
            case "GetWatermarkOffsets":
                return Watermarks.TryGetValue(((TopicPartition)args![0]!).Partition.Value, out var ends)
                    ? new WatermarkOffsets(ends.Low, ends.High)
                    : new WatermarkOffsets(Offset.Unset, Offset.Unset);
            case "Close":
                if (_assignment.Count > 0) _callbacks.Revoked([.. _assignment]);
                return null;
            case "Subscribe" or "Dispose":
                return null;
            default:
                throw new NotSupportedException(targetMethod.Name);
        }
    }

    private static TopicPartition Partition(int partition) => new("topic", partition);

    private static string Text(TopicPartitionOffset offset) => $"{offset.Partition.Value}@{offset.Offset.Value}";
}
