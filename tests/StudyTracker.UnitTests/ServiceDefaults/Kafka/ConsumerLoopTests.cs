using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using StudyTracker.Kafka;
using StudyTracker.Telemetry;
using Record = StudyTracker.Kafka.Record;

namespace StudyTracker.UnitTests.ServiceDefaults.Kafka;

public sealed class ConsumerLoopTests : IAsyncDisposable
{
    private readonly string _stage = $"stage-{Guid.NewGuid():n}";
    private readonly ConsumerOptions _options = new() { MaxInFlight = 4, PauseAfterMs = 0, DrainTimeoutMs = 200 };
    private readonly ByHand _dispatcher = new();
    private readonly FakeConsumer _consumer;
    private readonly ConsumerLoop _loop;

    public ConsumerLoopTests()
    {
        var registration = new ConsumerRegistration(
            _stage,
            "topic",
            (_, _, released, _, _) =>
            {
                _dispatcher.Released = released;
                return _dispatcher;
            },
            _ => Task.CompletedTask);
        (var consumer, _consumer) = FakeConsumer.Create(registration.Callbacks);
        var topics = new TopicSetup(new ConfigurationBuilder().Build(), Options.Create(new KafkaOptions()), NullLogger<TopicSetup>.Instance);
        topics.MarkReady();
        _loop = new ConsumerLoop(
            registration,
            _options,
            () => consumer,
            FakeProducer.Publisher().Publisher,
            topics,
            new Lifetime(),
            TimeProvider.System,
            NullLogger.Instance);
    }

    public async ValueTask DisposeAsync()
    {
        await _loop.StopAsync(CancellationToken.None);
        _loop.Dispose();
    }

    [Fact]
    public async Task Offsets_are_stored_when_their_work_is_done()
    {
        await StartAsync(0);
        _consumer.Deliver(0, 5, 6, 7);
        await _dispatcher.HasAsync(3);

        _dispatcher.Finish(6);
        _dispatcher.Finish(5);

        await CallAsync("store 0@7");
        _consumer.Calls.ShouldNotContain("store 0@8");
    }

    [Fact]
    public async Task A_rebalance_while_fetching_is_paused_pauses_the_new_partitions_too_and_all_are_resumed()
    {
        await StartAsync(0);
        _consumer.Deliver(0, 0, 1, 2, 3);
        await CallAsync("pause 0");
        _dispatcher.Finish(0); // three in flight: not yet few enough to go on

        _consumer.Assign(1);
        await CallAsync("pause 0,1");

        _dispatcher.Finish(1);
        await CallAsync("resume 0,1");
    }

    [Fact]
    public async Task Fetching_stops_at_the_bound_by_bytes_and_a_record_larger_than_it_goes_through_alone()
    {
        _options.MaxInFlightBytes = 1_000;
        await StartAsync(0);

        _consumer.DeliverLarge(0, 0, bytes: 5_000);
        await _dispatcher.HasAsync(1);
        await CallAsync("pause 0");

        _dispatcher.Finish(0);
        await CallAsync("resume 0");
        _consumer.DeliverLarge(0, 1, bytes: 600);
        _consumer.DeliverLarge(0, 2, bytes: 600);
        await _dispatcher.HasAsync(3);
        await UntilAsync(() => _consumer.Calls.Count(call => call == "pause 0") == 2);
    }

    [Fact]
    public async Task A_stage_that_is_merely_busy_takes_no_more_than_fits_and_does_not_pause()
    {
        _options.PauseAfterMs = 30_000;
        await StartAsync(0);
        _consumer.Deliver(0, 0, 1, 2, 3, 4, 5);
        await _dispatcher.HasAsync(4);
        var polled = _loop.LastPoll;

        _dispatcher.Finish(0);
        await _dispatcher.HasAsync(5);
        _dispatcher.Finish(1);
        await _dispatcher.HasAsync(6);

        _loop.LastPoll.ShouldBeGreaterThan(polled);
        _consumer.Calls.ShouldNotContain("pause 0");
    }

