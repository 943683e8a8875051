using StudyTracker.FunctionalTests.Support;

namespace StudyTracker.FunctionalTests.Runs;

[Collection(nameof(OneRunAtATime))]
public sealed class WindowTests(App app)
{
    [Fact]
    public async Task A_second_run_right_after_the_first_has_nothing_to_say()
    {
        var learner = Learner.New();
        await WriteAsync(learner, "hash tables");

        await RunAsync();
        await RunAsync();

        (await app.Rows.SummariesAsync(learner)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_new_message_between_two_runs_makes_one_more_summary_whose_window_meets_the_first()
    {
        var learner = Learner.New();
        await WriteAsync(learner, "hash tables");
        await RunAsync();
        await WriteAsync(learner, "binary trees");

        await RunAsync();
        await RunAsync();

        var summaries = await app.Rows.SummariesAsync(learner);
        summaries.Count.ShouldBe(2);
        summaries.ShouldAllBe(summary => summary.MessageCount == 1);
        summaries[1].WindowStart.ShouldBe(summaries[0].WindowEnd);
    }

    [Fact]
    public async Task Twenty_triggers_with_nothing_new_between_are_twenty_runs_and_one_summary()
    {
        var learner = Learner.New();
        await WriteAsync(learner, "idempotence");

        var runs = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => app.Operator.TriggerAsync()));
        foreach (var run in runs) await app.Operator.FinishedAsync(run);

        runs.Distinct().Count().ShouldBe(20);
        runs.ShouldContain((await app.Rows.SummariesAsync(learner)).ShouldHaveSingleItem().RunId);
        await app.Groups.CaughtUpAsync();
        (await app.Sandbox.PostsAsync(learner)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task An_edit_after_the_run_makes_no_second_summary()
    {
        var learner = Learner.New();
        var ts = Learner.NewTs();
        await app.Slack.AcceptedAsync(learner.Written($"{App.Marker} I learned about heaps.", ts));
        await app.Groups.CaughtUpAsync();
        await RunAsync();
        await app.Slack.AcceptedAsync(learner.Edited($"{App.Marker} I learned about min heaps.", ts, Learner.NewTs()));
        await app.Groups.CaughtUpAsync();

        await RunAsync();

        (await app.Rows.SummariesAsync(learner)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Messages_posted_after_the_triggers_time_are_left_to_the_next_run_and_not_lost()
    {
        var learner = Learner.New();
        await WriteAsync(learner, "graphs");
        // Stored before the run is planned, posted after it was asked for: nothing tells this apart from a slow planner.
        var later = DateTimeOffset.UtcNow.AddSeconds(6);
        await app.Slack.AcceptedAsync(learner.Written($"{App.Marker} I learned about spanning trees.", Learner.Ts(later)));
        // In one batch with the next message it would be put after it, by its time.
        await app.Groups.CaughtUpAsync();
        await WriteAsync(learner, "matrices");

        await RunAsync();
        (await app.Rows.SummariesAsync(learner)).ShouldHaveSingleItem().MessageCount.ShouldBe(1);

        await Eventually.HoldsAsync(() => DateTimeOffset.UtcNow.ShouldBeGreaterThan(later));
        await RunAsync();
        (await app.Rows.SummariesAsync(learner)).Sum(summary => summary.MessageCount).ShouldBe(3);
    }

    [Fact]
    public async Task Daily_and_weekly_runs_each_cover_every_message_once()
    {
        var learner = Learner.New();
        await WriteAsync(learner, "parsers");
        await RunAsync();
        await WriteAsync(learner, "lexers");
        await RunAsync();

        await RunAsync("weekly");
        await RunAsync("weekly");

        (await app.Rows.SummariesAsync(learner)).Select(summary => summary.MessageCount).Order().ShouldBe([1, 1, 2]);
    }

    [Fact]
    public async Task A_message_that_was_deleted_before_the_run_is_in_no_summary()
    {
        var learner = Learner.New();
        var ts = Learner.NewTs();
        await app.Slack.AcceptedAsync(learner.Written($"{App.Marker} written by mistake", ts));
        await app.Slack.AcceptedAsync(learner.Deleted(ts, Learner.NewTs()));
        await app.Groups.CaughtUpAsync();

        await RunAsync();

        (await app.Rows.SummariesAsync(learner)).ShouldBeEmpty();
    }

    private async Task WriteAsync(Learner learner, string topic)
    {
        await app.Slack.AcceptedAsync(learner.Written($"{App.Marker} I learned about {topic} today."));
        await app.Groups.CaughtUpAsync();
    }

    private async Task RunAsync(string kind = "daily") =>
        await app.Operator.FinishedAsync(await app.Operator.TriggerAsync(kind: kind));
}
