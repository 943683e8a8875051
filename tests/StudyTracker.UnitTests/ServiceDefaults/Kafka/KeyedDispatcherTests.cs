using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using StudyTracker.Kafka;

namespace StudyTracker.UnitTests.ServiceDefaults.Kafka;

public sealed class KeyedDispatcherTests : IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConsumerOptions _options = new() { Concurrency = 4, MaxAttempts = 2, RetryDelayMs = 1, MaxRetryDelayMs = 1 };
    private readonly Publisher _publisher;
    private readonly FakeProducer _producer;
    private readonly PartitionProgress _progress = new();
    private TimeProvider _time = TimeProvider.System;
    private int _released;

    public KeyedDispatcherTests() => (_publisher, _producer) = FakeProducer.Publisher();

    public void Dispose() => _stopping.Dispose();

    [Fact]
    public async Task Records_of_a_key_are_handled_in_order_and_never_two_at_once()
    {
        var handled = new ConcurrentDictionary<string, List<long>>();
        var inside = new ConcurrentDictionary<string, int>();
        using var dispatcher = Dispatcher(async (record, _) =>
        {
            inside.AddOrUpdate(record.Key, 1, (_, count) => count + 1).ShouldBe(1);
            await Task.Yield();
            handled.GetOrAdd(record.Key, _ => []).Add(record.Offset);
            inside[record.Key] = 0;
        });

        for (var offset = 0; offset < 400; offset++) dispatcher.Enqueue(_progress.Added(offset, $"T1:U{offset % 7}"));
        await dispatcher.StopAsync();

        handled.Values.Sum(offsets => offsets.Count).ShouldBe(400);
        foreach (var offsets in handled.Values) offsets.ShouldBe(offsets.Order());
        _progress.Committable.ShouldBe(400);
        _released.ShouldBe(400);
    }

    [Fact]
    public async Task Keys_run_side_by_side_up_to_the_limit()
    {
        var started = new SemaphoreSlim(0);
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var (inside, most) = (0, 0);
        using var dispatcher = Dispatcher(async (_, _) =>
        {
            InterlockedMax(ref most, Interlocked.Increment(ref inside));
            started.Release();
            await gate.Task;
            Interlocked.Decrement(ref inside);
        });

        for (var offset = 0; offset < 10; offset++) dispatcher.Enqueue(_progress.Added(offset, $"T1:U{offset}"));
        for (var i = 0; i < 4; i++) (await started.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken)).ShouldBeTrue();
        gate.SetResult();
        await dispatcher.StopAsync();

        most.ShouldBe(4);
        _progress.Committable.ShouldBe(10);
    }

    [Fact]
    public async Task A_key_that_is_put_off_gives_its_slot_away_and_keeps_its_place()
    {
        var time = new FakeTimeProvider();
        _time = time;
        _options.Concurrency = 1;
        var handled = new ConcurrentQueue<string>();
        var putOff = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var dispatcher = Dispatcher((record, _) =>
        {
            if (record is { Key: "T1:slow", Offset: 0, Attempt: 1 })
            {
                putOff.SetResult();
                throw new TryLaterException("the workspace's pace", TimeSpan.FromMinutes(1));
            }

            handled.Enqueue($"{record.Key}@{record.Offset}");
            return Task.CompletedTask;
        });

        dispatcher.Enqueue(_progress.Added(0, "T1:slow"));
        await putOff.Task;
        dispatcher.Enqueue(_progress.Added(1, "T1:slow"));
        dispatcher.Enqueue(_progress.Added(2, "T1:quick"));
        SpinWait.SpinUntil(() => handled.Count == 1, TimeSpan.FromSeconds(30)).ShouldBeTrue();
        _progress.Committable.ShouldBe(-1);

        var ended = dispatcher.StopAsync();
        while (!ended.IsCompleted) time.Advance(TimeSpan.FromSeconds(20));
        await ended;

        handled.ShouldBe(["T1:quick@2", "T1:slow@0", "T1:slow@1"]);
        _progress.Committable.ShouldBe(3);
    }

    [Fact]
    public async Task Abandoned_work_is_not_done_and_what_waits_behind_it_is_not_begun()
    {
        var running = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var handled = 0;
        using var dispatcher = Dispatcher(async (_, token) =>
        {
            Interlocked.Increment(ref handled);
            running.SetResult();
            await Task.Delay(Timeout.Infinite, token);
        });
        dispatcher.Enqueue(_progress.Added(0));
        dispatcher.Enqueue(_progress.Added(1));
        await running.Task;

        _progress.Abandon();
        await dispatcher.StopAsync();

        handled.ShouldBe(1);
        _progress.Idle.ShouldBeTrue();
        _progress.Committable.ShouldBe(-1);
        _released.ShouldBe(2);
        _producer.Sent.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_partition_that_leaves_does_not_wait_for_what_is_only_waiting()
    {
        _time = new FakeTimeProvider(); // stands still: nothing that was put off comes back by itself
        var called = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var dispatcher = Dispatcher((_, _) =>
        {
            called.SetResult();
            throw new TryLaterException("later", TimeSpan.FromMinutes(10));
        });
        dispatcher.Enqueue(_progress.Added(0));
        await called.Task;
        SpinWait.SpinUntil(() => _progress.Idle, TimeSpan.FromSeconds(30)).ShouldBeTrue();

        _progress.Revoke();
        await dispatcher.StopAsync().WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        _progress.Idle.ShouldBeTrue();
        _progress.Committable.ShouldBe(-1);
        _released.ShouldBe(1);
    }

    [Fact]
    public async Task A_partition_that_leaves_begins_nothing_more()
    {
        _options.Concurrency = 1;
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var begun = new ConcurrentQueue<long>();
        using var dispatcher = Dispatcher((record, _) =>
        {
            begun.Enqueue(record.Offset);
            return gate.Task;
        });
        dispatcher.Enqueue(_progress.Added(0, "T1:U0"));
        SpinWait.SpinUntil(() => begun.Count == 1, TimeSpan.FromSeconds(30)).ShouldBeTrue();
        dispatcher.Enqueue(_progress.Added(1, "T1:U1"));

        _progress.Revoke();
        gate.SetResult();
        await dispatcher.StopAsync();

        begun.ShouldBe([0]);
        _progress.Committable.ShouldBe(1);
    }

    [Fact]
    public async Task A_lane_outlives_even_a_dead_letter_that_fails_in_an_unforeseen_way()
    {
        _producer.Answer = attempt => attempt == 1 ? throw new InvalidOperationException("unforeseen") : null;
        var handled = new ConcurrentQueue<long>();
        using var dispatcher = Dispatcher((record, _) =>
        {
            if (record.Offset == 0) throw new PoisonException("bad");
            handled.Enqueue(record.Offset);
            return Task.CompletedTask;
        });

        dispatcher.Enqueue(_progress.Added(0));
        dispatcher.Enqueue(_progress.Added(1));
        await dispatcher.StopAsync();

        handled.ShouldBe([1]);
        _progress.Committable.ShouldBe(2);
        _producer.Sent.Count.ShouldBe(1);
    }

    private KeyedDispatcher Dispatcher(RecordHandler handler) => new(
        handler,
        _options,
        new Attempts("stage", _options, _publisher, _time, NullLogger.Instance),
        _ => Interlocked.Increment(ref _released),
        _stopping.Token);

    private static void InterlockedMax(ref int target, int value)
    {
        int seen;
        while ((seen = Volatile.Read(ref target)) < value && Interlocked.CompareExchange(ref target, value, seen) != seen)
        {
        }
    }
}
