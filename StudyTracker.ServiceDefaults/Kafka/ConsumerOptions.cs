using System.ComponentModel.DataAnnotations;

namespace StudyTracker.Kafka;

/// <summary>Limits of one stage's consumer (section <c>Consumers:{stage}</c>, such as <c>Consumers:writer</c>).</summary>
public sealed class ConsumerOptions
{
    /// <summary>The section that holds a section for each stage.</summary>
    public const string Section = "Consumers";

    /// <summary>Records taken from Kafka and not finished; at this many, fetching pauses. 10,000 by default, 1 to 100,000.</summary>
    [Range(1, 100_000, ErrorMessage = "must be 1 to 100,000 records.")]
    public int MaxInFlight { get; set; } = 10_000;

    /// <summary>
    /// Keys and values of these records, in bytes; at this many, fetching pauses too. 64 MiB by default, 64 KiB to 4 GiB.
    /// One record may be larger. What the client has fetched ahead, at most 16 MiB a stage, comes on top.
    /// </summary>
    [Range(65_536L, 4_294_967_296L, ErrorMessage = "must be 65,536 to 4,294,967,296 bytes.")]
    public long MaxInFlightBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>
    /// How long no room may be waited for before fetching pauses, in milliseconds; 500 by default, 0 to 30,000. A pause throws away
    /// what the client has fetched ahead, so a stage that is merely busy should not pause; one whose work does not go on
    /// must, because only polling keeps its membership in the group.
    /// </summary>
    [Range(0, 30_000, ErrorMessage = "must be 0 to 30,000 ms.")]
    public int PauseAfterMs { get; set; } = 500;

    /// <summary>Most records of one batch; 1,000 by default, 1 to 10,000.</summary>
    [Range(1, 10_000, ErrorMessage = "must be 1 to 10,000 records.")]
    public int BatchSize { get; set; } = 1_000;

    /// <summary>
    /// Batches worked on at once, each of other partitions; 4 by default, 1 to 64. While one is being read another is being
    /// written.
    /// </summary>
    [Range(1, 64, ErrorMessage = "must be 1 to 64 batches.")]
    public int BatchConcurrency { get; set; } = 4;

    /// <summary>How long a batch waits for more records after its first, in milliseconds; 20 by default, 0 to 10,000.</summary>
    [Range(0, 10_000, ErrorMessage = "must be 0 to 10,000 ms.")]
    public int BatchWaitMs { get; set; } = 20;

    /// <summary>Keys worked on at once; 64 by default, 1 to 10,000.</summary>
    [Range(1, 10_000, ErrorMessage = "must be 1 to 10,000 keys.")]
    public int Concurrency { get; set; } = 64;

    /// <summary>
    /// Attempts at a record whose handling fails for a reason not known to pass, before it becomes a dead letter; 5 by
    /// default, 1 to 100. What is known to pass, such as a database that is away, is waited out however long it takes.
    /// </summary>
    [Range(1, 100, ErrorMessage = "must be 1 to 100 attempts.")]
    public int MaxAttempts { get; set; } = 5;

    /// <summary>Wait before the second attempt, in milliseconds, doubled for each further one, with jitter; 200 by default.</summary>
    [Range(1, 60_000, ErrorMessage = "must be 1 to 60,000 ms.")]
    public int RetryDelayMs { get; set; } = 200;

    /// <summary>Longest wait between two attempts, in milliseconds; 5,000 by default.</summary>
    [Range(1, 600_000, ErrorMessage = "must be 1 to 600,000 ms.")]
    public int MaxRetryDelayMs { get; set; } = 5_000;

    /// <summary>
    /// How long work in flight is waited for when its partition is taken away or the service stops, in milliseconds;
    /// 5,000 by default. Afterwards it is abandoned, and done by whoever reads the record next.
    /// </summary>
    [Range(0, 60_000, ErrorMessage = "must be 0 to 60,000 ms.")]
    public int DrainTimeoutMs { get; set; } = 5_000;
}
