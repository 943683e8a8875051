using System.Text;
using Confluent.Kafka;
using CsCheck;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using StudyTracker.Contracts;
using StudyTracker.Kafka;

namespace StudyTracker.UnitTests.ServiceDefaults.Kafka;

public sealed class AttemptsTests
{
    private readonly FakeTimeProvider _time = new() { AutoAdvanceAmount = TimeSpan.Zero };
    private readonly ConsumerOptions _options = new() { MaxAttempts = 3, RetryDelayMs = 1, MaxRetryDelayMs = 1 };
    private readonly Publisher _publisher;
    private readonly FakeProducer _producer;

    public AttemptsTests() => (_publisher, _producer) = FakeProducer.Publisher();

    private Attempts Attempts => new("stage", _options, _publisher, TimeProvider.System, NullLogger.Instance);

    [Fact]
    public void A_failure_is_described_in_one_short_line() =>
        Gen.String[Gen.OneOf<char>(Gen.Char, Gen.OneOf('\n', '\r', '\u0085', '\u2028', '\u2029', '\f')), 0, 600].Sample(message =>
        {
            var line = StudyTracker.Kafka.Attempts.Describe(new InvalidOperationException(message));

            line.Length.ShouldBeLessThanOrEqualTo(300);
            line.ShouldStartWith("InvalidOperationException: ");
            line.IndexOfAny(['\n', '\r', '\u0085', '\u2028', '\u2029', '\f']).ShouldBe(-1);
        });

    [Fact]
    public async Task Poison_is_a_dead_letter_at_once()
    {
        var calls = 0;
        var record = Records.Of(41, "T1:U1", "broken", partition: 3, headers: Records.Headers(("kind", "slack-event")));

        await Attempts.RunAsync(record, _ => throw Count(ref calls, new PoisonException("not JSON")), CancellationToken.None);

        calls.ShouldBe(1);
        var (topic, letter) = _producer.Sent.ShouldHaveSingleItem();
        topic.ShouldBe(Topics.DeadLetters);
        Encoding.UTF8.GetString(letter.Key).ShouldBe("T1:U1");
        Encoding.UTF8.GetString(letter.Value).ShouldBe("broken");
        letter.Headers.Text(RecordHeaders.Kind).ShouldBe("slack-event");
        letter.Headers.Text(RecordHeaders.SourceTopic).ShouldBe("topic");
        letter.Headers.Text(RecordHeaders.SourcePartition).ShouldBe("3");
        letter.Headers.Text(RecordHeaders.SourceOffset).ShouldBe("41");
        letter.Headers.Text(RecordHeaders.SourceGroup).ShouldBe("stage");
        letter.Headers.Text(RecordHeaders.Attempts).ShouldBe("1");
        letter.Headers.Text(RecordHeaders.Error).ShouldBe("PoisonException: not JSON");
    }

    [Fact]
    public async Task What_nothing_explains_is_tried_so_often_and_then_a_dead_letter()
    {
        var calls = 0;

        await Attempts.RunAsync(Records.Of(), _ => throw Count(ref calls, new FormatException()), CancellationToken.None);

        calls.ShouldBe(3);
        _producer.Sent.ShouldHaveSingleItem().Message.Headers.Text(RecordHeaders.Attempts).ShouldBe("3");
    }

    [Fact]
    public async Task What_passes_is_waited_out_however_often_it_takes()
    {
        var calls = 0;
        var record = Records.Of();

        await Attempts.RunAsync(record, _ => ++calls < 50 ? throw new TimeoutException() : Task.CompletedTask, CancellationToken.None);

        record.Attempt.ShouldBe(50);
        _producer.Sent.ShouldBeEmpty();
    }

    [Fact]
    public async Task Only_what_was_put_off_counts_as_put_off()
    {
        var failures = new Queue<Exception>([
            new TimeoutException(), new TryLaterException("later", TimeSpan.Zero), new IOException(), new TryLaterException("later", TimeSpan.Zero),
            new TryLaterException("waits for its turn", TimeSpan.Zero) { IsInLine = true },
        ]);
        var record = Records.Of();

        await Attempts.RunAsync(record, _ => failures.TryDequeue(out var failure) ? throw failure : Task.CompletedTask, CancellationToken.None);

        record.Attempt.ShouldBe(6);
        record.Postponements.ShouldBe(2);
    }

