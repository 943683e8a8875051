using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using StudyTracker.AppHost.Local;
using StudyTracker.AppHost.Local.Infrastructure;
using StudyTracker.Contracts;
using StudyTracker.FunctionalTests.Runs;
using StudyTracker.FunctionalTests.Support;

namespace StudyTracker.FunctionalTests.Delivery;

/// <summary>A workspace takes back the token that it had given us.</summary>
[Collection(nameof(OneRunAtATime))]
public sealed class RevocationTests(App app) : IDisposable
{
    private readonly LocalKafka _kafka = LocalKafka.Start();
    private readonly Learner _learner = Learner.New();

    [Fact]
    public async Task A_workspace_that_removes_the_app_is_left_alone_until_it_installs_the_app_again()
    {
        var keys = Directory.CreateTempSubdirectory("keys");
        await using var ingress = await ExtraHost.StartAsync(
            "revoke-ingress", ServiceNames.Ingress, _kafka.BootstrapServers, app.Host.StudyDb, app.Host.RedisServers, new() { ["Slack__SigningSecret"] = GuardedIngress.Secret });
        await using var notifier = await NotifierAsync("revoke", new()
        {
            ["Slack__ClientId"] = "1.2",
            ["Slack__ClientSecret"] = "not-a-real-secret",
            ["Slack__KeysFolder"] = keys.FullName,
        });
        using var slack = new SlackSide(ingress.Url, GuardedIngress.Secret);
        using var summaries = new Summaries(_kafka.BootstrapServers);
        using var owner = new Installer(notifier.Url);
        await owner.InstallAsync(_learner.TeamId);
        var installed = DateTimeOffset.UtcNow;
        await DeliveredAsync(summaries, 1);

        // A user's token is not ours, and what happened before the installation did not happen to it.
        await slack.AcceptedAsync(Event(DateTimeOffset.UtcNow, new { type = "tokens_revoked", tokens = new { oauth = new[] { "U1" }, bot = Array.Empty<string>() } }));
        await slack.AcceptedAsync(Event(installed.AddMinutes(-1), new { type = "app_uninstalled" }));
        await DeliveredAsync(summaries, 2);

        // Slack tells the time in whole seconds: in the installation's own nobody could say which came first.
        await Eventually.HoldsAsync(() => DateTimeOffset.UtcNow.ToUnixTimeSeconds().ShouldBeGreaterThan(installed.ToUnixTimeSeconds()));
        var removed = Event(DateTimeOffset.UtcNow, new { type = "app_uninstalled" });
        await slack.AcceptedAsync(removed);
        await slack.AcceptedAsync(removed, retry: 1);
        await Eventually.HoldsAsync(async () => (await RevocationsAsync()).ShouldBe(["app_uninstalled"]));
        (await TokensAsync()).ShouldBe([""]);
        var calls = await CallsAsync(notifier);
        var parked = Summaries.Of(_learner);
        await summaries.SendAsync(parked);
        await Eventually.HoldsAsync(async () => (await StateAsync(parked)).ShouldBe(("Parked", "app_uninstalled")));
        (await ReplayAsync(notifier, parked)).ShouldBe(1);
        await Eventually.HoldsAsync(async () => (await StateAsync(parked)).ShouldBe(("Parked", "app_uninstalled")));
        (await CallsAsync(notifier)).ShouldBe(calls);

        await owner.InstallAsync(_learner.TeamId);
        await slack.AcceptedAsync(removed, retry: 2);
        (await ReplayAsync(notifier, parked)).ShouldBe(1);
        await Eventually.HoldsAsync(async () => (await StateAsync(parked)).ShouldBe(("Sent", null)));
        await DeliveredAsync(summaries, 4);
        (await app.Sandbox.PostsAsync(_learner)).Count(post => post.SummaryId == $"{parked.SummaryId}").ShouldBe(1);
        (await RevocationsAsync()).ShouldBeEmpty();
        keys.Delete(recursive: true);
    }

