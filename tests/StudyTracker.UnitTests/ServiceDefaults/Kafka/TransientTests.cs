using System.Net.Sockets;
using Confluent.Kafka;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using StackExchange.Redis;
using StudyTracker.Kafka;

namespace StudyTracker.UnitTests.ServiceDefaults.Kafka;

public sealed class TransientTests
{
    [Theory]
    [InlineData("40001", true)] // serialization failure
    [InlineData("40P01", true)] // deadlock
    [InlineData("53300", true)] // too many connections
    [InlineData("53100", true)] // disk full
    [InlineData("55P03", true)] // lock not available
    [InlineData("57P01", true)] // admin shutdown
    [InlineData("57P03", true)] // cannot connect now
    [InlineData("57014", true)] // query cancelled by its time limit
    [InlineData("28P01", true)] // wrong password: an operator's to mend, not the record's fault
    [InlineData("42P01", true)] // table missing
    [InlineData("25006", true)] // read-only: a failover is under way
    [InlineData("XX000", true)] // internal error
    [InlineData("22001", false)] // text too long
    [InlineData("22P05", false)] // untranslatable character
    [InlineData("23505", false)] // unique violation
    [InlineData("23502", false)] // not null violation
    [InlineData("54000", false)] // program limit exceeded
    public void What_Postgres_says_passes_unless_it_blames_the_data(string state, bool passes)
    {
        var error = new PostgresException("text", "ERROR", "ERROR", state);

        Transient.Is(error).ShouldBe(passes);
        Transient.Is(new DbUpdateException("saving failed", error)).ShouldBe(passes);
        Transient.Is(new InvalidOperationException("wrapped", new DbUpdateException("saving failed", error))).ShouldBe(passes);
    }

    public static TheoryData<string, Exception, bool> Others => new()
    {
        { "no answer from Postgres", new NpgsqlException("away"), true },
        { "Redis is away", new RedisConnectionException(ConnectionFailureType.UnableToConnect, "away"), true },
        { "Redis is slow", new RedisTimeoutException("slow", CommandStatus.Sent), true },
        { "Redis refuses", new RedisServerException("WRONGTYPE"), false },
        { "Kafka passes", new KafkaException(new Error(ErrorCode.Local_Transport)), true },
        { "Kafka is fatal", new KafkaException(new Error(ErrorCode.Local_Fatal, "fatal", true)), false },
        { "no ack", new PublishException(new("timeout", "no ack")), true },
        { "too large for Kafka", new PublishException(new("too_large", "too large")), false },
        { "time-out", new TimeoutException(), true },
        { "socket", new SocketException(), true },
        { "file or stream", new IOException(), true },
        { "HTTP", new HttpRequestException(), true },
        { "wrapped", new AggregateException(new TimeoutException()), true },
        { "wrapped and of no passing kind", new AggregateException(new FormatException()), false },
        { "poison", new PoisonException("bad"), false },
        { "poison by something passing", new PoisonException("bad", new IOException()), false },
        { "a bug", new InvalidOperationException(), false },
        { "another bug", new ArgumentNullException("value"), false },
        { "cancelled by somebody else", new OperationCanceledException(), false },
    };

    [Theory]
    [MemberData(nameof(Others))]
    public void Whether_others_pass(string what, Exception error, bool passes) => Transient.Is(error).ShouldBe(passes, what);

    [Fact]
    public void To_try_later_is_not_a_failure_of_the_record()
    {
        Attempts.IsPassing(new TryLaterException("later", TimeSpan.FromSeconds(1))).ShouldBeTrue();
        Attempts.IsPassing(new PoisonException("bad")).ShouldBeFalse();
    }
}
