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

    /// <summary>How long to wait before the next attempt.</summary>
    public TimeSpan Delay { get; }
}

/// <summary>Which failures pass by themselves. The only place that decides it.</summary>
public static class Transient
{
    /// <summary>Whether waiting helps: something outside is away, slow or overloaded.</summary>
    public static bool Is(Exception error) => error switch
    {
        PostgresException postgres => postgres.IsTransient || IsPassing(postgres.SqlState),
        NpgsqlException => true, // no answer from the server: connecting, sending or receiving failed
        RedisConnectionException or RedisTimeoutException => true,
        KafkaException kafka => !kafka.Error.IsFatal,
        PublishException => true,
        TimeoutException or SocketException or IOException => true,
        HttpRequestException => true,
        InvalidOperationException or AggregateException when error.InnerException is not null => Is(error.InnerException),
        DbUpdateException when error.InnerException is not null => Is(error.InnerException),
        _ => false,
    };

    // Npgsql does not call these transient, but each ends without our doing: shutdown (57P0x), out of disk or memory
    // (53xxx), lock not available (55P03), query cancelled by a statement or lock time-out (57014), read only (25006).
    private static bool IsPassing(string? sqlState) =>
        sqlState is "55P03" or "57014" or "25006"
        || sqlState?.StartsWith("57P", StringComparison.Ordinal) == true
        || sqlState?.StartsWith("53", StringComparison.Ordinal) == true;
}
