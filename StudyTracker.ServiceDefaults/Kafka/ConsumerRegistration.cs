using Confluent.Kafka;

namespace StudyTracker.Kafka;

/// <summary>What a stage said about its consumer when it registered it.</summary>
/// <param name="Stage">The stage, which is also the consumer group.</param>
/// <param name="Topic">What it reads.</param>
/// <param name="CreateDispatcher">How its records reach its handler.</param>
/// <param name="ReadyAsync">What has to be done before the first record is polled, such as migrations.</param>
internal sealed record ConsumerRegistration(
    string Stage,
    string Topic,
    Func<ConsumerOptions, Attempts, Action<Record>, TimeProvider, CancellationToken, IDispatcher> CreateDispatcher,
    Func<CancellationToken, Task> ReadyAsync)
{
    /// <summary>What the client calls back; the loop puts itself here before the client is built.</summary>
    public ConsumerCallbacks Callbacks { get; } = new();
}

/// <summary>Connects a client, which is built by its integration, with the loop that uses it.</summary>
internal sealed class ConsumerCallbacks
{
    public Action<IEnumerable<TopicPartition>> Assigned { get; set; } = _ => { };

    public Action<IReadOnlyList<TopicPartition>> Revoked { get; set; } = _ => { };

    public Action<IReadOnlyList<TopicPartition>> Lost { get; set; } = _ => { };

    public Action<Error> Failed { get; set; } = _ => { };

    public void Attach(ConsumerBuilder<byte[], byte[]> builder) => builder
        .SetPartitionsAssignedHandler((_, partitions) => Assigned(partitions))
        .SetPartitionsRevokedHandler((_, partitions) => Revoked([.. partitions.Select(one => one.TopicPartition)]))
        .SetPartitionsLostHandler((_, partitions) => Lost([.. partitions.Select(one => one.TopicPartition)]))
        .SetErrorHandler((_, error) => Failed(error));
}
