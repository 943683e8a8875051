using Confluent.Kafka;
using StudyTracker.AppHost.Local.Infrastructure;
using StudyTracker.FunctionalTests.Support;

namespace StudyTracker.FunctionalTests.Kafka;

/// <summary>A broker for the tests of the consumer loop alone.</summary>
public sealed class Broker : IDisposable
{
    private static readonly TimeSpan _answerTimeout = TimeSpan.FromSeconds(5);
    private readonly RawProducer _producer;

    public Broker()
    {
        Kafka = LocalKafka.Start();
        _producer = new RawProducer(Kafka.BootstrapServers);
    }

    internal LocalKafka Kafka { get; }

    /// <summary>A topic, and a group of the same name, of a test's own.</summary>
    internal string NewTopic()
    {
        var name = $"loop-{Guid.NewGuid():n}";
        Kafka.CreateTopic(name);
        return name;
    }

    /// <summary>Writes one record after the other into a partition.</summary>
    internal async Task SendAsync(string topic, int partition, IEnumerable<(string Key, string Value)> records)
    {
        foreach (var (key, value) in records) await _producer.SendAsync(topic, partition, key, value);
    }

    /// <summary>What a topic's group, which has the topic's name, has committed in a partition; -1001 when nothing.</summary>
    internal long Committed(string topic, int partition)
    {
        using var asking = new ConsumerBuilder<byte[], byte[]>(
            new ConsumerConfig { BootstrapServers = Kafka.BootstrapServers, GroupId = topic, EnableAutoCommit = false }).Build();
        return asking.Committed([new TopicPartition(topic, partition)], _answerTimeout)[0].Offset.Value;
    }

    public void Dispose()
    {
        _producer.Dispose();
        Kafka.Dispose();
    }
}
