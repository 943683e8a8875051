using System.Globalization;
using StudyTracker.Contracts;
using StudyTracker.Kafka;
using StudyTracker.Summarizer.Intake;
using StudyTracker.UnitTests.ServiceDefaults.Kafka;

namespace StudyTracker.UnitTests.Summarizer.Intake;

public sealed class EnvelopeReaderTests
{
    private static readonly DateTimeOffset _received = DateTimeOffset.FromUnixTimeSeconds(1_700_000_005);

    [Fact]
    public void A_message_is_read_as_posted()
    {
        var change = Read("""{"type":"message","user":"U1","channel":"C1","ts":"1700000000.000100","text":"오늘은 BFS"}""");

        change.ShouldBe(new MessageChange(
            new MessageKey("T1", "C1", "1700000000.000100"),
            "U1",
            new MessageContent("오늘은 BFS"),
            0,
            0,
            null,
            null,
            DateTimeOffset.FromUnixTimeSeconds(1_700_000_000).AddMicroseconds(100),
            "Ev1",
            _received));
    }

    [Fact]
    public void A_reply_names_its_thread() =>
        Read("""{"user":"U1","channel":"C1","ts":"1700000000.2","thread_ts":"1700000000.1","text":"x"}""").ThreadTs.ShouldBe("1700000000.1");

    [Theory]
    [InlineData("""{"subtype":"file_share","user":"U1","channel":"C1","ts":"1700000000.2","text":"my notes","files":[{}]}""", "my notes")]
    [InlineData("""{"subtype":"file_share","user":"U1","channel":"C1","ts":"1700000000.2","files":[{}]}""", "")]
    [InlineData("""{"subtype":"file_share","user":"U1","channel":"C1","ts":"1700000000.2","text":null}""", "")]
    public void The_caption_of_a_file_is_its_text(string slackEvent, string text) => Read(slackEvent).Content.Text.ShouldBe(text);

    [Theory]
    [InlineData("""{"user":"U1","ts":"1700000000.1","text":"new","edited":{"user":"U1","ts":"1700000002.000000"}}""", "1700000002")]
    [InlineData("""{"user":"U1","ts":"1700000000.1","text":"new"}""", "0")] // a link was unfolded: no edit by a person
    [InlineData("""{"user":"U1","ts":"1700000000.1","text":"new","edited":null}""", "0")]
    public void An_edit_has_the_new_text_and_the_time_of_the_edit(string message, string version)
    {
        var change = Read($$$"""{"subtype":"message_changed","channel":"C1","ts":"1700000003.000000","message":{{{message}}},"previous_message":{"text":"old"}}""");

        (change.Key.Ts, change.Content.Text, change.UserId, change.DeletedTs).ShouldBe(("1700000000.1", "new", "U1", (decimal?)null));
        change.Version.ShouldBe(decimal.Parse(version, CultureInfo.InvariantCulture));
        change.ToldTs.ShouldBe(1700000003m);
    }

