using System.Net.Http.Json;
using System.Text.Json;
using StudyTracker.AppHost.Local;
using StudyTracker.FunctionalTests.Runs;
using StudyTracker.FunctionalTests.Support;

namespace StudyTracker.FunctionalTests.Intake;

/// <summary>The app is installed for an organisation with several workspaces, for which it has one token.</summary>
[Collection(nameof(OneRunAtATime))]
public sealed class OrganisationTests(App app)
{
    private const string Workspace = "T0BERLIN001";

    [Fact]
    public async Task Whoever_writes_in_several_workspaces_of_the_organisation_is_one_member_and_gets_one_direct_message()
    {
        var organisation = await OrganisationAsync();
        var learner = Learner.New() with { TeamId = organisation };
        var installed = $$"""
            "authorizations":[{"enterprise_id":"{{organisation}}","team_id":null,"user_id":"W9","is_bot":true,"is_enterprise_install":true}]
            """;
        var (first, second, third) = (Learner.NewTs(), Learner.NewTs(), Learner.NewTs());
        var text = $"{App.Marker} {learner.UserId}";

        await app.Slack.AcceptedAsync(learner.Written($"{text} learned about heaps.", first).With("""{"team_id":null,"authorizations":[]}""".Replace("null", $"null,\"enterprise_id\":\"{organisation}\"", StringComparison.Ordinal)));
        await app.Slack.AcceptedAsync(learner.Written($"{text} wrote a queue.", second).With($$"""{"team_id":"{{Workspace}}","enterprise_id":"{{organisation}}",{{installed}}}""", $$"""{"team":"{{Workspace}}"}"""));
        await app.Slack.AcceptedAsync(learner.Written($"{text} drew a graph.", third).With($$"""{"team_id":"T0SECOND001","enterprise_id":"{{organisation}}",{{installed}}}""", """{"user_team":"T0SECOND001"}"""));
        await app.Slack.AcceptedAsync(learner.Edited($"{text} learned about tries.", first, Learner.NewTs()).With($$"""{"team_id":"T0SECOND001","enterprise_id":"{{organisation}}",{{installed}}}"""));
        await app.Groups.CaughtUpAsync();

        (await app.Rows.MessagesAsync(learner)).Select(row => row.Ts).ShouldBe([first, second, third]);
        (await app.Rows.QueryAsync("SELECT team_id FROM study.members WHERE user_id = $1", row => row.GetString(0), learner.UserId)).ShouldBe([organisation]);
        await app.Operator.FinishedAsync(await app.Operator.TriggerAsync());
        var post = (await Eventually.GetsAsync(() => app.Sandbox.PostsAsync(learner with { TeamId = Workspace }), posts => posts.Count > 0)).ShouldHaveSingleItem();
        foreach (var word in new[] { "tries", "queue", "graph" }) post.Text.ShouldContain(word);
    }

    /// <summary>The organisation that the Sandbox has for a workspace, and knows a token of.</summary>
    private async Task<string> OrganisationAsync()
    {
        using var http = new HttpClient();
        var sandbox = await http.GetFromJsonAsync<JsonElement>(
            new Uri(app.Host.Services[ServiceNames.Sandbox].Url, "/sandbox/workspaces"), TestContext.Current.CancellationToken);
        return sandbox.GetProperty("workspaces").EnumerateArray().Single(workspace => workspace.GetProperty("id").GetString() == Workspace)
            .GetProperty("enterpriseId").GetString()!;
    }
}
