using System.ComponentModel.DataAnnotations;

namespace StudyTracker.Kafka;

/// <summary>How the services talk to Kafka (section <c>Kafka</c>).</summary>
public sealed class KafkaOptions
{
    /// <summary>The section's name, and the name of the connection string.</summary>
    public const string Section = "Kafka";

    /// <summary>Name of the connection string: <c>host:port[,host:port]</c>.</summary>
    public const string ConnectionName = "kafka";

    /// <summary>
    /// Partitions of a topic that a service has to create; 12 by default, 1 to 1,000. More partitions make smaller
    /// batches: over 64, keyed records went out in twos and a third of the ingest rate was lost.
    /// </summary>
    [Range(1, 1_000, ErrorMessage = "must be 1 to 1,000 partitions.")]
    public int PartitionCount { get; set; } = 12;

    /// <summary>Copies of a partition of a topic that a service has to create; 1 by default, 1 to 9. Production: 3.</summary>
    [Range(1, 9, ErrorMessage = "must be 1 to 9 copies.")]
    public short ReplicationFactor { get; set; } = 1;

    /// <summary>
    /// Whether the broker drops what a producer had to send twice; on by default. The local broker cannot, and nothing
    /// depends on it: every consumer recognises a record that comes twice.
    /// </summary>
    public bool EnableIdempotence { get; set; } = true;

    /// <summary>How long a producer waits for more records to fill a batch, in milliseconds; 1 by default, 0 to 1,000.</summary>
    [Range(0.0, 1_000.0, ErrorMessage = "must be 0 to 1,000 ms.")]
    public double LingerMs { get; set; } = 1;

    /// <summary>
    /// How long a publish may take until acked by all in-sync replicas, in milliseconds; 2,500 by default (Slack gives
    /// up after 3,000), 100 to 60,000.
    /// </summary>
    [Range(100, 60_000, ErrorMessage = "must be 100 to 60,000 ms.")]
    public int PublishTimeoutMs { get; set; } = 2_500;

    /// <summary>
    /// Publishes under way at once; more are refused, so that memory stays bounded. 20,000 by default, 1 to 1,000,000.
    /// </summary>
    [Range(1, 1_000_000, ErrorMessage = "must be 1 to 1,000,000 records.")]
    public int MaxPublishesInFlight { get; set; } = 20_000;

    /// <summary>
    /// Bytes of the publishes under way at once, keys and values; more are refused. 64 MiB by default, 1 MiB to 4 GiB. The
    /// limit of records alone would let 20,000 of the largest be held.
    /// </summary>
    [Range(1_048_576L, 4_294_967_296L, ErrorMessage = "must be 1,048,576 to 4,294,967,296 bytes.")]
    public long MaxPublishBytesInFlight { get; set; } = 64 * 1024 * 1024;

    /// <summary>Largest record, in bytes; 2 MiB by default (Slack's envelopes may have 1 MiB), 64 KiB to 64 MiB.</summary>
    [Range(65_536, 67_108_864, ErrorMessage = "must be 65,536 to 67,108,864 bytes.")]
    public int MaxRecordBytes { get; set; } = 2 * 1024 * 1024;

    /// <summary>How long an idle fetch waits at the broker, in milliseconds; 500 by default, 1 to 30,000. Local broker: 20.</summary>
    [Range(1, 30_000, ErrorMessage = "must be 1 to 30,000 ms.")]
    public int FetchWaitMaxMs { get; set; } = 500;

    /// <summary>After how long without a heartbeat a consumer's partitions go to another, in milliseconds; 45,000 by default.</summary>
    [Range(1_000, 600_000, ErrorMessage = "must be 1,000 to 600,000 ms.")]
    public int SessionTimeoutMs { get; set; } = 45_000;

    /// <summary>
    /// After how long a consumer takes a broker that no longer answers for gone and connects again, in milliseconds; 10,000 by
    /// default, 2,000 to 300,000, and at least a second and a half more than <see cref="FetchWaitMaxMs"/>. librdkafka's own default
    /// is a minute, for which a stage can stand still although the broker is back.
    /// </summary>
    [Range(2_000, 300_000, ErrorMessage = "must be 2,000 to 300,000 ms.")]
    public int SocketTimeoutMs { get; set; } = 10_000;

    /// <summary>How often finished offsets are committed, in milliseconds; 1,000 by default, 50 to 60,000.</summary>
    [Range(50, 60_000, ErrorMessage = "must be 50 to 60,000 ms.")]
    public int CommitIntervalMs { get; set; } = 1_000;
}
