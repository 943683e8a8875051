using System.Net;
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
        using var owner = new Installer(notifier.Url);
        using var other = new Installer(notifier.Url);

        var (slack, state) = await owner.BeginAsync();
        slack.GetLeftPart(UriPartial.Path).ShouldBe("https://slack.com/oauth/v2/authorize");
        // Somebody else's browser, and a state that is none.
        (await other.EndAsync(learner.TeamId, state)).ShouldBe(HttpStatusCode.BadRequest);
        (await owner.EndAsync(learner.TeamId, "made-up")).ShouldBe(HttpStatusCode.BadRequest);

        await owner.InstallAsync(learner.TeamId);

        var token = (await app.Rows.QueryAsync("SELECT token FROM delivery.workspaces WHERE team_id = $1", row => row.GetString(0), learner.TeamId)).ShouldHaveSingleItem();
        token.ShouldNotContain("xoxb");
        using var summaries = new Summaries(kafka.BootstrapServers);
        await summaries.SendAsync(Summaries.Of(learner));
        await Eventually.HoldsAsync(async () => (await app.Sandbox.PostsAsync(learner)).ShouldHaveSingleItem());
        (await notifier.LogAsync()).ShouldNotContain("xoxb");
        keys.Delete(recursive: true);
    }
}
