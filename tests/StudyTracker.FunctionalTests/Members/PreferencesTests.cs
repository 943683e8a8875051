using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using StudyTracker.AppHost.Local;
using StudyTracker.Contracts;
using StudyTracker.FunctionalTests.Runs;
using StudyTracker.FunctionalTests.Support;

namespace StudyTracker.FunctionalTests.Members;

[Collection(nameof(OneRunAtATime))]
public sealed class PreferencesTests(App app)
{
    private const string ResponseUrl = "https%3A%2F%2Fhooks.slack.com%2Fcommands%2F1";

    [Fact]
    public async Task A_member_who_pauses_gets_nothing_and_after_resuming_what_was_written_meanwhile()
    {
        var learner = Learner.New();
        await CommandAsync(learner, "pause");
        await app.Slack.AcceptedAsync(learner.Written($"{App.Marker} I learned about patience today."));
        await app.Groups.CaughtUpAsync();
        (await PreferencesAsync(learner)).GetProperty("paused").GetBoolean().ShouldBeTrue();

        await app.Operator.FinishedAsync(await app.Operator.TriggerAsync());
        (await app.Rows.SummariesAsync(learner)).ShouldBeEmpty();

        await ButtonAsync(learner, SlackActions.Resume, "");
        await app.Groups.CaughtUpAsync();
        await app.Operator.FinishedAsync(await app.Operator.TriggerAsync());
        var summary = (await app.Rows.SummariesAsync(learner)).ShouldHaveSingleItem();

        await ButtonAsync(Learner.New(learner.TeamId), SlackActions.NotHelpful, $"{summary.Id}");
        await app.Groups.CaughtUpAsync();
        (await NotHelpfulAsync(summary.Id)).ShouldBeFalse("somebody else's opinion does not count");
        await ButtonAsync(learner, SlackActions.NotHelpful, $"{summary.Id}");
        await app.Groups.CaughtUpAsync();
        (await NotHelpfulAsync(summary.Id)).ShouldBeTrue();
    }

