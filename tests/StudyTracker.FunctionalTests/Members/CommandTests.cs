using StudyTracker.Contracts;
using StudyTracker.FunctionalTests.Runs;
using StudyTracker.FunctionalTests.Support;

namespace StudyTracker.FunctionalTests.Members;

/// <summary>Commands and buttons from Slack and back to it, at the address that Slack sends along.</summary>
[Collection(nameof(OneRunAtATime))]
public sealed class CommandTests(App app)
{
    [Fact]
    public async Task A_command_is_answered_to_the_one_who_gave_it()
    {
        var learner = Learner.New();

        (await app.Sandbox.CommandAsync(learner, "/study time 21:30")).ShouldBe(200);

        await Eventually.HoldsAsync(async () => (await app.Sandbox.EphemeralAsync(learner))[^1].Text.ShouldContain("21:30"));
        (await app.Sandbox.DirectMessagesAsync(learner)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_command_that_nobody_has_reaches_nobody()
    {
        var learner = Learner.New();

        (await app.Sandbox.CommandAsync(learner, "/foo bar")).ShouldBeNull();

        (await app.Sandbox.EphemeralAsync(learner)).ShouldHaveSingleItem().Text.ShouldStartWith("`/foo` is not a valid command.");
        app.Log.Of(Topics.SlackInteractions, learner.Key).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_button_below_a_summary_is_answered()
    {
        var learner = Learner.New();
        await app.Slack.AcceptedAsync(learner.Written($"{App.Marker} I learned about answers today."));
        using var summaries = new Summaries(app.Host.KafkaServers);
        await summaries.SendAsync(Summaries.Of(learner));
        var post = (await Eventually.GetsAsync(() => app.Sandbox.PostsAsync(learner), posts => posts.Count == 1))[0];

        (await app.Sandbox.PressAsync(learner, post.Ts, SlackActions.Pause)).ShouldBe(200);

        var answer = (await Eventually.GetsAsync(() => app.Sandbox.EphemeralAsync(learner), answers => answers.Count == 1))[0];
        answer.Text.ShouldContain("/study resume");

        (await app.Sandbox.PressAsync(learner, answer.Ts, SlackActions.Resume)).ShouldBe(200);

        // In its place: what is no longer so does not stay.
        await Eventually.HoldsAsync(async () =>
        {
            var instead = (await app.Sandbox.EphemeralAsync(learner)).ShouldHaveSingleItem();
            (instead.Ts, instead.Text).ShouldSatisfyAllConditions(_ => instead.Ts.ShouldBe(answer.Ts), _ => instead.Text.ShouldNotContain("/study resume"));
        });
    }

    [Fact]
    public async Task A_run_tells_how_many_wrote_but_hold_their_summaries_back()
    {
        var (paused, stopped, silent) = (Learner.New(), Learner.New(), Learner.New());
        // Other tests' learners may hold theirs back too.
        var before = (await app.Operator.FinishedAsync(await app.Operator.TriggerAsync())).HeldBack;
        foreach (var learner in new[] { paused, stopped }) await app.Slack.AcceptedAsync(learner.Written($"{App.Marker} I learned about silence today."));
        foreach (var learner in new[] { paused, silent }) await app.Sandbox.CommandAsync(learner, "/study pause");
        await app.Sandbox.CommandAsync(stopped, "/study stop daily");
        await app.Groups.CaughtUpAsync();

        (await app.Operator.FinishedAsync(await app.Operator.TriggerAsync())).HeldBack.ShouldBe(before + 2);

        (await app.Rows.SummariesAsync(paused)).ShouldBeEmpty();
        await app.Sandbox.CommandAsync(paused, "/study resume");
        await app.Sandbox.CommandAsync(stopped, "/study start daily");
        await app.Groups.CaughtUpAsync();
        (await app.Operator.FinishedAsync(await app.Operator.TriggerAsync())).HeldBack.ShouldBe(before);
    }
}
