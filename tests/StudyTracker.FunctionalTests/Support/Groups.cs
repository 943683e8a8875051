using System.Collections.Concurrent;
using Confluent.Kafka;
using StudyTracker.Contracts;

namespace StudyTracker.FunctionalTests.Support;

/// <summary>How far the stages have committed.</summary>
internal sealed class Groups(string servers, int partitionCount) : IDisposable
{
    private static readonly TimeSpan _answerTimeout = TimeSpan.FromSeconds(5);

    private static readonly (string Group, string Topic)[] _stages =
    [
        (ConsumerGroups.Intake, Topics.SlackEvents),
        (ConsumerGroups.Preferences, Topics.SlackInteractions),
        (ConsumerGroups.Installation, Topics.SlackInstallations),
        (ConsumerGroups.Planner, Topics.SchedulerTriggers),
        (ConsumerGroups.Writer, Topics.SummaryJobs),
        (ConsumerGroups.Delivery, Topics.Feedback),
    ];

    private readonly ConcurrentDictionary<string, Lazy<IConsumer<byte[], byte[]>>> _clients = [];

    /// <summary>Waits, stage after stage, until each has done and committed all that is in its topic when its turn comes.</summary>
    public async Task CaughtUpAsync(TimeSpan? within = null)
    {
        foreach (var (group, topic) in _stages)
        {
            var partitions = Enumerable.Range(0, partitionCount).Select(partition => new TopicPartition(topic, partition)).ToList();
            var ends = new Dictionary<TopicPartition, long>();
            await Eventually.HoldsAsync(
                () =>
                {
                    foreach (var partition in partitions)
                        ends[partition] = Ask(group, client => client.QueryWatermarkOffsets(partition, _answerTimeout)).High.Value;
                },
                within);
            await Eventually.HoldsAsync(
                () => Ask(group, client => client.Committed(partitions, _answerTimeout))
                    .Sum(committed => Math.Max(0, ends[committed.TopicPartition] - Math.Max(0, committed.Offset.Value)))
                    .ShouldBe(0, $"records in {topic} that {group} has not committed"),
                within);
        }
    }

    /// <summary>How many records of its topic a stage has committed, over all partitions.</summary>
    public long Committed(string group)
    {
        var topic = _stages.Single(stage => stage.Group == group).Topic;
        var partitions = Enumerable.Range(0, partitionCount).Select(partition => new TopicPartition(topic, partition));
        return Ask(group, client => client.Committed(partitions, _answerTimeout)).Sum(committed => Math.Max(0, committed.Offset.Value));
    }

    public void Dispose()
    {
        foreach (var client in _clients.Values) client.Value.Dispose();
    }

    // A client that has seen Kafka go may wait for its group's coordinator for a long time: the next question gets a new one.
    private T Ask<T>(string group, Func<IConsumer<byte[], byte[]>, T> question)
    {
        var client = _clients.GetOrAdd(group, _ => new(() => Client(group)));
        try
        {
            return question(client.Value);
        }
        catch (KafkaException)
        {
            if (_clients.TryRemove(new(group, client))) client.Value.Dispose();
            throw;
        }
    }

    // Only asks: a consumer that subscribes to nothing never joins its group.
    private IConsumer<byte[], byte[]> Client(string group) =>
        new ConsumerBuilder<byte[], byte[]>(new ConsumerConfig
        {
            BootstrapServers = servers,
            GroupId = group,
            EnableAutoCommit = false,
            ReconnectBackoffMaxMs = 200,
        })
            .SetLogHandler((_, _) => { })
            .SetErrorHandler((_, _) => { })
            .Build();
}
