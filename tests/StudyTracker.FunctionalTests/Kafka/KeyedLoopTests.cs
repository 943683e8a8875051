using System.Collections.Concurrent;
using System.Text;
using StudyTracker.FunctionalTests.Support;
using StudyTracker.Kafka;
using Record = StudyTracker.Kafka.Record;

namespace StudyTracker.FunctionalTests.Kafka;

public sealed class KeyedLoopTests(Broker broker) : IClassFixture<Broker>
{
    private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentQueue<(string Key, string Value)> _handled = new();

    [Fact]
    public async Task Records_of_a_key_are_handled_in_order_and_a_slow_key_holds_up_no_other_of_its_partition()
    {
        var topic = broker.NewTopic();
        await broker.SendAsync(topic, 0, [("slow", "0"), ("slow", "1"), .. Numbered(["a", "b", "c"], 30)]);

        await using var member = await GroupMember.KeyedAsync(broker, topic, async (record, token) =>
        {
            if (record.Key == "slow") await _gate.Task.WaitAsync(token);
            Handled(record);
        });

        foreach (var key in new[] { "a", "b", "c" })
            await Eventually.HoldsAsync(() => Values(key).ShouldBe(Enumerable.Range(0, 30).Select(number => $"{number}")));
        Values("slow").ShouldBeEmpty();
        _gate.SetResult();
        await Eventually.HoldsAsync(() => Values("slow").ShouldBe(["0", "1"]));
    }

    [Fact]
    public async Task Committed_is_the_lowest_unfinished_offset_and_all_beyond_it_is_read_again()
    {
        var topic = broker.NewTopic();
        await broker.SendAsync(topic, 0, Enumerable.Range(0, 10).Select(number => (number == 3 ? "slow" : $"k{number}", $"{number}")));
        await using (var first = await GroupMember.KeyedAsync(
            broker,
            topic,
            async (record, token) =>
            {
                if (record.Key == "slow") await _gate.Task.WaitAsync(token);
                Handled(record);
            },
            new() { ["DrainTimeoutMs"] = "100" }))
        {
            await Eventually.HoldsAsync(() => _handled.Count.ShouldBe(9));
            await Eventually.HoldsAsync(() => broker.Committed(topic, 0).ShouldBe(3));
            await first.StopAsync();
        }

        broker.Committed(topic, 0).ShouldBe(3);
        var again = new ConcurrentQueue<long>();
        await using var second = await GroupMember.KeyedAsync(broker, topic, (record, _) =>
        {
            again.Enqueue(record.Offset);
            return Task.CompletedTask;
        });
        await Eventually.HoldsAsync(() => again.Order().ShouldBe([3, 4, 5, 6, 7, 8, 9]));
        await Eventually.HoldsAsync(() => broker.Committed(topic, 0).ShouldBe(10));
    }

    [Fact]
    public async Task However_long_handling_takes_no_more_than_the_limit_is_in_flight_and_the_membership_is_kept()
    {
        const int limit = 10;
        var topic = broker.NewTopic();
        for (var partition = 0; partition < 3; partition++)
            await broker.SendAsync(topic, partition, Enumerable.Range(0, 40).Select(number => ($"{partition}-{number}", "x")));
        var (running, most) = (0, 0);

        await using var member = await GroupMember.KeyedAsync(
            broker,
            topic,
            async (record, token) =>
            {
                var now = Interlocked.Increment(ref running);
                lock (_handled) most = Math.Max(most, now);
                await _gate.Task.WaitAsync(token);
                Interlocked.Decrement(ref running);
                Handled(record);
            },
            new() { ["MaxInFlight"] = $"{limit}" });
        await Eventually.HoldsAsync(() => Volatile.Read(ref running).ShouldBe(limit));
        var blockedAt = DateTimeOffset.UtcNow;
        await Eventually.HoldsAsync(() => member.Loop.LastPoll.ShouldBeGreaterThan(blockedAt.AddMilliseconds(1.5 * GroupMember.SessionTimeoutMs)));
        Volatile.Read(ref running).ShouldBe(limit);
        _gate.SetResult();

        await Eventually.HoldsAsync(() => _handled.Count.ShouldBe(120));
        _handled.Distinct().Count().ShouldBe(120);
        most.ShouldBe(limit);
        member.Loop.AssignedPartitions.ShouldBe(12);
        member.Logs.ShouldNotContain(line => line.Text.Contains("gave", StringComparison.Ordinal) || line.Text.Contains("lost", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_put_off_keeps_its_place_in_its_key_and_holds_up_nobody_else()
    {
        var topic = broker.NewTopic();
        await broker.SendAsync(topic, 0, [("later", "0"), ("later", "1"), .. Numbered(["a"], 20)]);

        await using var member = await GroupMember.KeyedAsync(
            broker,
            topic,
            (record, _) =>
            {
                if (record is { Key: "later", Attempt: < 4 } && Value(record) == "0") throw new TryLaterException("not yet", TimeSpan.FromMilliseconds(150));
                Handled(record);
                return Task.CompletedTask;
            },
            new() { ["Concurrency"] = "1", ["MaxAttempts"] = "1" });

        await Eventually.HoldsAsync(() => _handled.Count.ShouldBe(22));
        Values("later").ShouldBe(["0", "1"]);
        // With a single slot, the others got through while it waited.
        _handled.Select(entry => entry.Key).TakeLast(2).ShouldBe(["later", "later"]);
    }

    private void Handled(Record record) => _handled.Enqueue((record.Key, Value(record)));

    private IEnumerable<string> Values(string key) => _handled.Where(entry => entry.Key == key).Select(entry => entry.Value);

    private static string Value(Record record) => Encoding.UTF8.GetString(record.Value.Span);

    private static IEnumerable<(string Key, string Value)> Numbered(string[] keys, int count) =>
        Enumerable.Range(0, count).SelectMany(number => keys.Select(key => (key, $"{number}")));
}
