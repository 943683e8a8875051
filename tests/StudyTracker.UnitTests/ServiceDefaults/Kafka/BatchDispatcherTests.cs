using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using StudyTracker.Contracts;
using StudyTracker.Kafka;

namespace StudyTracker.UnitTests.ServiceDefaults.Kafka;

public sealed class BatchDispatcherTests : IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConsumerOptions _options = new() { BatchSize = 10, BatchConcurrency = 1, BatchWaitMs = 0, MaxAttempts = 2, RetryDelayMs = 1, MaxRetryDelayMs = 1 };
    private readonly Publisher _publisher;
    private readonly FakeProducer _producer;
    private readonly PartitionProgress _progress = new();
    private int _released;

    public BatchDispatcherTests() => (_publisher, _producer) = FakeProducer.Publisher();

    public void Dispose() => _stopping.Dispose();

    [Fact]
    public async Task Everything_comes_in_order_in_batches_of_at_most_the_limit()
    {
        var batches = new List<long[]>();
        var dispatcher = Dispatcher((batch, _) =>
        {
            batches.Add([.. batch.Records.Select(record => record.Offset)]);
            return Task.CompletedTask;
        });

        await HandleAsync(dispatcher, 95);

        batches.SelectMany(batch => batch).ShouldBe(Enumerable.Range(0, 95).Select(offset => (long)offset));
        batches.ShouldAllBe(batch => batch.Length <= 10);
        _progress.Committable.ShouldBe(95);
        _released.ShouldBe(95);
    }

    [Fact]
    public async Task Batches_of_different_partitions_run_at_once_and_those_of_one_after_each_other()
    {
        _options.BatchConcurrency = 2;
        _options.BatchSize = 1;
        var gates = Enumerable.Range(0, 3).Select(_ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).ToList();
        var begun = new ConcurrentQueue<long>();
        var dispatcher = Dispatcher((batch, _) =>
        {
            begun.Enqueue(batch.Records[0].Offset);
            return gates[(int)batch.Records[0].Offset].Task;
        });
        foreach (var (offset, partition) in new[] { (0, 4), (1, 7), (2, 4) })
        {
            var record = Records.Of(offset, partition: partition, progress: _progress);
            _progress.Add(record);
            dispatcher.Enqueue(record);
        }

        await BegunAsync([0, 1]);
        gates[1].SetResult();
        await Task.Delay(50, TestContext.Current.CancellationToken); // time for what should not begin
        begun.Order().ShouldBe([0, 1]);

        gates[0].SetResult();
        await BegunAsync([0, 1, 2]);
        gates[2].SetResult();
        await dispatcher.StopAsync();
        _progress.Committable.ShouldBe(3);

        async Task BegunAsync(long[] offsets)
        {
            (await Task.Run(() => SpinWait.SpinUntil(() => begun.Count >= offsets.Length, TimeSpan.FromSeconds(30)))).ShouldBeTrue();
            begun.Order().ShouldBe(offsets);
        }
    }

    [Fact]
    public async Task Poison_costs_only_itself()
    {
        var stored = new ConcurrentQueue<long>();
        var dispatcher = Dispatcher((batch, _) =>
        {
            foreach (var record in batch.Records)
            {
                if (record.Offset % 5 == 3) batch.Reject(record, new PoisonException("bad"));
                else stored.Enqueue(record.Offset);
            }

            return Task.CompletedTask;
        });

        await HandleAsync(dispatcher, 20);

        stored.ShouldBe(Enumerable.Range(0, 20).Where(offset => offset % 5 != 3).Select(offset => (long)offset));
        Letters().ShouldBe(["3", "8", "13", "18"]);
        _progress.Committable.ShouldBe(20);
    }

    [Fact]
    public async Task A_batch_that_fails_for_one_record_is_taken_apart()
    {
        var stored = new ConcurrentQueue<long>();
        var dispatcher = Dispatcher((batch, _) =>
        {
            if (batch.Records.Any(record => record.Offset == 4)) throw new FormatException("one of these is bad");
            foreach (var record in batch.Records) stored.Enqueue(record.Offset);
            return Task.CompletedTask;
        });

        await HandleAsync(dispatcher, 10);

        stored.Order().ShouldBe([0, 1, 2, 3, 5, 6, 7, 8, 9]);
        Letters().ShouldBe(["4"]);
        _progress.Committable.ShouldBe(10);
    }

    [Fact]
    public async Task What_passes_is_waited_out_with_the_batch_as_a_whole()
    {
        var sizes = new List<int>();
        var dispatcher = Dispatcher((batch, _) =>
        {
            sizes.Add(batch.Records.Count);
            return sizes.Count <= 20 ? throw new TimeoutException() : Task.CompletedTask;
        });
        dispatcher.Enqueue(_progress.Added(0));

        await dispatcher.StopAsync();

        sizes.Count.ShouldBe(21);
        _producer.Sent.ShouldBeEmpty();
        _progress.Committable.ShouldBe(1);
    }

    [Fact]
    public async Task An_abandoned_batch_is_not_done_and_the_next_one_is_not_begun()
    {
        var running = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var calls = 0;
        var dispatcher = Dispatcher(async (_, token) =>
        {
            calls++;
            running.TrySetResult();
            await Task.Delay(Timeout.Infinite, token);
        });
        dispatcher.Enqueue(_progress.Added(0));
        await running.Task;
        dispatcher.Enqueue(_progress.Added(1));

        _progress.Abandon();
        await dispatcher.StopAsync();

        calls.ShouldBe(1);
        _progress.Idle.ShouldBeTrue();
        _progress.Committable.ShouldBe(-1);
        _released.ShouldBe(2);
    }

    [Fact]
    public async Task A_batch_loses_only_the_partition_that_was_taken_away()
    {
        var (kept, lost) = (new PartitionProgress(), new PartitionProgress());
        var running = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var handled = new ConcurrentQueue<int>();
        _options.BatchSize = 2;
        _options.BatchWaitMs = 10_000;
        var dispatcher = Dispatcher(async (batch, token) =>
        {
            handled.Enqueue(batch.Records.Count);
            if (handled.Count > 1) return;
            running.SetResult();
            await Task.Delay(Timeout.Infinite, token);
        });
        dispatcher.Enqueue(kept.Added(0));
        dispatcher.Enqueue(lost.Added(0));
        await running.Task;

        lost.Abandon();
        await dispatcher.StopAsync();

        handled.ShouldBe([2, 1]);
        kept.Committable.ShouldBe(1);
        lost.Committable.ShouldBe(-1);
        (kept.Idle && lost.Idle).ShouldBeTrue();
    }

    [Fact]
    public async Task A_stopped_service_leaves_its_batch_undone()
    {
        var running = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var dispatcher = Dispatcher(async (_, token) =>
        {
            running.TrySetResult();
            await Task.Delay(Timeout.Infinite, token);
        });
        dispatcher.Enqueue(_progress.Added(0));
        await running.Task;

        await _stopping.CancelAsync();
        await dispatcher.StopAsync();

        _progress.Committable.ShouldBe(-1);
        _progress.Idle.ShouldBeTrue();
    }

    [Fact]
    public async Task A_batch_that_waits_for_more_takes_what_comes_meanwhile()
    {
        _options.BatchWaitMs = 10_000;
        _options.BatchSize = 3;
        var sizes = new List<int>();
        var dispatcher = Dispatcher((batch, _) =>
        {
            sizes.Add(batch.Records.Count);
            return Task.CompletedTask;
        });

        for (var offset = 0; offset < 7; offset++) dispatcher.Enqueue(_progress.Added(offset));
        await dispatcher.StopAsync();

        sizes.ShouldBe([3, 3, 1]);
    }

    [Fact]
    public async Task The_stage_outlives_even_a_dead_letter_that_fails_in_an_unforeseen_way()
    {
        _producer.Answer = attempt => attempt <= 2 ? throw new InvalidOperationException("unforeseen") : null;
        var dispatcher = Dispatcher((batch, _) =>
        {
            foreach (var record in batch.Records.Where(record => record.Offset == 0)) batch.Reject(record, new PoisonException("bad"));
            return Task.CompletedTask;
        });

        await HandleAsync(dispatcher, 30);

        Letters().ShouldBe(["0"]);
        _progress.Committable.ShouldBe(30);
    }

    private IEnumerable<string?> Letters() => _producer.Sent.Select(sent => sent.Message.Headers.Text(RecordHeaders.SourceOffset));

    private async Task HandleAsync(BatchDispatcher dispatcher, int records)
    {
        for (var offset = 0; offset < records; offset++) dispatcher.Enqueue(_progress.Added(offset));
        await dispatcher.StopAsync();
    }

    private BatchDispatcher Dispatcher(BatchHandler handler) => new(
        handler,
        _options,
        new Attempts("stage", _options, _publisher, TimeProvider.System, NullLogger.Instance),
        _ => Interlocked.Increment(ref _released),
        TimeProvider.System,
        _stopping.Token);
}
