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

        await Eventually.HoldsAsync(async () => (await app.Sandbox.EphemeralAsync(learner)).ShouldHaveSingleItem().Text.ShouldContain("/study"));
    }
}