    [Fact]
    public async Task A_token_of_the_configuration_that_is_revoked_is_used_no_more_and_another_one_is()
    {
        using var producer = new RawProducer(_kafka.BootstrapServers);
        using var summaries = new Summaries(_kafka.BootstrapServers);
        var summary = Summaries.Of(_learner);
        var tokens = new { type = "tokens_revoked", tokens = new { oauth = Array.Empty<string>(), bot = new[] { "U2" } } };
        await using (var notifier = await NotifierAsync("revoke-old", new() { [$"Slack__BotTokens__{_learner.TeamId}"] = "xoxb-the-old-one" }))
        {
            // It may be older than the token that was configured when the process began.
            await SendAsync(Event(DateTimeOffset.UtcNow.AddHours(-1), tokens));
            await Eventually.HoldsAsync(async () => (await notifier.LogAsync()).ShouldContain("it may be a newer one"));
            (await RevocationsAsync()).ShouldBeEmpty();

            await SendAsync(Event(DateTimeOffset.UtcNow.AddSeconds(1), tokens));
            await Eventually.HoldsAsync(async () => (await RevocationsAsync()).ShouldBe(["tokens_revoked"]));
            await summaries.SendAsync(summary);
            await Eventually.HoldsAsync(async () => (await StateAsync(summary)).ShouldBe(("Parked", "tokens_revoked")));
            (await CallsAsync(notifier)).ShouldBe(0);
            (await notifier.LogAsync()).ShouldNotContain("xoxb");
        }

        await using var restarted = await NotifierAsync("revoke-new", new() { [$"Slack__BotTokens__{_learner.TeamId}"] = $"xoxb-sandbox-{_learner.TeamId}" });
        (await ReplayAsync(restarted, summary)).ShouldBe(1);

        await Eventually.HoldsAsync(async () => (await StateAsync(summary)).ShouldBe(("Sent", null)));
        (await app.Sandbox.PostsAsync(_learner)).ShouldHaveSingleItem();

        Task SendAsync(string body) => producer.SendAsync(
            Topics.SlackInstallations, _learner.TeamId, Encoding.UTF8.GetBytes(body), new Dictionary<string, string> { [RecordHeaders.Kind] = RecordKinds.SlackInstallation });
    }

    public void Dispose() => _kafka.Dispose();

    private Task<ExtraHost> NotifierAsync(string name, Dictionary<string, string> settings) => ExtraHost.StartAsync(
        name,
        ServiceNames.Notifier,
        _kafka.BootstrapServers,
        app.Host.StudyDb,
        app.Host.RedisServers,
        new(settings) { ["Slack__ApiUrl"] = $"{app.Host.Services[ServiceNames.Sandbox].Url}api/", ["Slack__BotTokenTemplate"] = "" });

    private string Event(DateTimeOffset at, object slackEvent) => JsonSerializer.Serialize(new Dictionary<string, object>
    {
        ["type"] = "event_callback",
        ["team_id"] = _learner.TeamId,
        ["event_id"] = Learner.NewEventId(),
        ["event_time"] = at.ToUnixTimeSeconds(),
        ["event"] = slackEvent,
    });

    private async Task DeliveredAsync(Summaries summaries, int posts)
    {
        await summaries.SendAsync(Summaries.Of(_learner));
        await Eventually.HoldsAsync(async () => (await app.Sandbox.PostsAsync(_learner)).Count.ShouldBe(posts));
    }

    private async Task<(string, string?)> StateAsync(FeedbackRecord summary)
    {
        var row = (await app.Rows.DeliveriesAsync(_learner)).Single(row => row.SummaryId == summary.SummaryId);
        return (row.State, row.Error);
    }

    private Task<List<string>> RevocationsAsync() =>
        app.Rows.QueryAsync("SELECT reason FROM delivery.revocations WHERE team_id = $1", row => row.GetString(0), _learner.TeamId);

    private Task<List<string>> TokensAsync() =>
        app.Rows.QueryAsync("SELECT token FROM delivery.workspaces WHERE team_id = $1", row => row.GetString(0), _learner.TeamId);

    private static Task<double> CallsAsync(ExtraHost notifier) => Metrics.SumOfAsync(notifier.ManagementUrl, "studytracker_delivery_calls", "method=");

    private static async Task<int> ReplayAsync(ExtraHost notifier, FeedbackRecord summary)
    {
        using var http = new HttpClient { BaseAddress = notifier.ManagementUrl, DefaultRequestHeaders = { { "X-Api-Key", notifier.OperatorKey } } };
        using var answer = await http.PostAsync(
            new Uri($"/parked/replay?summaryId={summary.SummaryId}", UriKind.Relative), null, TestContext.Current.CancellationToken);
        return (await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken)).GetProperty("replayed").GetInt32();
    }
}
