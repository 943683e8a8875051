using System.Net;
using StudyTracker.FunctionalTests.Support;

namespace StudyTracker.FunctionalTests.FieldReports;

/// <summary>Events as Slack sends them in workspaces that are not alone in the world.</summary>
[Collection(nameof(World))]
public sealed class EventTests(World world)
{
    [Fact]
    public async Task Slackbot_is_no_member()
    {
        var learner = await world.LearnerAsync();
        var ts = Learner.NewTs();
        await world.AcceptedAsync(World.Envelope(
            learner.TeamId, $$"""{"type":"message","user":"USLACKBOT","text":"Reminder: study.","ts":"{{ts}}","channel":"{{learner.ChannelId}}"}"""));

        (await MembersAsync(learner.TeamId)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Somebody_of_another_workspace_in_a_shared_channel_is_one_member_with_one_row_a_message_and_one_direct_message()
    {
        var host = await world.LearnerAsync();
        var learner = await world.LearnerAsync(); // at home in T2
        string Shared(string team, string slackEvent) => World.Envelope(team, slackEvent, "\"is_ext_shared_channel\":true,");
        var (ts, own) = (Learner.NewTs(), Learner.NewTs());
        var user = $"\"user\":\"{learner.UserId}\",\"user_team\":\"{learner.TeamId}\",\"source_team\":\"{learner.TeamId}\",\"team\":\"{learner.TeamId}\"";
        await world.AcceptedAsync(
            Shared(host.TeamId, $$"""{"type":"message",{{user}},"text":"I learned about shared channels.","ts":"{{ts}}","channel":"{{host.ChannelId}}"}"""),
            Shared(learner.TeamId, $$"""{"type":"message",{{user}},"text":"I learned about shared channels.","ts":"{{ts}}","channel":"{{host.ChannelId}}"}"""),
            Shared(learner.TeamId, $$$"""{"type":"message","subtype":"message_changed","channel":"{{{host.ChannelId}}}","ts":"{{{Learner.NewTs()}}}","message":{"type":"message",{{{user}}},"text":"I learned a lot about shared channels.","ts":"{{{ts}}}","edited":{"user":"{{{learner.UserId}}}","ts":"{{{Learner.NewTs()}}}"}},"previous_message":{"type":"message",{{{user}}},"text":"","ts":"{{{ts}}}"}}"""),
            World.Envelope(learner.TeamId, $$"""{"type":"message","user":"{{learner.UserId}}","team":"{{learner.TeamId}}","text":"And at home about databases.","ts":"{{own}}","channel":"{{learner.ChannelId}}"}"""));

        await world.RunAsync();

        (await MembersAsync(host.TeamId)).ShouldBeEmpty();
        (await MembersAsync(learner.TeamId)).ShouldBe([learner.UserId]);
        (await world.Rows.MessagesAsync(learner)).Select(row => row.Text).ShouldBe(["I learned a lot about shared channels.", "And at home about databases."], ignoreOrder: true);
        world.Slack.MessagesTo(learner.UserId).ShouldHaveSingleItem().Token.ShouldBe($"xoxb-{learner.TeamId}");
    }

    [Fact]
    public async Task A_channel_that_gets_another_id_keeps_its_messages()
    {
        var learner = await world.LearnerAsync();
        var (kept, deleted, now) = (Learner.NewTs(), Learner.NewTs(), "C1" + learner.ChannelId);
        await world.AcceptedAsync(learner.Written("I learned about channel ids.", kept), learner.Written("A slip of the pen.", deleted));
        await world.AcceptedAsync(World.Envelope(
            learner.TeamId, $$"""{"type":"channel_id_changed","old_channel_id":"{{learner.ChannelId}}","new_channel_id":"{{now}}","event_ts":"{{Learner.NewTs()}}"}"""));
        var moved = learner with { ChannelId = now };
        await world.AcceptedAsync(moved.Edited("I learned how channel ids change.", kept, Learner.NewTs()), moved.Deleted(deleted, Learner.NewTs()));

        await world.RunAsync();

        (await world.Rows.MessagesAsync(learner)).Count.ShouldBe(2);
        var question = world.Model.Questions("how channel ids change").ShouldHaveSingleItem();
        question.Texts.ShouldBe(["I learned how channel ids change."]);
        var blocks = world.Slack.MessagesTo(learner.UserId).ShouldHaveSingleItem()["blocks"];
        blocks.ShouldContain(now);
    }

    [Fact]
    public async Task An_organisation_that_installed_the_app_is_served()
    {
        var learner = Learner.New();
        var organisation = "E" + learner.TeamId[1..];
        await world.InstallAsync(organisation, $$$"""
            {"ok":true,"app_id":"A1","authed_user":{"id":"U0OWNER"},"scope":"chat:write","token_type":"bot","access_token":"xoxb-{{{organisation}}}",
             "bot_user_id":"UBOT","team":null,"enterprise":{"id":"{{{organisation}}}","name":"An organisation"},"is_enterprise_install":true}
            """);
        await world.AcceptedAsync(World.Envelope(
            null,
            $$"""{"type":"message","user":"{{learner.UserId}}","text":"I learned about organisations.","ts":"{{Learner.NewTs()}}","channel":"{{learner.ChannelId}}"}""",
            $$"""
            "enterprise_id":"{{organisation}}","authorizations":[{"enterprise_id":"{{organisation}}","team_id":null,"user_id":"UBOT","is_bot":true,"is_enterprise_install":true}],
            """));

        await world.RunAsync();

        world.Slack.MessagesTo(learner.UserId).ShouldHaveSingleItem().Token.ShouldBe($"xoxb-{organisation}");
    }

    [Theory]
    [InlineData("ssl_check=1&token=x")]
    [InlineData("token=x&ssl_check=1&team_id=T1")]
    public async Task Slacks_check_of_the_certificate_is_answered_with_nothing(string form)
    {
        var (status, body) = await world.FormAsync("/slack/commands", form);

        status.ShouldBe(HttpStatusCode.OK);
        body.ShouldBeEmpty();
    }

    private Task<List<string>> MembersAsync(string teamId) =>
        world.Rows.QueryAsync("SELECT user_id FROM study.members WHERE team_id = $1", row => row.GetString(0), teamId);
}
