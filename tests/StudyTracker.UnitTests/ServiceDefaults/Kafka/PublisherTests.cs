using System.Text;
using Confluent.Kafka;
using StudyTracker.Contracts;
using StudyTracker.Kafka;

namespace StudyTracker.UnitTests.ServiceDefaults.Kafka;

public sealed class PublisherTests
{
    public static TheoryData<ErrorCode, string> Reasons => new()
    {
        { ErrorCode.Local_MsgTimedOut, "timeout" },
        { ErrorCode.RequestTimedOut, "timeout" },
        { ErrorCode.Local_QueueFull, "queue_full" },
        { ErrorCode.MsgSizeTooLarge, "too_large" },
        { ErrorCode.Local_Fatal, "fatal" },
        { ErrorCode.NotEnoughReplicas, "broker" },
    };

    [Theory]
    [MemberData(nameof(Reasons))]
    public async Task A_record_that_was_not_acked_is_a_failure_with_a_reason(ErrorCode code, string reason)
    {
        var (publisher, producer) = FakeProducer.Publisher();
        producer.Answer = _ => new Error(code);

        (await Should.ThrowAsync<PublishException>(() => SendAsync(publisher))).Reason.ShouldBe(reason);
    }

    [Theory]
    [MemberData(nameof(Reasons))]
    public async Task One_that_was_not_even_queued_is_the_same_failure(ErrorCode code, string reason)
    {
        var (publisher, producer) = FakeProducer.Publisher();
        producer.Answer = _ => throw new ProduceException<byte[], byte[]>(new Error(code), new DeliveryResult<byte[], byte[]>());

        (await Should.ThrowAsync<PublishException>(() => SendAsync(publisher))).Reason.ShouldBe(reason);
    }

    [Fact]
    public async Task A_producer_that_is_replaced_at_this_moment_is_a_failure_that_passes()
    {
        var (publisher, producer) = FakeProducer.Publisher();
        producer.Answer = _ => throw new ObjectDisposedException("handle is destroyed");

        (await Should.ThrowAsync<PublishException>(() => SendAsync(publisher))).Reason.ShouldBe("fatal");
    }

    [Fact]
    public async Task Failures_give_their_place_back()
    {
        var (publisher, producer) = FakeProducer.Publisher(new KafkaOptions { MaxPublishesInFlight = 1 });
        producer.Answer = attempt => attempt switch
        {
            1 => new Error(ErrorCode.NotEnoughReplicas),
            2 => throw new ProduceException<byte[], byte[]>(new Error(ErrorCode.Local_QueueFull), new DeliveryResult<byte[], byte[]>()),
            3 => throw new ObjectDisposedException("handle is destroyed"),
            _ => null,
        };
        for (var i = 0; i < 3; i++) await Should.ThrowAsync<PublishException>(() => SendAsync(publisher));

        await SendAsync(publisher);

        producer.Sent.Count.ShouldBe(1);
    }

    [Fact]
    public async Task More_bytes_than_may_be_under_way_are_refused_and_one_large_record_is_not()
    {
        var (publisher, producer) = FakeProducer.Publisher(new KafkaOptions { MaxPublishBytesInFlight = 1_048_576 });
        producer.HoldsReports = true;
        var large = publisher.PublishAsync("topic", [1], new byte[2_000_000], [], CancellationToken.None).AsTask();

        (await Should.ThrowAsync<PublishException>(() => SendAsync(publisher))).Reason.ShouldBe(PublishException.InFlightLimit);

        producer.Report();
        await large;
        producer.HoldsReports = false;
        await SendAsync(publisher);
    }

