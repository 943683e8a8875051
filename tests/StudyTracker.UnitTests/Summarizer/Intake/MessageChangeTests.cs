using CsCheck;
using StudyTracker.Summarizer.Intake;

namespace StudyTracker.UnitTests.Summarizer.Intake;

/// <summary>What events say about one message adds up to the same, whatever their order and however often each arrives.</summary>
public sealed class MessageChangeTests
{
    // As Slack tells it: a version of a message has one text, and each telling of it one set of attachments; the thread never
    // changes, but not every event names it.
    private static readonly Gen<MessageChange> _change =
        from version in Gen.OneOf(MessageChange.NoText, 0m, 1.5m, 2m, 3m)
        from told in Gen.OneOf(0m, 6m, 7m)
        from deleted in Gen.OneOf<decimal?>(null, 4m, 5m)
        from thread in Gen.OneOf<string?>(null, "1.0")
        from received in Gen.Int[0, 5]
        from eventId in Gen.OneOf("Ev1", "Ev2", "Ev3")
        select Change(version, version < 0 ? 4m : deleted, thread, received, eventId, version < 0 ? 0m : told);

    [Fact]
    public void The_order_of_two_does_not_matter() =>
        Gen.Select(_change, _change).Sample((one, other) => one.Merge(other).ShouldBe(other.Merge(one)));

    [Fact]
    public void How_three_are_grouped_does_not_matter() =>
        Gen.Select(_change, _change, _change).Sample((a, b, c) => a.Merge(b).Merge(c).ShouldBe(a.Merge(b.Merge(c))));

    [Fact]
    public void A_second_time_says_nothing_new() => Gen.Select(_change, _change).Sample((one, other) =>
    {
        one.Merge(one).ShouldBe(one);
        var both = one.Merge(other);
        both.Merge(other).ShouldBe(both);
        both.Merge(one).ShouldBe(both);
    });

    [Fact]
    public void An_edit_that_comes_before_its_message_wins()
    {
        var merged = Change(2m, null, null, 0, "Ev2").Merge(Change(0m, null, null, 9, "Ev1"));

        (merged.Content.Text, merged.Version).ShouldBe(("text 2", 2m));
    }

    [Fact]
    public void A_deletion_that_comes_before_its_message_keeps_it_deleted()
    {
        var merged = Change(MessageChange.NoText, 4m, null, 0, "Ev2").Merge(Change(0m, null, "1.0", 9, "Ev1"));

        (merged.Content.Text, merged.Version, merged.DeletedTs, merged.ThreadTs).ShouldBe(("text 0", 0m, 4m, "1.0"));
    }

    [Fact]
    public void The_event_that_came_first_is_the_one_that_brought_it()
    {
        var merged = Change(0m, null, null, 3, "Ev1").Merge(Change(2m, null, null, 1, "Ev2"));

        (merged.EventId, merged.ReceivedAt, merged.Content.Text).ShouldBe(("Ev2", DateTimeOffset.UnixEpoch.AddSeconds(1), "text 2"));
    }

    [Fact]
    public void What_Slack_finds_behind_a_link_is_added_whenever_it_comes()
    {
        var (posted, unfurled, edited) = (Change(0m, null, null, 1, "Ev1"), Change(0m, null, null, 2, "Ev2", 6m), Change(2m, null, null, 3, "Ev3"));

        unfurled.Merge(posted).Content.ShouldBe(unfurled.Content);
        posted.Merge(unfurled).Content.ShouldBe(unfurled.Content);
        edited.Merge(unfurled).Content.ShouldBe(edited.Content); // of what was written before
        edited.Merge(Change(2m, null, null, 4, "Ev4", 7m)).Content.Attached.ShouldBe("Linked page: 7");
    }

    private static MessageChange Change(decimal version, decimal? deleted, string? thread, int received, string eventId, decimal told = 0m) => new(
        new MessageKey("T1", "C1", "1.0"),
        "U1",
        version < 0
            ? MessageContent.None
            : new MessageContent(FormattableString.Invariant($"text {version:0.#}"), told > 0 ? FormattableString.Invariant($"Linked page: {told:0}") : null),
        version,
        told,
        deleted,
        thread,
        DateTimeOffset.UnixEpoch,
        eventId,
        DateTimeOffset.UnixEpoch.AddSeconds(received));
}
