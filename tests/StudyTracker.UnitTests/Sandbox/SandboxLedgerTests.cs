using StudyTracker.Sandbox.Events;

namespace StudyTracker.UnitTests.Sandbox;

public sealed class SandboxLedgerTests
{
    [Fact]
    public void Events_are_counted_once_and_their_attempts_each()
    {
        using var sandbox = new SandboxFixture();
        var accepted = sandbox.Submit("Ev1", request => request with { Times = 2 });
        sandbox.Attempt(accepted, 503, "http_error");
        sandbox.Attempt(accepted, 200);
        sandbox.Attempt(accepted, 200);
        sandbox.Attempt(sandbox.Submit("Ev2", request => request with { Signature = SignatureMode.Wrong }), 401, "http_error");
        sandbox.Attempt(sandbox.Submit("Ev3", request => request with { Bot = true }), 200);
        sandbox.Submit("Ev4");

        var events = sandbox.Ledger.Counts().Events;

        events.Unique.ShouldBe(4);
        events.Deliveries.ShouldBe(5);
        events.Accepted.ShouldBe(2);
        events.Refused.ShouldBe(1);
        events.Pending.ShouldBe(1);
        events.ByKind.ShouldBe(new Dictionary<EventKind, long>
        {
            [EventKind.Study] = 2,
            [EventKind.WrongSignature] = 1,
            [EventKind.Bot] = 1,
        }, ignoreOrder: true);
        events.AcceptedByKind.ShouldBe(new Dictionary<EventKind, long> { [EventKind.Study] = 1, [EventKind.Bot] = 1 }, ignoreOrder: true);
    }

    [Fact]
    public void The_same_event_id_is_never_a_second_event()
    {
        using var sandbox = new SandboxFixture();

        sandbox.Submit("Ev1").ShouldBeSameAs(sandbox.Submit("Ev1", request => request with { Text = "other" }));
        sandbox.Ledger.Counts().Events.Unique.ShouldBe(1);
    }

    [Fact]
    public void A_summary_that_is_posted_again_is_a_duplicate()
    {
        using var sandbox = new SandboxFixture();
        foreach (var summary in new[] { "a", "b", "a", "a" })
        {
            sandbox.Post(SandboxFixture.User, summary);
            sandbox.Time.Advance(TimeSpan.FromSeconds(1));
        }

        var posts = sandbox.Ledger.Counts().Posts;

        posts.Accepted.ShouldBe(4);
        posts.BySummary.Distinct.ShouldBe(2);
        posts.BySummary.Duplicates.ShouldBe(2);
    }

    [Fact]
    public void Counts_stay_exact_when_the_list_forgets()
    {
        using var sandbox = new SandboxFixture(configure: options => options.MaxListed = 8);
        for (var i = 0; i < 100; i++) sandbox.Attempt(sandbox.Submit($"Ev{i}"), 200);

        sandbox.Ledger.Counts().Events.Accepted.ShouldBe(100);
        var page = sandbox.Ledger.Events(0, 1_000, null);
        page.Total.ShouldBe(100);
        page.Items.Count.ShouldBeLessThan(10);
        page.Items[^1].EventId.ShouldBe("Ev99");
    }

    [Fact]
    public void The_total_of_a_selection_is_of_the_selection()
    {
        using var sandbox = new SandboxFixture();
        for (var i = 0; i < 3; i++) sandbox.Post("U0SEOULMINJ");
        sandbox.Post(SandboxFixture.User);

        var page = sandbox.Ledger.Posts(0, 2, post => post.UserId == "U0SEOULMINJ");

        page.Items.Count.ShouldBe(2);
        page.Total.ShouldBe(3);
        page.Next.ShouldBe(2);
        sandbox.Ledger.Posts(0, 2, null).Total.ShouldBe(4);
    }

    [Fact]
    public void More_events_than_may_wait_are_not_taken()
    {
        using var sandbox = new SandboxFixture(configure: options => options.MaxPendingEvents = 1);
        sandbox.Submit("Ev1");

        var request = new EventRequest { TeamId = SandboxFixture.Team, UserId = SandboxFixture.User, Text = "x", EventId = "Ev2" };
        sandbox.Ledger.Submit(sandbox.Factory.Create(request)).ShouldBeNull();
    }

    [Fact]
    public void An_edit_changes_the_message_and_a_deletion_takes_it_away()
    {
        using var sandbox = new SandboxFixture();
        var ts = sandbox.Submit("Ev1").Queued.Message.Ts;
        sandbox.Submit("Ev2", request => request with { Subtype = "message_changed", TargetTs = ts, Text = "UDP" });
        var edited = sandbox.Ledger.Messages(SandboxFixture.Team, SandboxFixture.Channel).ShouldHaveSingleItem();
        edited.Text.ShouldBe("UDP");
        edited.EditedTs.ShouldNotBeNull();

        sandbox.Submit("Ev3", request => request with { Subtype = "message_deleted", TargetTs = ts });

        sandbox.Ledger.Messages(SandboxFixture.Team, SandboxFixture.Channel).ShouldBeEmpty();
    }

    [Fact]
    public void A_reset_forgets_everything_and_lets_those_go_on_who_wait()
    {
        using var sandbox = new SandboxFixture();
        var entry = sandbox.Submit("Ev1");
        sandbox.Post(SandboxFixture.User, "a");

        sandbox.Ledger.Reset();
        sandbox.Attempt(entry, 200);

        entry.Settled.IsCompleted.ShouldBeTrue();
        sandbox.Ledger.Counts().Events.Deliveries.ShouldBe(0);
        sandbox.Ledger.Counts().Posts.Calls.ShouldBe(0);
    }
}
