using System.Net.Sockets;
using Confluent.Kafka;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using StackExchange.Redis;

namespace StudyTracker.Kafka;

/// <summary>A record that no retry can help: it becomes a dead letter. The message must not quote the record's content.</summary>
public sealed class PoisonException : Exception
{
    /// <summary>Says what is wrong with the record.</summary>
    public PoisonException(string reason) : base(reason)
    {
    }

    /// <summary>Says what is wrong with the record, and what found it out.</summary>
    public PoisonException(string reason, Exception cause) : base(reason, cause)
    {
    }
}

/// <summary>Work that cannot be done now and will be tried again after a stated time, however often.</summary>
public sealed class TryLaterException : Exception
{
    /// <summary>Says why, and how long to wait.</summary>
    public TryLaterException(string reason, TimeSpan delay, Exception? cause = null) : base(reason, cause) => Delay = delay;

    /// <summary>
    /// Nothing has failed: it is not the record's turn yet, and <paramref name="until"/> completes when it is. Waits for as
    /// long as that takes, without a slot, a log line or a count of retries.
    /// </summary>
    public TryLaterException(string reason, Func<CancellationToken, Task> until) : base(reason) => Until = until;

    /// <summary>How long to wait before the next attempt.</summary>
    public TimeSpan Delay { get; }

    /// <summary>Nothing failed: the work waits for its turn. Such a wait is no postponement and no warning.</summary>
    public bool IsInLine { get; init; }

    /// <summary>What to wait for instead; null when <see cref="Delay"/> says how long.</summary>
    public Func<CancellationToken, Task>? Until { get; }
}

/// <summary>Which failures pass by themselves. The only place that decides it.</summary>
public static class Transient
{
    /// <summary>Whether waiting helps: something outside is away, slow or overloaded.</summary>
    public static bool Is(Exception error) => error switch
    {
        PostgresException postgres => postgres.IsTransient || !BlamesData(postgres.SqlState),
        NpgsqlException => true, // no answer from the server: connecting, sending or receiving failed
        RedisConnectionException or RedisTimeoutException => true,
        KafkaException kafka => !kafka.Error.IsFatal,
        PublishException publish => publish.Reason != PublishException.TooLarge,
        TimeoutException or SocketException or IOException => true,
        HttpRequestException => true,
        InvalidOperationException or AggregateException when error.InnerException is not null => Is(error.InnerException),
        DbUpdateException when error.InnerException is not null => Is(error.InnerException),
        _ => false,
    };

    // Only data exceptions (22), broken constraints (23) and exceeded program limits (54) are the record's own fault. All
    // else ends without its doing: locks, shutdowns and full disks by themselves; a wrong password, a missing table or
    // right by an operator's. Giving records up for that would empty a topic into the dead letters.
    private static bool BlamesData(string sqlState) =>
        sqlState.StartsWith("22", StringComparison.Ordinal)
        || sqlState.StartsWith("23", StringComparison.Ordinal)
        || sqlState.StartsWith("54", StringComparison.Ordinal);
}