    [Fact]
    public async Task A_record_that_is_never_reported_on_is_given_up_and_its_report_is_not_taken_for_anothers()
    {
        var (publisher, producer) = FakeProducer.Publisher(new KafkaOptions { PublishTimeoutMs = 100 });
        producer.HoldsReports = true;
        (await Should.ThrowAsync<PublishException>(() => SendAsync(publisher))).Reason.ShouldBe("timeout");

        producer.Answer = _ => new Error(ErrorCode.NotEnoughReplicas);
        producer.Report();
        producer.HoldsReports = false;
        producer.Answer = _ => null;
        for (var i = 0; i < 10; i++) await SendAsync(publisher);
    }

    [Fact]
    public async Task Thousands_at_once_each_get_their_own_outcome()
    {
        var (publisher, producer) = FakeProducer.Publisher();
        producer.Answer = attempt => attempt % 3 == 0 ? new Error(ErrorCode.NotEnoughReplicas) : null;

        var outcomes = new int[2];
        for (var round = 0; round < 20; round++)
        {
            producer.HoldsReports = true;
            var sends = Enumerable.Range(0, 300).Select(_ => SendAsync(publisher)).ToList();
            producer.Report();
            foreach (var send in sends)
            {
                try
                {
                    await send;
                    outcomes[0]++;
                }
                catch (PublishException)
                {
                    outcomes[1]++;
                }
            }
        }

        outcomes.ShouldBe([4_000, 2_000]);
    }

    [Fact]
    public async Task A_caller_that_does_not_want_to_wait_any_longer_is_let_go()
    {
        var (publisher, producer) = FakeProducer.Publisher();
        producer.HoldsReports = true;
        using var impatient = new CancellationTokenSource(50);

        await Should.ThrowAsync<OperationCanceledException>(() => publisher.PublishAsync("topic", [1], [2], [], impatient.Token).AsTask());

        producer.Report();
        producer.HoldsReports = false;
        await SendAsync(publisher);
    }

    [Fact]
    public async Task A_producer_with_a_fatal_error_is_replaced_once_and_the_next_record_goes_through_the_new_one()
    {
        var (first, behindFirst) = FakeProducer.Create();
        var (second, behindSecond) = FakeProducer.Create("second");
        behindFirst.Answer = _ => new Error(ErrorCode.Local_Fatal, "fenced", isFatal: true);
        var (publisher, source) = FakeProducer.PublisherOf(first, new NextProducer(second));

        for (var i = 0; i < 3; i++)
        {
            try
            {
                await SendAsync(publisher);
            }
            catch (PublishException error)
            {
                error.Reason.ShouldBe("fatal");
            }
        }

        source.Replaced.ShouldBe(1);
        behindSecond.Sent.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_contract_record_goes_out_as_JSON_under_its_key_and_kind()
    {
        var (publisher, producer) = FakeProducer.Publisher();
        var trigger = new TriggerRecord("r1", SummaryKind.Daily, DateTimeOffset.UnixEpoch, "api");

        await publisher.PublishAsync(
            Topics.SchedulerTriggers, "r1", trigger, ContractsJson.Default.TriggerRecord, RecordKinds.Trigger, CancellationToken.None);

        var (topic, message) = producer.Sent.ShouldHaveSingleItem();
        topic.ShouldBe(Topics.SchedulerTriggers);
        Encoding.UTF8.GetString(message.Key).ShouldBe("r1");
        Encoding.UTF8.GetString(message.Value).ShouldBe("""{"runId":"r1","kind":"daily","requestedAt":"1970-01-01T00:00:00+00:00","requestedBy":"api"}""");
        message.Headers.Text(RecordHeaders.Kind).ShouldBe(RecordKinds.Trigger);
    }

    private static Task SendAsync(Publisher publisher) => publisher.PublishAsync("topic", [1], [2], [], CancellationToken.None).AsTask();

    /// <summary>Builds a producer that exists already.</summary>
    private sealed class NextProducer(IProducer<byte[], byte[]> producer) : ProducerBuilder<byte[], byte[]>(new ProducerConfig())
    {
        public override IProducer<byte[], byte[]> Build() => producer;
    }
}
