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

    private static Task SendAsync(Publisher publisher) => publisher.PublishAsync("topic", [1], [2], [], CancellationToken.None);
}
