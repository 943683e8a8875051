using System.Collections.Frozen;
using StudyTracker.Contracts;
using StudyTracker.Kafka;
using StudyTracker.Summarizer.Intake;
using StudyTracker.UnitTests.ServiceDefaults.Kafka;

namespace StudyTracker.UnitTests.Summarizer.Intake;

public sealed class ChannelIdsTests
{
    private static readonly KnownChannels _known = new(7, new Dictionary<(string, string), string> { [("T1", "G1")] = "C1" }.ToFrozenDictionary());

    [Fact]
    public void What_is_told_under_a_former_id_and_the_one_that_holds_is_told_of_one_message()
    {
        var merged = _known.Merge([Change("T1", "G1", 0, "as posted"), Change("T1", "C1", 5, "edited"), Change("T1", "G1", 3, "edited before"), Change("T2", "G1", 0, "another's")]);

        merged.Select(change => (change.Key.TeamId, change.Key.Channel, change.Content.Text)).ShouldBe([("T1", "C1", "edited"), ("T2", "G1", "another's")]);
    }

    [Fact]
    public void As_long_as_no_channel_has_changed_its_id_each_message_is_under_its_own() =>
        KnownChannels.None.Merge([Change("T1", "G1", 0, "one"), Change("T1", "C1", 0, "other")]).Count.ShouldBe(2);

    [Fact]
    public void A_change_is_told_by_its_header_and_of_its_keys_workspace()
    {
        var record = Told("""{"team_id":"T9","event":{"type":"channel_id_changed","old_channel_id":"G1","new_channel_id":"C1"}}""");

        ChannelChange.Is(record).ShouldBeTrue();
        ChannelChange.Read(record).ShouldBe(new ChannelChange("T1", "G1", "C1"));
        ChannelChange.Is(Records.Of()).ShouldBeFalse();
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("""{"event":null}""")]
    [InlineData("""{"event":{"old_channel_id":"G1"}}""")]
    [InlineData("""{"event":{"old_channel_id":"G1","new_channel_id":null}}""")]
    [InlineData("""{"event":{"old_channel_id":1,"new_channel_id":"C1"}}""")]
    public void What_tells_no_ids_is_poison(string value) => Should.Throw<PoisonException>(() => ChannelChange.Read(Told(value)));

    private static StudyTracker.Kafka.Record Told(string value) =>
        Records.Of(key: "T1", value: value, headers: Records.Headers((RecordHeaders.Kind, RecordKinds.SlackChannelChange)));

    private static MessageChange Change(string team, string channel, decimal version, string text) => new(
        new MessageKey(team, channel, "1.0"), "U1", new MessageContent(text), version, 0, null, null, DateTimeOffset.UnixEpoch, "Ev1", DateTimeOffset.UnixEpoch);
}