    [Fact]
    public async Task Commands_change_times_and_kinds_and_an_older_one_that_comes_late_undoes_nothing()
    {
        var learner = Learner.New();
        foreach (var text in new[] { "time 21:30", "시간 주간 9:05", "stop monthly", "stop daily", "시작 일간", "no such thing", "pause until 1999-01-01" })
            await CommandAsync(learner, text);
        await app.Groups.CaughtUpAsync();
        var expected = """{"paused":false,"pausedUntil":null,"stopped":["monthly"],"dailyTime":"21:30","weeklyTime":"09:05","monthlyTime":"21:30"}""";
        (await PreferencesAsync(learner)).GetRawText().ShouldBe(expected);

        using var producer = new RawProducer(app.Host.KafkaServers);
        await producer.SendAsync(Topics.SlackInteractions, learner.Key, Encoding.UTF8.GetBytes("text=pause"), new Dictionary<string, string>
        {
            [RecordHeaders.Kind] = RecordKinds.SlackCommand,
            [RecordHeaders.ReceivedAt] = DateTimeOffset.UtcNow.AddMinutes(-5).ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture),
        });
        await app.Groups.CaughtUpAsync();
        (await PreferencesAsync(learner)).GetRawText().ShouldBe(expected);
    }

    [Fact]
    public async Task Operators_see_and_set_preferences_and_are_told_what_makes_no_sense()
    {
        var learner = Learner.New();
        await app.Slack.AcceptedAsync(learner.Written($"{App.Marker} I learned about administration today."));
        await app.Groups.CaughtUpAsync();
        using var http = Http();

        using var bad = await http.PutAsJsonAsync(Url(learner), new { dailyTime = "25:00" }, TestContext.Current.CancellationToken);
        using var unknown = await http.GetAsync(Url(Learner.New()), TestContext.Current.CancellationToken);
        using var good = await http.PutAsJsonAsync(
            Url(learner), new { pausedUntil = "2031-01-01T00:00:00Z", stopped = new[] { "weekly" }, dailyTime = "07:15" }, TestContext.Current.CancellationToken);

        (bad.StatusCode, unknown.StatusCode, good.StatusCode).ShouldBe((HttpStatusCode.BadRequest, HttpStatusCode.NotFound, HttpStatusCode.OK));
        (await PreferencesAsync(learner)).GetRawText().ShouldBe(
            """{"paused":false,"pausedUntil":"2031-01-01T00:00:00+00:00","stopped":["weekly"],"dailyTime":"07:15","weeklyTime":null,"monthlyTime":null}""");
        using var stranger = new HttpClient();
        (await stranger.GetAsync(Url(learner), TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Operators_see_how_many_summaries_are_being_written_anew()
    {
        var learner = Learner.New();
        var ts = Learner.NewTs();
        await app.Slack.AcceptedAsync(learner.Written($"{App.Marker} I learned about first drafts today.", ts));
        await app.Groups.CaughtUpAsync();
        await app.Operator.FinishedAsync(await app.Operator.TriggerAsync());
        (await RevisingAsync(learner)).ShouldBe(0);

        // Slow enough to be looked at.
        await using (await app.Sandbox.SetAsync(new { modelLatencyMs = 1_500 }))
        {
            await app.Slack.AcceptedAsync(learner.Edited($"{App.Marker} I learned about second drafts today.", ts, Learner.NewTs()));
            await Eventually.HoldsAsync(async () => (await RevisingAsync(learner)).ShouldBe(1));
            await Eventually.HoldsAsync(async () => (await RevisingAsync(learner)).ShouldBe(0));
        }

        (await app.Rows.QueryAsync(
            "SELECT revision FROM study.summaries WHERE user_id = $1", row => row.GetInt32(0), learner.UserId)).ShouldHaveSingleItem().ShouldBe(1);
    }

    private async Task<int> RevisingAsync(Learner learner)
    {
        using var http = Http();
        return (await http.GetFromJsonAsync<JsonElement>(Url(learner), TestContext.Current.CancellationToken)).GetProperty("revising").GetInt32();
    }

    private Task CommandAsync(Learner learner, string text) => PostAsync(
        "/slack/commands",
        $"command=%2Fstudy&text={Uri.EscapeDataString(text)}&team_id={learner.TeamId}&user_id={learner.UserId}&response_url={ResponseUrl}");

    private Task ButtonAsync(Learner learner, string action, string value) => PostAsync("/slack/interactions", "payload=" + Uri.EscapeDataString(
        $$"""{"type":"block_actions","team":{"id":"{{learner.TeamId}}"},"user":{"id":"{{learner.UserId}}"},"actions":[{"action_id":"{{action}}","value":"{{value}}"}]}"""));

    private async Task PostAsync(string path, string body)
    {
        using var connection = await RawConnection.OpenAsync(app.Host.Services[ServiceNames.Ingress].Url);
        await connection.SendAsync(RawRequest.Form(path, body, app.Host.SigningSecret).ToBytes());
        (await connection.ReceiveAsync()).ShouldNotBeNull().Status.ShouldBe(200);
    }

    private async Task<JsonElement> PreferencesAsync(Learner learner)
    {
        using var http = Http();
        var member = await http.GetFromJsonAsync<JsonElement>(Url(learner), TestContext.Current.CancellationToken);
        return member.GetProperty("preferences");
    }

    private async Task<bool> NotHelpfulAsync(Guid summary) => (await app.Rows.QueryAsync(
        "SELECT not_helpful_at IS NOT NULL FROM study.summaries WHERE summary_id = $1", row => row.GetBoolean(0), summary)).ShouldHaveSingleItem();

    private Uri Url(Learner learner) =>
        new(app.Host.Services[ServiceNames.Summarizer].ManagementUrl, $"/members/{learner.TeamId}/{learner.UserId}/preferences");

    private HttpClient Http()
    {
        var http = new HttpClient();
        http.DefaultRequestHeaders.Add("X-Api-Key", app.Host.OperatorKey);
        return http;
    }
}