    [Fact]
    public async Task To_try_later_waits_as_long_as_asked_but_never_over_a_quarter_of_an_hour()
    {
        var waits = new List<TimeSpan>();
        foreach (var asked in new[] { TimeSpan.FromMinutes(2), TimeSpan.FromDays(2) })
        {
            var start = _time.GetUtcNow();
            var calls = 0;
            var attempts = new Attempts("stage", _options, _publisher, _time, NullLogger.Instance);
            var run = attempts.RunAsync(Records.Of(), _ => ++calls == 1 ? throw new TryLaterException("later", asked) : Task.CompletedTask, CancellationToken.None);
            while (!run.IsCompleted) _time.Advance(TimeSpan.FromSeconds(10));
            await run;
            waits.Add(_time.GetUtcNow() - start);
        }

        waits.ShouldBe([TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(15)]);
    }

    [Fact]
    public async Task Whoever_waits_for_its_turn_comes_when_it_is_its_turn_and_nothing_has_failed()
    {
        var turn = new TaskCompletionSource();
        var calls = 0;
        var record = Records.Of();
        var run = Attempts.RunAsync(record, _ => ++calls == 1 ? throw new TryLaterException("its turn", _ => turn.Task) : Task.CompletedTask, CancellationToken.None);

        await Task.Delay(50, TestContext.Current.CancellationToken);
        calls.ShouldBe(1);
        turn.SetResult();
        await run;

        (calls, record.Postponements).ShouldBe((2, 0));
    }

    [Fact]
    public async Task A_turn_that_fails_is_a_failure_like_any_other()
    {
        var calls = 0;

        await Attempts.RunAsync(
            Records.Of(), _ => ++calls < 3 ? throw new TryLaterException("its turn", _ => throw new TimeoutException()) : Task.CompletedTask, CancellationToken.None);

        calls.ShouldBe(3);
        _producer.Sent.ShouldBeEmpty();
    }

    [Fact]
    public async Task Cancelled_work_is_neither_repeated_nor_a_dead_letter()
    {
        using var stop = new CancellationTokenSource();
        var calls = 0;

        await Should.ThrowAsync<OperationCanceledException>(() => Attempts.RunAsync(
            Records.Of(),
            token =>
            {
                calls++;
                stop.Cancel();
                throw new FormatException("torn off in the middle");
            },
            stop.Token));

        calls.ShouldBe(1);
        _producer.Sent.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_dead_letter_is_sent_until_it_is_safe_whatever_goes_wrong()
    {
        _producer.Answer = attempt => attempt switch
        {
            1 => new Error(ErrorCode.Local_MsgTimedOut),
            2 => throw new ObjectDisposedException("handle is destroyed"),
            3 => throw new KafkaException(new Error(ErrorCode.Local_QueueFull)),
            _ => null,
        };

        await Attempts.RunAsync(Records.Of(), _ => throw new PoisonException("bad"), CancellationToken.None);

        _producer.Attempts.ShouldBe(4);
        _producer.Sent.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_record_too_large_for_a_dead_letter_leaves_at_least_its_address_and_reason()
    {
        _producer.Answer = attempt => attempt == 1 ? new Error(ErrorCode.MsgSizeTooLarge) : null;

        await Attempts.RunAsync(Records.Of(7, value: "huge"), _ => throw new PoisonException("bad"), CancellationToken.None);

        var (_, letter) = _producer.Sent.ShouldHaveSingleItem();
        letter.Value.ShouldBeEmpty();
        letter.Headers.Text(RecordHeaders.SourceOffset).ShouldBe("7");
        letter.Headers.Text(RecordHeaders.Error).ShouldBe("PoisonException: bad (the record is too large to be kept here: 4 bytes)");
    }

    private static Exception Count(ref int calls, Exception error)
    {
        calls++;
        return error;
    }
}