    [Fact]
    public void A_deletion_says_whose_and_which_and_no_text()
    {
        var change = Read(
            """{"subtype":"message_deleted","channel":"C1","ts":"1700000004.5","deleted_ts":"1700000000.1","previous_message":{"user":"U1","text":"secret","thread_ts":"1700000000.0"}}""");

        change.ShouldBe(new MessageChange(
            new MessageKey("T1", "C1", "1700000000.1"),
            "U1",
            MessageContent.None,
            MessageChange.NoText,
            0,
            1700000004.5m,
            "1700000000.0",
            DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_100),
            "Ev1",
            _received));
    }

    [Fact]
    public void A_message_that_leaves_a_tombstone_is_deleted_and_stays_its_writers()
    {
        var change = Read(
            """
            {"subtype":"message_changed","channel":"C1","ts":"1700000004.5",
            "message":{"subtype":"tombstone","user":"USLACKBOT","ts":"1700000000.1","text":"This message was deleted."},
            "previous_message":{"user":"U1","ts":"1700000000.1","text":"secret"}}
            """);

        (change.UserId, change.Content.Text, change.Version, change.DeletedTs).ShouldBe(("U1", "", MessageChange.NoText, 1700000004.5m));
    }

    [Fact]
    public void The_order_of_the_fields_does_not_matter()
    {
        var change = ReadValue(
            """
            {"event":{"previous_message":{"text":{"of":"no concern"},"user":"U9"},"message":{"text":"new","ts":"1700000000.1","user":"U1","blocks":[{"text":"not this"}]},
            "ts":"1700000003.0","channel":"C1","subtype":"message_changed"},"event_id":"Ev1","authorizations":[{"team_id":"T9"}],"team_id":"T1"}
            """);

        (change.Key, change.UserId, change.Content.Text, change.ToldTs, change.EventId)
            .ShouldBe((new MessageKey("T1", "C1", "1700000000.1"), "U1", "new", 1700000003m, "Ev1"));
    }

    public static TheoryData<string> Poisons =>
    [
        "{}",
        "null",
        "[]",
        """{"user":"U1","ts":"1700000000.1","text":"no channel"}""",
        """{"user":"U1","channel":"C1","text":"no ts"}""",
        """{"user":"U\ud800","channel":"C1","ts":"1700000000.1"}""",
        """{"user":"U1","channel":"C1","ts":"yesterday"}""",
        """{"user":"U1","channel":"C1","ts":"-1"}""",
        """{"user":"U1","channel":"C1","ts":"1e9"}""",
        """{"user":"U1","channel":"C1","ts":" 1700000000.1"}""",
        """{"user":"U1","channel":"C1","ts":"999999999999.9"}""",
        """{"user":"U1","channel":"C1","ts":"99999999999999999999999999999999999999"}""",
        """{"user":"U1","channel":"C1","ts":"1700003606.0"}""", // over an hour ahead of its receipt
        """{"user":"U1","channel":"C1","ts":"1700000000.1","thread_ts":""}""",
        """{"subtype":"message_changed","channel":"C1","ts":"1700000000.1"}""",
        """{"subtype":"message_changed","channel":"C1","ts":"1700000000.1","message":[]}""",
        """{"subtype":"message_deleted","channel":"C1","ts":"1700000000.1","deleted_ts":"1700000000.0"}""",
        """{"subtype":"message_deleted","channel":"C1","ts":"1700000000.1","previous_message":{"user":"U1"}}""",
    ];

    [Theory]
    [MemberData(nameof(Poisons))]
    public void What_cannot_be_a_message_is_poison(string slackEvent) => Should.Throw<PoisonException>(() => Read(slackEvent));

    [Theory]
    [InlineData("""{"channel":"C1","ts":"1700000000.1","text":"no user"}""")]
    [InlineData("""{"user":"","channel":"C1","ts":"1700000000.1"}""")]
    [InlineData("""{"user":1,"channel":"C1","ts":"1700000000.1"}""")]
    [InlineData("""{"user":"U\u0000","channel":"C1","ts":"1700000000.1"}""")]
    public void Whose_a_message_is_tells_the_records_key_and_without_one_the_message(string slackEvent)
    {
        Read(slackEvent).UserId.ShouldBe("U1");
        Should.Throw<PoisonException>(() => Read(slackEvent, key: ""));
    }

    [Fact]
    public void The_key_holds_against_what_the_envelope_tells()
    {
        var guest = Read("""{"user":"U1","channel":"C1","ts":"1700000000.1"}""", key: "T2:U1");

        (guest.Key, guest.UserId).ShouldBe((new MessageKey("T2", "C1", "1700000000.1"), "U1"));
        Read("""{"user":"U1","channel":"C1","ts":"1700000000.1"}""", key: "").Key.TeamId.ShouldBe("T1");
    }

    [Theory]
    [InlineData("")]
    [InlineData("not JSON")]
    [InlineData("{")]
    [InlineData("{}{}")]
    [InlineData("{}")]
    [InlineData("""{"team_id":"T1","event_id":"Ev1"}""")]
    [InlineData("""{"team_id":"T1","event_id":"Ev1","event":null}""")]
    public void What_is_no_envelope_is_poison(string value) => Should.Throw<PoisonException>(() => ReadValue(value));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("soon")]
    [InlineData("-1")]
    [InlineData("9999999999999999")]
    [InlineData("99999999999999999999999")]
    public void A_record_that_Ingress_did_not_date_is_poison(string? receivedAt) =>
        Should.Throw<PoisonException>(() => Read("""{"user":"U1","channel":"C1","ts":"1700000000.1"}""", receivedAt: receivedAt)).Message.ShouldContain("received-at");

    [Fact]
    public void The_last_moment_of_the_year_9999_is_a_time_like_any_other() =>
        Read("""{"user":"U1","channel":"C1","ts":"1700000000.1"}""", receivedAt: "253402300799999").ReceivedAt.Year.ShouldBe(9999);

    private static MessageChange Read(string slackEvent, string? receivedAt = "1700000005000", string key = "T1:U1") =>
        ReadValue($$"""{"type":"event_callback","team_id":"T1","event_id":"Ev1","event":{{slackEvent}}}""", receivedAt, key);

    private static MessageChange ReadValue(string value, string? receivedAt = "1700000005000", string key = "T1:U1") => EnvelopeReader.Read(
        Records.Of(key: key, value: value, headers: receivedAt is null ? [] : Records.Headers((RecordHeaders.ReceivedAt, receivedAt))), new IntakeOptions());
}