    [Fact]
    public async Task A_partition_that_is_taken_away_is_committed_as_far_as_it_is_done()
    {
        await StartAsync(0, 1);
        _consumer.Deliver(0, 0, 1);
        _consumer.Deliver(1, 0);
        await _dispatcher.HasAsync(3);
        _dispatcher.Finish(0, partition: 0);

        _consumer.Revoke(0);

        await CallAsync("commit 0@1");
        _loop.AssignedPartitions.ShouldBe(1);
    }

    [Fact]
    public async Task A_stop_commits_what_is_done()
    {
        await StartAsync(0);
        _consumer.Deliver(0, 0, 1);
        await _dispatcher.HasAsync(2);
        _dispatcher.Finish(0);

        await _loop.StopAsync(TestContext.Current.CancellationToken);

        _consumer.Calls.ShouldContain("commit 0@1");
    }

    [Fact]
    public async Task Records_that_retention_took_before_they_were_read_are_counted()
    {
        using var lost = new Metric("studytracker.consumer.records_lost", _stage);
        _consumer.Committed[0] = 5;
        await StartAsync(0);

        _consumer.Deliver(0, 9, 10, 12);
        await _dispatcher.HasAsync(3);

        lost.Sum.ShouldBe(5);
    }

    [Fact]
    public async Task A_partition_without_new_records_has_no_lag()
    {
        using var lag = new Metric("studytracker.consumer.lag", _stage);
        _consumer.Committed[0] = 1_000;
        _consumer.Committed[1] = 990;
        _consumer.Watermarks[0] = (900, 1_000);
        _consumer.Watermarks[1] = (900, 1_000);
        _consumer.Watermarks[2] = (700, 1_000); // never committed: read from its beginning
        await StartAsync(0, 1, 2);

        // Measured once a second.
        await UntilAsync(() => lag.Observe() > 0);
        lag.Observe().ShouldBe(310);
    }

    private async Task StartAsync(params int[] partitions)
    {
        await _loop.StartAsync(TestContext.Current.CancellationToken);
        _consumer.Assign(partitions);
        await UntilAsync(() => _loop.AssignedPartitions == partitions.Length);
    }

    private Task CallAsync(string call) => UntilAsync(() => _consumer.Calls.Contains(call));

    private static async Task UntilAsync(Func<bool> condition) =>
        (await Task.Run(() => SpinWait.SpinUntil(condition, TimeSpan.FromSeconds(30)))).ShouldBeTrue();

    /// <summary>Leaves the records to the test.</summary>
    private sealed class ByHand : IDispatcher
    {
        private readonly ConcurrentDictionary<(int Partition, long Offset), Record> _records = [];

        public Action<Record> Released { get; set; } = _ => { };

        public void Enqueue(Record record) => _records[(record.Partition, record.Offset)] = record;

        public Task StopAsync() => Task.CompletedTask;

        public Task HasAsync(int records) => UntilAsync(() => _records.Count == records);

        public void Finish(long offset, int partition = 0)
        {
            var record = _records[(partition, offset)];
            record.Progress.TryStart();
            record.Progress.Finish(record, done: true);
            Released(record);
        }
    }

    /// <summary>One metric of one stage.</summary>
    private sealed class Metric : IDisposable
    {
        private readonly MeterListener _listener = new();
        private long _last;

        public Metric(string name, string stage)
        {
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == Instruments.Name && instrument.Name == name) listener.EnableMeasurementEvents(instrument);
            };
            _listener.SetMeasurementEventCallback<long>((_, value, tags, _) =>
            {
                foreach (var tag in tags)
                {
                    if (!stage.Equals(tag.Value)) continue;
                    Sum += value;
                    _last = value;
                }
            });
            _listener.Start();
        }

        public long Sum { get; private set; }

        public long Observe()
        {
            _listener.RecordObservableInstruments();
            return _last;
        }

        public void Dispose() => _listener.Dispose();
    }

    private sealed class Lifetime : IHostApplicationLifetime
    {
        public CancellationToken ApplicationStarted => CancellationToken.None;

        public CancellationToken ApplicationStopping => CancellationToken.None;

        public CancellationToken ApplicationStopped => CancellationToken.None;

        public void StopApplication()
        {
        }
    }
}
