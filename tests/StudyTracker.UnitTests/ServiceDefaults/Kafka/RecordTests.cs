using Confluent.Kafka;
using StudyTracker.Contracts;
using StudyTracker.Kafka;
using Record = StudyTracker.Kafka.Record;

namespace StudyTracker.UnitTests.ServiceDefaults.Kafka;

public sealed class RecordTests
{
    [Fact]
    public void A_record_without_anything_in_it_can_be_looked_at()
    {
        var record = new Record(
            new ConsumeResult<byte[], byte[]> { TopicPartitionOffset = new("topic", 2, 9), Message = new Message<byte[], byte[]>() }, new PartitionProgress());

        record.Key.ShouldBe("");
        record.Value.Length.ShouldBe(0);
        record.Header("kind").ShouldBeNull();
        record.TraceContext.ShouldBe(default);
        (record.Topic, record.Partition, record.Offset, record.Attempt).ShouldBe(("topic", 2, 9L, 1));
    }

    [Fact]
    public void Of_doubled_headers_the_last_counts() =>
        Records.Of(headers: Records.Headers(("kind", "a"), ("kind", "b"))).Header("kind").ShouldBe("b");

    [Fact]
    public void The_trace_goes_on_across_Kafka()
    {
        var record = Records.Of(headers: Records.Headers((RecordHeaders.TraceParent, "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")));

        record.TraceContext.TraceId.ToHexString().ShouldBe("0af7651916cd43dd8448eb211c80319c");
        record.TraceContext.IsRemote.ShouldBeTrue();
    }

    [Fact]
    public void A_broken_trace_is_no_trace() =>
        Records.Of(headers: Records.Headers((RecordHeaders.TraceParent, "00-nonsense"))).TraceContext.ShouldBe(default);
}
