using System.Runtime.InteropServices;
using Confluent.Kafka;
using StudyTracker.Contracts;

namespace StudyTracker.AppHost.Local.Infrastructure;

/// <summary>
/// A broker that speaks the real Kafka protocol, hosted in this process: librdkafka's own mock cluster. For development, the
/// demo and tests, never for data that matters:
/// <list type="bullet">
/// <item>everything is in memory and gone with the process;</item>
/// <item>a partition keeps at most 5 MB or 100,000 batches and then drops the oldest, read or not;</item>
/// <item>it knows no CreateTopics (the topics are created here) and no idempotent producer without a transactional id;</item>
/// <item>a fetch that finds nothing waits the whole fetch.wait.max.ms, so clients set that low;</item>
/// <item>consumers of one group must agree on the assignor, or it aborts.</item>
/// </list>
/// </summary>
public sealed class LocalKafka : IDisposable
{
    // Errors of the protocol are small positive numbers, those of the client library negative; 0 is none.
    private const int NoError = 0;
    private const int BrokerId = 1;
    private const int Producer = 0;

    private readonly Lock _lock = new();
    private nint _handle;
    private nint _cluster;

    private LocalKafka(int partitionCount) => PartitionCount = partitionCount;

    /// <summary>Where clients connect: host:port on the loopback address.</summary>
    public string BootstrapServers { get; private set; } = "";

    /// <summary>Partitions of each topic.</summary>
    public int PartitionCount { get; }

    /// <summary>Starts the broker with every topic of <see cref="Topics.All"/>.</summary>
    public static LocalKafka Start(int partitionCount = 12)
    {
        Librdkafka.Load();
        var kafka = new LocalKafka(partitionCount);
        try
        {
            kafka.StartCluster();
            return kafka;
        }
        catch
        {
            kafka.Dispose();
            throw;
        }
    }

    /// <summary>Creates one more topic.</summary>
    public void CreateTopic(string name) => Do(() => Librdkafka.rd_kafka_mock_topic_create(_cluster, name, PartitionCount, 1));

    /// <summary>Closes all connections and refuses new ones, as a broker that went away. Its records are kept.</summary>
    public void SetDown() => Do(() => Librdkafka.rd_kafka_mock_broker_set_down(_cluster, BrokerId));

    /// <summary>Accepts connections again, on the same port.</summary>
    public void SetUp() => Do(() => Librdkafka.rd_kafka_mock_broker_set_up(_cluster, BrokerId));

    /// <summary>Delays every response.</summary>
    public void SetRoundTrip(TimeSpan delay) =>
        Do(() => Librdkafka.rd_kafka_mock_broker_set_rtt(_cluster, BrokerId, (int)delay.TotalMilliseconds));

    /// <summary>Drops the records of a partition before an offset, as retention would.</summary>
    public void DeleteRecords(string topic, int partition, long beforeOffset) =>
        Do(() => Librdkafka.rd_kafka_mock_partition_delete_records(_cluster, topic, partition, beforeOffset));

    /// <summary>Answers the next requests of one kind with these errors, one each.</summary>
    /// <param name="apiKey">Number of the request in the Kafka protocol: 0 is Produce, 1 Fetch, 8 OffsetCommit.</param>
    /// <param name="errors">The errors, in order.</param>
    public void FailNext(short apiKey, params ErrorCode[] errors) => Do(() =>
    {
        Librdkafka.rd_kafka_mock_push_request_errors_array(
            _cluster, apiKey, (nuint)errors.Length, [.. errors.Select(error => (int)error)]);
        return NoError;
    });

    /// <summary>Forgets what <see cref="FailNext"/> ordered for a kind of request.</summary>
    public void FailNoMore(short apiKey) => Do(() =>
    {
        Librdkafka.rd_kafka_mock_clear_request_errors(_cluster, apiKey);
        return NoError;
    });

    /// <inheritdoc />
    public void Dispose()
    {
        lock (_lock)
        {
            if (_cluster != 0)
            {
                Librdkafka.rd_kafka_mock_cluster_destroy(_cluster);
                _cluster = 0;
            }

            if (_handle != 0)
            {
                Librdkafka.rd_kafka_destroy(_handle);
                _handle = 0;
            }
        }
    }

    private void StartCluster()
    {
        var configuration = Librdkafka.rd_kafka_conf_new();
        // The handle only carries the cluster; what it would log is about itself.
        _ = Librdkafka.rd_kafka_conf_set(configuration, "log_level", "2", 0, 0);
        _handle = Librdkafka.rd_kafka_new(Producer, configuration, 0, 0);
        _cluster = _handle == 0 ? 0 : Librdkafka.rd_kafka_mock_cluster_new(_handle, 1);
        if (_cluster == 0)
        {
            throw new LocalHostException("The local Kafka could not be started: librdkafka did not create its cluster.");
        }

        // A real broker waits 3 s for more members before a group's first assignment; here that only costs start time.
        Librdkafka.rd_kafka_mock_group_initial_rebalance_delay_ms(_cluster, 0);
        foreach (var topic in Topics.All)
        {
            CreateTopic(topic);
        }

        BootstrapServers = Marshal.PtrToStringUTF8(Librdkafka.rd_kafka_mock_cluster_bootstraps(_cluster))!;
    }

    private void Do(Func<int> call)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_cluster == 0, this);
            var error = call();
            if (error != NoError)
            {
                throw new KafkaException((ErrorCode)error);
            }
        }
    }
}
