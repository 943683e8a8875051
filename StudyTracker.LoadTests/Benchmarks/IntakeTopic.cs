using System.Globalization;
using System.Text;
using Confluent.Kafka;
using StudyTracker.Contracts;

namespace StudyTracker.LoadTests.Benchmarks;

/// <summary>Fills the topic that intake reads, as Ingress would.</summary>
internal sealed class IntakeTopic(string servers, int partitions) : IDisposable
{
    // What the local broker keeps of a partition, less what its own bookkeeping takes; beyond it, it drops the oldest.
    private const int MaxPartitionBytes = 4_500_000;

    private readonly IProducer<byte[], byte[]> _producer = new ProducerBuilder<byte[], byte[]>(new ProducerConfig
    {
        BootstrapServers = servers,
        Acks = Acks.All,
        LingerMs = 50,
        BatchSize = 1_000_000,
        QueueBufferingMaxMessages = 1_000_000,
        QueueBufferingMaxKbytes = 1_000_000,
        AllowAutoCreateTopics = false,
    }).SetLogHandler((_, _) => { }).Build();

    /// <summary>Writes all messages, and a share of them once more, as Slack's retries do; complete when all are acked.</summary>
    /// <returns>How many records were written, and the mean size of their values in bytes.</returns>
    public (int Records, double MeanBytes) Fill(IReadOnlyList<BenchMessage> messages, double repeatedShare)
    {
        var every = repeatedShare > 0 ? (int)Math.Round(1 / repeatedShare) : int.MaxValue;
        var bytes = new long[partitions];
        var (records, values, failed) = (0, 0L, 0);
        for (var index = 0; index < messages.Count; index++)
        {
            for (var times = index % every == every - 1 ? 2 : 1; times > 0; times--)
            {
                var value = IntakeLoad.Envelope(messages[index]);
                var partition = messages[index].Member % partitions;
                records++;
                values += value.Length;
                bytes[partition] += value.Length + 150; // key, headers, framing
                Send(messages[index], value, partition, () => Interlocked.Increment(ref failed));
            }
        }

        _producer.Flush(TimeSpan.FromSeconds(60));
        if (failed > 0) throw new BenchException($"{failed} records were not acked.");
        if (bytes.Max() > MaxPartitionBytes)
            throw new BenchException($"The local broker keeps 5 MB a partition, and this load needs {bytes.Max():N0} bytes: use fewer records or more partitions.");
        return (records, (double)values / records);
    }

    public void Dispose() => _producer.Dispose();

    private void Send(BenchMessage message, byte[] value, int partition, Action failed)
    {
        var record = new Message<byte[], byte[]>
        {
            Key = new MemberKey(message.TeamId, message.UserId).ToBytes(),
            Value = value,
            Headers = new Headers
            {
                { RecordHeaders.Kind, Encoding.UTF8.GetBytes(RecordKinds.SlackEvent) },
                { RecordHeaders.EventId, Encoding.UTF8.GetBytes(message.EventId) },
                { RecordHeaders.ReceivedAt, Encoding.UTF8.GetBytes(message.ReceivedAt.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture)) },
                { RecordHeaders.TraceParent, "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00"u8.ToArray() },
            },
        };
        _producer.Produce(new TopicPartition(Topics.SlackEvents, partition), record, report =>
        {
            if (report.Error.IsError) failed();
        });
    }
}
