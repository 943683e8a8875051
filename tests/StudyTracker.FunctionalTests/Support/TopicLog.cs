using System.Collections.Concurrent;
using System.Text;
using Confluent.Kafka;
using StudyTracker.Contracts;

namespace StudyTracker.FunctionalTests.Support;

/// <summary>A record as a stranger to the application reads it.</summary>
internal sealed record TopicRecord(string Topic, int Partition, long Offset, string Key, byte[] Value, IReadOnlyDictionary<string, string> Headers)
{
    public string Text => Encoding.UTF8.GetString(Value);
}

/// <summary>Reads everything in all topics, from their beginnings on, in no group of the application's.</summary>
internal sealed class TopicLog : IDisposable
{
    private readonly ConcurrentQueue<TopicRecord> _records = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Thread _thread;

    public TopicLog(string servers, int partitionCount)
    {
        _thread = new Thread(() => Run(servers, partitionCount)) { IsBackground = true, Name = "topic log" };
        _thread.Start();
    }

    public IReadOnlyList<TopicRecord> Of(string topic) => [.. _records.Where(record => record.Topic == topic)];

    public IReadOnlyList<TopicRecord> Of(string topic, string key) => [.. Of(topic).Where(record => record.Key == key)];

    public void Dispose()
    {
        _stop.Cancel();
        _thread.Join(TimeSpan.FromSeconds(5));
        _stop.Dispose();
    }

    private void Run(string servers, int partitionCount)
    {
        var config = new ConsumerConfig
        {
            BootstrapServers = servers,
            GroupId = "topic-log",
            EnableAutoCommit = false,
            FetchWaitMaxMs = 20,
            ReconnectBackoffMaxMs = 200,
            SocketTimeoutMs = 3_000, // a broker that was away never answers what it was asked before
            MessageMaxBytes = 4_000_000,
        };
        using var consumer = new ConsumerBuilder<byte[], byte[]>(config)
            .SetLogHandler((_, _) => { })
            .SetErrorHandler((_, _) => { })
            .Build();
        consumer.Assign(Topics.All.SelectMany(topic =>
            Enumerable.Range(0, partitionCount).Select(partition => new TopicPartitionOffset(topic, partition, Offset.Beginning))));
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                if (consumer.Consume(TimeSpan.FromMilliseconds(100)) is { Message: not null } result) _records.Enqueue(Read(result));
            }
            catch (ConsumeException)
            {
                // The broker is away, because a test wants it so; the client goes on by itself.
            }
        }
    }

    private static TopicRecord Read(ConsumeResult<byte[], byte[]> result) => new(
        result.Topic,
        result.Partition.Value,
        result.Offset.Value,
        Encoding.UTF8.GetString(result.Message.Key ?? []),
        result.Message.Value ?? [],
        (result.Message.Headers ?? []).GroupBy(header => header.Key)
            .ToDictionary(group => group.Key, group => Encoding.UTF8.GetString(group.Last().GetValueBytes() ?? [])));
}
