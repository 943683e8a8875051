using Confluent.Kafka;

namespace StudyTracker.LoadTests.Benchmarks;

/// <summary>Counts how many records a topic has ever had: the broker may have dropped the oldest, the offsets go on.</summary>
internal sealed class TopicSize(string servers, int partitions) : IDisposable
{
    private readonly IConsumer<Ignore, Ignore> _consumer = new ConsumerBuilder<Ignore, Ignore>(
        new ConsumerConfig { BootstrapServers = servers, GroupId = "bench" }).Build();

    /// <summary>Records of all partitions.</summary>
    public long Records(string topic) => Enumerable.Range(0, partitions)
        .Sum(partition => _consumer.QueryWatermarkOffsets(new TopicPartition(topic, partition), TimeSpan.FromSeconds(10)).High.Value);

    /// <inheritdoc />
    public void Dispose() => _consumer.Dispose();
}
