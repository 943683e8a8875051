using StudyTracker.Contracts;
using StudyTracker.FunctionalTests.Support;

namespace StudyTracker.FunctionalTests.Intake;

public sealed class DuplicateTests(App app)
{
    [Fact]
    public async Task A_redelivered_event_is_stored_once()
    {
        var learner = Learner.New();
        var body = learner.Written($"{App.Marker} 같은 메시지", eventId: "Ev0REDELIVERED");

        await app.Slack.AcceptedAsync(body);
        await app.Slack.AcceptedAsync(body);
        await app.Slack.AcceptedAsync(body, retry: 1);
        await app.Slack.AcceptedAsync(body, retry: 3);

        await Eventually.HoldsAsync(() => app.Log.Of(Topics.SlackEvents, learner.Key).Count.ShouldBe(4));
        await app.Groups.CaughtUpAsync();
        var row = (await app.Rows.MessagesAsync(learner)).ShouldHaveSingleItem();
        row.Text.ShouldBe($"{App.Marker} 같은 메시지");
        row.EventId.ShouldBe("Ev0REDELIVERED");
    }

    [Fact]
    public async Task A_message_that_comes_again_under_another_event_id_is_still_the_same_message()
    {
        var learner = Learner.New();
        var ts = Learner.NewTs();

        await app.Slack.AcceptedAsync(learner.Written(App.Marker, ts));
        await app.Slack.AcceptedAsync(learner.Written(App.Marker, ts));
        await app.Groups.CaughtUpAsync();

        (await app.Rows.MessagesAsync(learner)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task The_same_timestamp_in_two_workspaces_is_two_messages()
    {
        var one = Learner.New();
        var other = one with { TeamId = Learner.NewTeam() };
        var ts = Learner.NewTs();

        await app.Slack.AcceptedAsync(one.Written(App.Marker, ts));
        await app.Slack.AcceptedAsync(other.Written(App.Marker, ts));
        await app.Groups.CaughtUpAsync();

        (await app.Rows.MessagesAsync(one)).ShouldHaveSingleItem();
        (await app.Rows.MessagesAsync(other)).ShouldHaveSingleItem();
    }
}
