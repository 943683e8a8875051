using StudyTracker.Contracts;
using StudyTracker.FunctionalTests.Runs;
using StudyTracker.FunctionalTests.Support;

namespace StudyTracker.FunctionalTests.Intake;

/// <summary>A channel that is shared with another organisation: its people's words come in several envelopes.</summary>
[Collection(nameof(OneRunAtATime))]
public sealed class SlackConnectTests(App app)
{
    [Fact]
    public async Task Whoever_writes_in_a_channel_of_another_workspace_is_one_member_with_one_row_for_each_message_and_one_direct_message()
    {
        var host = Learner.NewTeam();
        var guest = Learner.New();
        var atHome = guest with { ChannelId = Learner.New().ChannelId };
        var (first, second) = (Learner.NewTs(), Learner.NewTs());
        var text = $"{App.Marker} {guest.UserId}";

        // Both workspaces have the app, and both are told; the edit comes from the guest's side.
        await app.Slack.AcceptedAsync(guest.Written($"{text} learned about heaps.", first).With(ToHost(host), $$"""{"user_team":"{{guest.TeamId}}"}"""));
        await app.Slack.AcceptedAsync(guest.Written($"{text} learned about heaps.", first).With("""{"is_ext_shared_channel":true}"""));
        await app.Slack.AcceptedAsync(guest.Edited($"{text} learned about tries.", first, Learner.NewTs()));
        await app.Slack.AcceptedAsync(atHome.Written($"{text} wrote a queue.", second));
        await app.Groups.CaughtUpAsync();

        (await MembersAsync(guest)).ShouldBe([guest.TeamId]);
        (await app.Rows.MessagesAsync(guest)).Select(row => row.Ts).ShouldBe([first, second]);
        await app.Operator.FinishedAsync(await app.Operator.TriggerAsync());
        var post = (await Eventually.GetsAsync(() => app.Sandbox.PostsAsync(guest), posts => posts.Count > 0)).ShouldHaveSingleItem();
        post.Text.ShouldContain("tries");
        post.Text.ShouldContain("queue");
        (await app.Sandbox.PostsAsync(guest with { TeamId = host })).ShouldBeEmpty();

        // Deleted where it was written: of the author, Slack tells the workspace in a field of another name.
        await app.Slack.AcceptedAsync(guest.Deleted(first, Learner.NewTs()).With(ToHost(host), $$"""{"team":"{{guest.TeamId}}"}"""));

        await Eventually.HoldsAsync(async () =>
            (await app.Sandbox.DirectMessagesAsync(guest)).ShouldHaveSingleItem().Text.ShouldNotContain("tries"));
        (await app.Rows.MessagesAsync(guest)).Count.ShouldBe(2);
        (await MembersAsync(guest)).ShouldBe([guest.TeamId]);
        (await app.Sandbox.PostsAsync(guest)).ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("""{"user_team":"GUEST"}""")]
    [InlineData("""{"team":"HOST","source_team":"GUEST"}""")]
    [InlineData("""{"team":"GUEST"}""")]
    [InlineData("""{"files":[{"id":"F1","user_team":"GUEST"}]}""")]
    public async Task An_edit_and_a_deletion_by_the_hosts_side_meet_the_row_however_they_tell_the_author(string author)
    {
        var host = Learner.NewTeam();
        var guest = Learner.New();
        var ts = Learner.NewTs();
        var told = author.Replace("GUEST", guest.TeamId, StringComparison.Ordinal).Replace("HOST", host, StringComparison.Ordinal);

        await app.Slack.AcceptedAsync(guest.Edited($"{App.Marker} edited", ts, Learner.NewTs()).With(ToHost(host), told));
        await app.Slack.AcceptedAsync(guest.Written(App.Marker, ts));
        await app.Slack.AcceptedAsync(guest.Deleted(ts, Learner.NewTs()).With(ToHost(host), told));
        await app.Groups.CaughtUpAsync();

        var row = (await app.Rows.MessagesAsync(guest)).ShouldHaveSingleItem();
        row.Text.ShouldBe($"{App.Marker} edited");
        row.DeletedTs.ShouldNotBeNull();
        (await MembersAsync(guest)).ShouldBe([guest.TeamId]);
        app.Log.Of(Topics.SlackEvents, guest.Key).Count.ShouldBe(3);
    }

    private static string ToHost(string host) =>
        $$"""
        {"team_id":"{{host}}","context_team_id":"{{host}}","is_ext_shared_channel":true,
        "authorizations":[{"enterprise_id":null,"team_id":"{{host}}","user_id":"U9","is_bot":true,"is_enterprise_install":false}]}
        """;

    private Task<List<string>> MembersAsync(Learner learner) =>
        app.Rows.QueryAsync("SELECT team_id FROM study.members WHERE user_id = $1", row => row.GetString(0), learner.UserId);
}
