using System.Globalization;
using System.Net;
using System.Text;
using StudyTracker.Contracts;
using StudyTracker.FunctionalTests.Support;

namespace StudyTracker.FunctionalTests.Ingress;

public sealed class AcceptanceTests(App app)
{
    [Fact]
    public async Task A_200_means_that_the_record_is_in_the_topic_byte_for_byte()
    {
        var learner = Learner.New();
        var eventId = Learner.NewEventId();
        // Odd spacing, an escape and Korean: nothing of it may be normalised.
        var body = Encoding.UTF8.GetBytes(
            learner.Written($"{App.Marker} 오늘은 재귀를 공부했다", eventId: eventId).Replace("{\"type\"", "{ \"x\" : \"\\u00e9\\/\" ,\n\t\"type\"", StringComparison.Ordinal));
        var before = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();

        using var answer = await app.Slack.PostAsync(body, traceParent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        var after = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        await Eventually.HoldsAsync(() => app.Log.Of(Topics.SlackEvents, learner.Key).ShouldNotBeEmpty());
        var record = app.Log.Of(Topics.SlackEvents, learner.Key).ShouldHaveSingleItem();
        record.Value.ShouldBe(body);
        record.Headers[RecordHeaders.Kind].ShouldBe(RecordKinds.SlackEvent);
        record.Headers[RecordHeaders.EventId].ShouldBe(eventId);
        long.Parse(record.Headers[RecordHeaders.ReceivedAt], CultureInfo.InvariantCulture).ShouldBeInRange(before, after);
        record.Headers[RecordHeaders.TraceParent].ShouldStartWith("00-4bf92f3577b34da6a3ce929d0e0e4736-");
        record.Headers.Keys.ShouldNotContain(RecordHeaders.RetryNumber);
    }

    [Fact]
    public async Task A_retry_is_accepted_too_and_says_so_in_its_record()
    {
        var learner = Learner.New();

        await app.Slack.AcceptedAsync(learner.Written(App.Marker), retry: 2);

        await Eventually.HoldsAsync(() =>
            app.Log.Of(Topics.SlackEvents, learner.Key).ShouldHaveSingleItem().Headers[RecordHeaders.RetryNumber].ShouldBe("2"));
    }

    [Fact]
    public async Task The_url_verification_challenge_is_echoed()
    {
        using var answer = await app.Slack.PostAsync("""{"type":"url_verification","challenge":"3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P"}""");

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldBe("3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P");
    }

    [Theory]
    [InlineData("\"subtype\":\"bot_message\"")]
    [InlineData("\"bot_id\":\"B012345678\"")]
    [InlineData("\"subtype\":\"channel_join\"")]
    [InlineData("\"subtype\":\"huddle_thread\"")]
    [InlineData("\"subtype\":\"of_a_later_day\"")]
    [InlineData("\"hidden\":true")]
    public async Task What_is_no_study_message_is_acknowledged_and_goes_no_further(string mark)
    {
        var learner = Learner.New();

        await app.Slack.AcceptedAsync(learner.Written(App.Marker).Replace("\"type\":\"message\"", $"\"type\":\"message\",{mark}", StringComparison.Ordinal));
        await app.Slack.AcceptedAsync(learner.Written($"{App.Marker} real"));

        // The real one comes after it in the same partition.
        await Eventually.HoldsAsync(() => app.Log.Of(Topics.SlackEvents, learner.Key).ShouldNotBeEmpty());
        app.Log.Of(Topics.SlackEvents, learner.Key).ShouldHaveSingleItem().Text.ShouldContain("real");
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{\"bot_id\":\"B1\"}")]
    [InlineData("{\"subtype\":\"slackbot_response\"}")]
    public async Task Slackbot_is_no_learner(string more)
    {
        var slackbot = Learner.New() with { UserId = "USLACKBOT" };
        var ts = Learner.NewTs();
        var learner = Learner.New(slackbot.TeamId);

        foreach (var body in new[] { slackbot.Written(App.Marker, ts), slackbot.Edited(App.Marker, ts, Learner.NewTs()), slackbot.Deleted(ts, Learner.NewTs()) })
            await app.Slack.AcceptedAsync(body.With("{}", more));
        await app.Slack.AcceptedAsync(learner.Written(App.Marker));

        await app.Groups.CaughtUpAsync();
        app.Log.Of(Topics.SlackEvents, slackbot.Key).ShouldBeEmpty();
        (await app.Rows.QueryAsync("SELECT user_id FROM study.members WHERE team_id = $1", row => row.GetString(0), learner.TeamId)).ShouldBe([learner.UserId]);
    }

    [Theory]
    [InlineData("{\"team_id\":null}")]
    [InlineData("{\"team_id\":null,\"enterprise_id\":null,\"authorizations\":[],\"authed_users\":[]}")]
    [InlineData("{\"team_id\":null,\"event\":{\"type\":\"team_access_granted\",\"team_ids\":[\"T1\"]}}")]
    public async Task An_event_that_names_nobody_to_serve_is_acknowledged(string envelope) =>
        await app.Slack.AcceptedAsync(Learner.New().Written(App.Marker).With(envelope));

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{\"type\":\"event_callback\"}")]
    [InlineData("{\"type\":\"url_verification\"} trailing")]
    public async Task A_signed_body_that_is_no_event_is_a_bad_request(string body)
    {
        using var answer = await app.Slack.PostAsync(body);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_body_beyond_the_limit_is_refused()
    {
        var body = Encoding.UTF8.GetBytes(Learner.New().Written(new string('x', 1_100_000)));

        // Asks before it sends, else the answer may be lost with the connection that is closed in the midst of the body.
        using var answer = await app.Slack.SendAsync(body, headers => headers.ExpectContinue = true);

        answer.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
    }
}
