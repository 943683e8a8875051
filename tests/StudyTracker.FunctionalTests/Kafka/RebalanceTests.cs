using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using StudyTracker.FunctionalTests.Support;
using StudyTracker.Kafka;
using Record = StudyTracker.Kafka.Record;

namespace StudyTracker.FunctionalTests.Kafka;

public sealed class RebalanceTests(Broker broker) : IClassFixture<Broker>
{
    private const int PartitionCount = 12;
    private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Fact]
    public async Task When_members_come_and_go_while_busy_nothing_is_missing_and_every_key_stays_in_order()
    {
        const int countOfAKey = 60;
        var topic = broker.NewTopic();
        var handled = new ConcurrentDictionary<string, ConcurrentQueue<int>>();
        var busy = new ConcurrentDictionary<string, bool>();
        var overlaps = 0;
        await Task.WhenAll(Enumerable.Range(0, PartitionCount).Select(partition => broker.SendAsync(
            topic,
            partition,
            Enumerable.Range(0, countOfAKey).SelectMany(number => new[] { ($"a{partition}", $"{number}"), ($"b{partition}", $"{number}") }))));

        await using var first = await GroupMember.KeyedAsync(broker, topic, HandleAsync);
        await using (await GroupMember.KeyedAsync(broker, topic, HandleAsync))
        {
            await Eventually.HoldsAsync(() => first.Loop.AssignedPartitions.ShouldBeLessThan(PartitionCount));
        }

        await Eventually.HoldsAsync(() => handled.Values.Sum(numbers => numbers.Distinct().Count()).ShouldBe(2 * PartitionCount * countOfAKey));
        handled.Values.ShouldAllBe(numbers => numbers.Distinct().SequenceEqual(Enumerable.Range(0, countOfAKey)));
        overlaps.ShouldBe(0);

        async Task HandleAsync(Record record, CancellationToken cancellationToken)
        {
            if (!busy.TryAdd(record.Key, true)) Interlocked.Increment(ref overlaps);
            await Task.Delay(40, cancellationToken); // the work
            handled.GetOrAdd(record.Key, _ => new()).Enqueue(int.Parse(Encoding.UTF8.GetString(record.Value.Span), CultureInfo.InvariantCulture));
            busy.TryRemove(record.Key, out _);
        }
    }

    [Fact]
    public async Task A_batch_that_is_abandoned_for_one_partition_is_done_again_for_those_that_stay()
    {
        var topic = broker.NewTopic();
        var handled = new ConcurrentDictionary<(int, long), int>();
        var attempts = 0;
        for (var partition = 0; partition < PartitionCount; partition++)
            await broker.SendAsync(topic, partition, [("k", "0"), ("k", "1"), ("k", "2")]);
        var options = new Dictionary<string, string?> { ["DrainTimeoutMs"] = "100", ["BatchWaitMs"] = "200" };

        await using var first = await GroupMember.BatchAsync(broker, topic, HandleAsync, options);
        await Eventually.HoldsAsync(() => Volatile.Read(ref attempts).ShouldBeGreaterThan(0));
        await using var second = await GroupMember.BatchAsync(broker, topic, HandleAsync, options);
        await Eventually.HoldsAsync(() => first.Loop.AssignedPartitions.ShouldBe(PartitionCount / 2));
        _gate.SetResult();

        await Eventually.HoldsAsync(() => handled.Count.ShouldBe(PartitionCount * 3), TimeSpan.FromSeconds(15));
        for (var partition = 0; partition < PartitionCount; partition++)
            await Eventually.HoldsAsync(() => broker.Committed(topic, partition).ShouldBe(3));

        async Task HandleAsync(RecordBatch batch, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref attempts);
            await _gate.Task.WaitAsync(cancellationToken);
            foreach (var record in batch.Records) handled[(record.Partition, record.Offset)] = 1;
        }
    }

    [Fact]
    public async Task A_member_that_gets_partitions_while_it_is_paused_goes_on_with_those_it_had()
    {
        const int limit = 10;
        var topic = broker.NewTopic();
        var holders = new ConcurrentDictionary<int, string>();
        var (running, handled) = (0, 0);
        using var free = new SemaphoreSlim(0);
        var options = new Dictionary<string, string?> { ["MaxInFlight"] = $"{limit}", ["PauseAfterMs"] = "0", ["DrainTimeoutMs"] = "100" };
        await using var first = await GroupMember.KeyedAsync(broker, topic, (record, token) => HandleAsync("first", record, token), options);
        var second = await GroupMember.KeyedAsync(broker, topic, (record, token) => HandleAsync("second", record, token), options);
        try
        {
            await Eventually.HoldsAsync(() => first.Loop.AssignedPartitions.ShouldBe(PartitionCount / 2));
            for (var partition = 0; partition < PartitionCount; partition++) await broker.SendAsync(topic, partition, [("who", "holds it")]);
            await Eventually.HoldsAsync(() => holders.Count.ShouldBe(PartitionCount));
            var kept = holders.First(entry => entry.Value == "first").Key;
            await broker.SendAsync(topic, kept, Enumerable.Range(0, 50).Select(number => ($"{number}", "work")));
            await Eventually.HoldsAsync(() => Volatile.Read(ref running).ShouldBe(limit));
            // Still above the half at which it would go on by itself.
            free.Release(3);
            await Eventually.HoldsAsync(() => Volatile.Read(ref running).ShouldBe(limit - 3));
        }
        finally
        {
            await second.DisposeAsync();
        }

        await Eventually.HoldsAsync(() => first.Loop.AssignedPartitions.ShouldBe(PartitionCount));
        free.Release(1_000);

        await Eventually.HoldsAsync(() => Volatile.Read(ref handled).ShouldBe(50), TimeSpan.FromSeconds(15));

        async Task HandleAsync(string member, Record record, CancellationToken cancellationToken)
        {
            if (record.Key == "who")
            {
                holders[record.Partition] = member;
                return;
            }

            Interlocked.Increment(ref running);
            await free.WaitAsync(cancellationToken);
            Interlocked.Decrement(ref running);
            Interlocked.Increment(ref handled);
        }
    }
}
