using System.Text;
using Confluent.Kafka;

namespace StudyTracker.FunctionalTests.Support;

/// <summary>Writes into a topic what no service would.</summary>
internal sealed class RawProducer(string servers) : IDisposable
{
    private readonly IProducer<byte[]?, byte[]?> _producer = new ProducerBuilder<byte[]?, byte[]?>(
            new ProducerConfig { BootstrapServers = servers, Acks = Acks.All, MessageMaxBytes = 4_000_000, AllowAutoCreateTopics = false })
        .SetLogHandler((_, _) => { })
        .Build();

    /// <summary>Writes a record to where the key belongs.</summary>
    public Task<DeliveryResult<byte[]?, byte[]?>> SendAsync(
        string topic, string? key, byte[]? value, IReadOnlyDictionary<string, string>? headers = null) =>
        _producer.ProduceAsync(topic, Message(key, value, headers), TestContext.Current.CancellationToken);

    /// <summary>Writes a record to a partition.</summary>
    public Task<DeliveryResult<byte[]?, byte[]?>> SendAsync(string topic, int partition, string key, string value) =>
        _producer.ProduceAsync(new TopicPartition(topic, partition), Message(key, Encoding.UTF8.GetBytes(value), null), TestContext.Current.CancellationToken);

    public void Dispose() => _producer.Dispose();

    private static Message<byte[]?, byte[]?> Message(string? key, byte[]? value, IReadOnlyDictionary<string, string>? headers)
    {
        var message = new Message<byte[]?, byte[]?> { Key = key is null ? null : Encoding.UTF8.GetBytes(key), Value = value, Headers = [] };
        foreach (var (name, text) in headers ?? new Dictionary<string, string>()) message.Headers.Add(name, Encoding.UTF8.GetBytes(text));
        return message;
    }
}
