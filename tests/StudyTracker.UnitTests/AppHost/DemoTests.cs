using StudyTracker.AppHost.Demo;

namespace StudyTracker.UnitTests.AppHost;

public sealed class DemoTests
{
    private static readonly DateTimeOffset _evening = new(2026, 3, 2, 21, 0, 0, TimeSpan.Zero);

    private static readonly DemoLedger _ledger = new()
    {
        Sent = 22,
        Duplicates = 3,
        Filtered = 1,
        Refused = 1,
        Unanswered = 0,
        Stored = 17,
        Written = 17,
        Jobs = 6,
        GivenUp = 0,
        Summaries = 6,
        Cached = 1,
        ModelCalls = 5,
        Delivered = 6,
        Parked = 0,
        Received = 6,
        ReceivedAgain = 0,
        JobsOfSecondRun = 0,
    };

    [Fact]
    public void Six_learners_in_two_workspaces_write_in_both_languages()
    {
        var learners = DemoScript.Load().Learners;

        learners.Count.ShouldBe(6);
        learners.Select(learner => learner.Team).Distinct().Order().ShouldBe(["T0BERLIN001", "T0SEOUL0001"]);
        learners.ShouldAllBe(learner => learner.Messages.Count >= 2 && learner.Messages.Count <= 4);
        learners.Count(learner => learner.Messages.All(message => message.Text.Any(letter => letter is >= '가' and <= '힣'))).ShouldBe(3);
    }

    [Fact]
    public void Two_learners_who_studied_together_post_the_same_notes() =>
        DemoScript.Load().Learners
            .GroupBy(learner => string.Join('\n', learner.Messages.Select(message => message.Text)))
            .Count(group => group.Count() == 2).ShouldBe(1);

    [Fact]
    public void Every_event_has_an_id_and_a_timestamp_of_its_own()
    {
        var events = DemoScript.Load().Events(_evening);

        events.Select(written => written.EventId).ShouldBeUnique();
        events.Select(written => written.Ts).ShouldBeUnique();
        events.Select(written => written.Ts).ShouldBe(events.Select(written => written.Ts).Order());
        events.ShouldContain(written => written.Times > 1);
        events.ShouldContain(written => written.DelayMs > 0);
        events.ShouldContain(written => written.Bot);
        events.ShouldContain(written => written.Signature == "wrong");
    }

    [Fact]
    public void A_ledger_without_loss_adds_up() => _ledger.AddsUp.ShouldBeTrue();

    [Fact]
    public void Every_loss_and_every_surplus_shows()
    {
        DemoLedger[] wrong =
        [
            _ledger with { Stored = 16 },
            _ledger with { Written = 18 },
            _ledger with { Sent = 23 },
            _ledger with { Summaries = 5 },
            _ledger with { Delivered = 5 },
            _ledger with { Received = 5 },
            _ledger with { ReceivedAgain = 1 },
            _ledger with { ModelCalls = 4 },
            _ledger with { JobsOfSecondRun = 1 },
            _ledger with { JobsOfSecondRun = null },
        ];

        wrong.ShouldAllBe(ledger => !ledger.AddsUp);
    }

    [Fact]
    public void Services_that_were_killed_cost_deliveries_and_calls_but_the_ledger_adds_up() =>
        (_ledger with { Sent = 24, Unanswered = 2, ModelCalls = 7 }).AddsUp.ShouldBeTrue();

    [Fact]
    public void Each_delivery_is_counted_once_by_what_became_of_it()
    {
        SentEvent[] sent =
        [
            new("1", "study", "accepted", [new(Status: null), new(503), new(200), new(200)]),
            new("2", "bot", "accepted", [new(200)]),
            new("3", "wrongSignature", "refused", [new(401)]),
        ];
        var figures = new StudyFigures(1, 0, 0, 0, 0, 0, 0, (0, 0), new Dictionary<string, RunFigures>());

        var ledger = DemoLedger.From(written: 1, sent, posts: [], modelCalls: 0, figures, secondRun: "none");

        (ledger.Sent, ledger.Duplicates, ledger.Filtered, ledger.Refused, ledger.Unanswered).ShouldBe((6, 1, 1, 1, 2));
        ledger.Lines().First().AddsUp.ShouldBeTrue();
    }

    [Fact]
    public void An_event_is_settled_when_it_was_accepted_as_often_as_wanted_or_given_up()
    {
        new SentEvent("1", "study", "accepted", [new(200)]).IsSettled(times: 2).ShouldBeFalse();
        new SentEvent("1", "study", "accepted", [new(200), new(200)]).IsSettled(times: 2).ShouldBeTrue();
        new SentEvent("1", "wrongSignature", "refused", [new(401)]).IsSettled(times: 1).ShouldBeTrue();
        new SentEvent("1", "study", "retrying", [new(503)]).IsSettled(times: 1).ShouldBeFalse();
    }

    [Fact]
    public async Task An_error_is_only_a_reason_to_ask_again()
    {
        var asked = 0;

        var answer = await new Patience(TimeSpan.FromSeconds(10)).UntilAsync(
            _ => ++asked < 3 ? throw new HttpRequestException() : Task.FromResult($"{asked}"), answer => answer == "4", TestContext.Current.CancellationToken);

        answer.ShouldBe("4");
    }
}
