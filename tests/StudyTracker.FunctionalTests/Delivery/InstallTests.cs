using System.Net;
using System.Web;
using StudyTracker.AppHost.Local;
using StudyTracker.FunctionalTests.Runs;
using StudyTracker.FunctionalTests.Support;

namespace StudyTracker.FunctionalTests.Delivery;

/// <summary>A workspace installs the app by itself.</summary>
[Collection(nameof(OneRunAtATime))]
public sealed class InstallTests(App app)
{
    [Fact]
    public async Task A_workspace_that_installs_the_app_gets_its_summaries_and_its_token_is_encrypted()
    {
        var keys = Directory.CreateTempSubdirectory("keys");
        using var kafka = AppHost.Local.Infrastructure.LocalKafka.Start();
        await using var notifier = await ExtraHost.StartAsync("install", ServiceNames.Notifier, kafka.BootstrapServers, app.Host.StudyDb, app.Host.RedisServers, new()
        {
            ["Slack__ApiUrl"] = $"{app.Host.Services[ServiceNames.Sandbox].Url}api/",
            ["Slack__ClientId"] = "1.2",
            ["Slack__ClientSecret"] = "not-a-real-secret",
            ["Slack__KeysFolder"] = keys.FullName,
        });
        var learner = Learner.New();
        using var browser = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = notifier.Url };
        using var other = new HttpClient { BaseAddress = notifier.Url };

        using var begun = await browser.GetAsync(new Uri("/slack/install", UriKind.Relative), TestContext.Current.CancellationToken);
        begun.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        begun.Headers.Location!.GetLeftPart(UriPartial.Path).ShouldBe("https://slack.com/oauth/v2/authorize");
        var state = Uri.EscapeDataString(HttpUtility.ParseQueryString(begun.Headers.Location.Query)["state"]!);
        // Somebody else's browser, a state that is none, and a code that is none.
        (await AnswerAsync(other, $"code=code-{learner.TeamId}&state={state}")).ShouldBe(HttpStatusCode.BadRequest);
        (await AnswerAsync(browser, $"code=code-{learner.TeamId}&state=made-up")).ShouldBe(HttpStatusCode.BadRequest);
        using var again = await browser.GetAsync(new Uri("/slack/install", UriKind.Relative), TestContext.Current.CancellationToken);
        state = Uri.EscapeDataString(HttpUtility.ParseQueryString(again.Headers.Location!.Query)["state"]!);

        (await AnswerAsync(browser, $"code=code-{learner.TeamId}&state={state}")).ShouldBe(HttpStatusCode.OK);

        var token = (await app.Rows.QueryAsync("SELECT token FROM delivery.workspaces WHERE team_id = $1", row => row.GetString(0), learner.TeamId)).ShouldHaveSingleItem();
        token.ShouldNotContain("xoxb");
        using var summaries = new Summaries(kafka.BootstrapServers);
        await summaries.SendAsync(Summaries.Of(learner));
        await Eventually.HoldsAsync(async () => (await app.Sandbox.PostsAsync(learner)).ShouldHaveSingleItem());
        (await notifier.LogAsync()).ShouldNotContain("xoxb");
        keys.Delete(recursive: true);
    }

    private static async Task<HttpStatusCode> AnswerAsync(HttpClient browser, string query)
    {
        using var answer = await browser.GetAsync(new Uri($"/slack/oauth?{query}", UriKind.Relative), TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }
}
