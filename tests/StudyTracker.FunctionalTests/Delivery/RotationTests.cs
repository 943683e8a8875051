using System.Globalization;
using System.Net;
using StudyTracker.AppHost.Local;
using StudyTracker.AppHost.Local.Infrastructure;
using StudyTracker.FunctionalTests.Runs;
using StudyTracker.FunctionalTests.Support;

namespace StudyTracker.FunctionalTests.Delivery;

/// <summary>Installations as Slack grants them: of organisations, with tokens that run out, or not at all.</summary>
[Collection(nameof(OneRunAtATime))]
public sealed class RotationTests(App app) : IAsyncLifetime
{
    private readonly LocalKafka _kafka = LocalKafka.Start();
    private readonly DirectoryInfo _keys = Directory.CreateTempSubdirectory("keys");
    private ScriptedSlack _slack = null!;
    private Summaries _summaries = null!;

    public async ValueTask InitializeAsync()
    {
        _slack = await ScriptedSlack.StartAsync();
        _summaries = new Summaries(_kafka.BootstrapServers);
    }

    public async ValueTask DisposeAsync()
    {
        _summaries.Dispose();
        await _slack.DisposeAsync();
        _kafka.Dispose();
        _keys.Delete(recursive: true);
    }

    /// <summary>What Slack answers to the code; then the status and words of the page.</summary>
    private static readonly (string Answer, HttpStatusCode Status, string Says)[] _refusals =
    [
        ("""{"ok":false,"error":"invalid_code"}""", HttpStatusCode.BadRequest, "Slack did not hand out a token (invalid_code). Nothing was installed. Slack's permission was used before"),
        ("""{"ok":false,"error":"code_already_used"}""", HttpStatusCode.BadRequest, "Begin again at /slack/install"),
        ("""{"ok":false,"error":"bad_redirect_uri"}""", HttpStatusCode.BadGateway, "The operator has to add this page's address"),
        ("""{"ok":false,"error":"bad_client_secret"}""", HttpStatusCode.BadGateway, "Slack:ClientSecret"),
        ("""{"ok":false,"error":"invalid_team_for_non_distributed_app"}""", HttpStatusCode.BadGateway, "Manage Distribution"),
        ("""{"ok":false,"error":"a word of a later day"}""", HttpStatusCode.BadGateway, "(unknown_error)"),
        ("""{"ok":true,"access_token":null,"authed_user":{"id":"U1","access_token":"xoxp-1","token_type":"user"},"team":{"id":"T1"}}""", HttpStatusCode.BadRequest, "a token of yours and none of the app's"),
        ("""{"ok":true,"access_token":"xoxp-1","token_type":"user","team":{"id":"T1"}}""", HttpStatusCode.BadRequest, "(no_bot_token)"),
        ("""{"ok":true,"access_token":"xoxb-1","team":null,"enterprise":null}""", HttpStatusCode.BadGateway, "Slack could not be asked"),
        ("""{"ok":true,"access_token":"xoxb-1","is_enterprise_install":true,"team":{"id":"T1"},"enterprise":null}""", HttpStatusCode.BadGateway, "Slack could not be asked"),
        ("<html>", HttpStatusCode.BadGateway, "Slack could not be asked"),
    ];

    [Fact]
    public async Task An_organisation_installs_the_app_under_its_own_id_and_who_cannot_reads_why()
    {
        var org = $"E{Learner.NewTeam()[1..]}";
        var (workspace, stranger) = (Learner.NewTeam(), Learner.NewTeam());
        await using var notifier = await NotifierAsync("rotation-org", new() { ["Slack__AllowedTeams__0"] = org, ["Slack__AllowedTeams__1"] = workspace });
        using var owner = new Installer(notifier.Url);
        foreach (var (answer, status, says) in _refusals)
        {
            _slack.Answer = _ => new(answer);
            var page = await owner.ReadAsync("code=1");
            page.Status.ShouldBe(status, answer);
            page.Text.ShouldContain(says);
        }

        (await owner.ReadAsync("error=access_denied")).Text.ShouldContain("(access_denied)");
        (await owner.ReadAsync("error=%3Cscript%3E")).Text.ShouldNotContain("script");
        (await TokensAsync(workspace)).ShouldBeEmpty();
        var exchange = _slack.Calls[0];
        (exchange.Verb, exchange.Arguments["code"], exchange.Authorization?[..6]).ShouldBe(("POST", "1", "Basic "));

        _slack.Answer = _ => new(Granted("xoxb-stranger", "T", stranger));
        (await owner.ReadAsync("code=1")).Text.ShouldContain($"not for this workspace ({stranger})");
        _slack.Answer = call => call.Method == "oauth.v2.access" ? new(Granted("xoxb-workspace", "T", workspace, enterprise: org)) : Posted(call);
        (await owner.ReadAsync("code=1")).Status.ShouldBe(HttpStatusCode.OK);
        _slack.Answer = call => call.Method == "oauth.v2.access" ? new(Granted("xoxb-org", "E", org)) : Posted(call);
        (await owner.ReadAsync("code=1")).ShouldBe((HttpStatusCode.OK,
            "StudyTracker is installed for the organisation Study. Its admins choose in which workspaces it may be used. Invite it to a channel there and write what you studied."));

        // Each with its own token; a workspace that has lost its own, with its organisation's.
        (await TokenOfPostAsync(Learner.New(org))).ShouldBe("xoxb-org");
        (await TokenOfPostAsync(Learner.New(workspace))).ShouldBe("xoxb-workspace");
        await app.Rows.QueryAsync("UPDATE delivery.workspaces SET token = '' WHERE team_id = $1 RETURNING 1", _ => 0, workspace);
        (await TokenOfPostAsync(Learner.New(workspace))).ShouldBe("xoxb-org");
        (await notifier.LogAsync()).ShouldNotContain("xoxb");
    }

    [Fact]
    public async Task A_token_that_runs_out_is_refreshed_in_time_by_one_replica_and_used_until_the_next_is_stored()
    {
        var learner = Learner.New();
        await using var first = await NotifierAsync("rotation-one", []);
        await using var second = await NotifierAsync("rotation-two", []);
        using var owner = new Installer(first.Url);
        // Slack gives tokens for four seconds and takes each refresh token once.
        var (given, taken, twice) = (0, new HashSet<string>(), 0);
        _slack.Answer = call =>
        {
            if (call.Method != "oauth.v2.access") return Posted(call);
            lock (taken)
            {
                if (call.Arguments.TryGetValue("refresh_token", out var refresh) && !taken.Add(refresh))
                {
                    twice++;
                    return new("""{"ok":false,"error":"invalid_refresh_token"}""");
                }

                given++;
                return new(Granted($"xoxe.xoxb-{given}", "T", learner.TeamId, refresh: $"xoxe-{given}", lifetime: 4));
            }
        };
        (await owner.ReadAsync("code=1")).Status.ShouldBe(HttpStatusCode.OK);

        await Eventually.HoldsAsync(() => _slack.CallsOf("oauth.v2.access").Count.ShouldBeGreaterThanOrEqualTo(5), TimeSpan.FromSeconds(30));

        twice.ShouldBe(0);
        var refreshed = _slack.CallsOf("oauth.v2.access")[1];
        (refreshed.Verb, refreshed.Arguments["grant_type"], refreshed.Arguments["refresh_token"]).ShouldBe(("POST", "refresh_token", "xoxe-1"));
        refreshed.Authorization.ShouldStartWith("Basic ");
        var stored = await app.Rows.QueryAsync(
            "SELECT token || ' ' || refresh_token FROM delivery.workspaces WHERE team_id = $1", row => row.GetString(0), learner.TeamId);
        stored.ShouldHaveSingleItem().ShouldNotContain("xoxe");
        int.Parse((await TokenOfPostAsync(learner)).Split('-')[^1], CultureInfo.InvariantCulture).ShouldBeGreaterThanOrEqualTo(4);
        foreach (var replica in new[] { first, second }) (await replica.LogAsync()).ShouldNotContain("xoxe");
    }

    [Fact]
    public async Task A_token_that_has_run_out_is_refreshed_before_anything_is_parked_and_a_refresh_that_fails_is_tried_again()
    {
        var learner = Learner.New();
        await using var notifier = await NotifierAsync("rotation-late", []);
        using var owner = new Installer(notifier.Url);
        // Slack takes this token back much sooner than it said, and is in trouble then.
        var (valid, troubles) = ("xoxe.xoxb-2", 0);
        _slack.Answer = call => call.Method switch
        {
            "oauth.v2.access" when !call.Arguments.ContainsKey("refresh_token") => new(Granted("xoxe.xoxb-1", "T", learner.TeamId, refresh: "xoxe-1", lifetime: 43_200)),
            "oauth.v2.access" when Interlocked.Increment(ref troubles) <= 1 => new("<html>Bad gateway</html>", 502),
            "oauth.v2.access" => new("""{"ok":true,"access_token":"xoxe.xoxb-2","refresh_token":"xoxe-2","expires_in":"43200","token_type":"bot"}"""),
            _ when call.Token != valid => new("""{"ok":false,"error":"token_expired"}"""),
            _ => Posted(call),
        };
        (await owner.ReadAsync("code=1")).Status.ShouldBe(HttpStatusCode.OK);
        await app.Rows.QueryAsync("UPDATE delivery.workspaces SET installed_at = now() - interval '13 hours' WHERE team_id = $1 RETURNING 1", _ => 0, learner.TeamId);

        (await TokenOfPostAsync(learner)).ShouldBe("xoxe.xoxb-2");

        _slack.CallsOf("oauth.v2.access").Count.ShouldBe(3);
        (await notifier.LogAsync()).ShouldContain("http_502");
        (await app.Rows.DeliveriesAsync(learner)).ShouldAllBe(row => row.State == "Sent");

        // It is over: nobody but the workspace's owner can help, and the reason says so.
        valid = "none";
        _slack.Answer = call => call.Method switch
        {
            "oauth.v2.access" when call.Arguments.ContainsKey("refresh_token") => new("""{"ok":false,"error":"invalid_refresh_token"}"""),
            "oauth.v2.access" => new(Granted("xoxb-anew", "T", learner.TeamId)),
            _ when call.Token != "xoxb-anew" => new("""{"ok":false,"error":"token_expired"}"""),
            _ => Posted(call),
        };
        await app.Rows.QueryAsync("UPDATE delivery.workspaces SET refreshed_at = now() - interval '13 hours' WHERE team_id = $1 RETURNING 1", _ => 0, learner.TeamId);
        var parked = Summaries.Of(learner);
        await _summaries.SendAsync(parked);
        await Eventually.HoldsAsync(
            async () => (await app.Rows.DeliveriesAsync(learner)).Single(row => row.SummaryId == parked.SummaryId).Error.ShouldBe("token_expired (not refreshed: invalid_refresh_token)"),
            TimeSpan.FromSeconds(20));
        (await owner.ReadAsync("code=1")).Status.ShouldBe(HttpStatusCode.OK);
        (await TokenOfPostAsync(learner)).ShouldBe("xoxb-anew");
    }

    private static string Granted(string token, string kind, string id, string? refresh = null, int? lifetime = null, string? enterprise = null)
    {
        var named = $$"""{"id":"{{id}}","name":"Study"}""";
        var rotation = refresh is null ? "" : $""","refresh_token":"{refresh}","expires_in":{lifetime}""";
        var (team, organisation) = kind == "E" ? ("null", named) : (named, enterprise is null ? "null" : $$"""{"id":"{{enterprise}}","name":"Org"}""");
        var isOrganisation = kind == "E" ? "true" : "false";
        return $$"""
            {"ok":true,"app_id":"A1","authed_user":{"id":"U9"},"scope":"chat:write,im:write","token_type":"bot","access_token":"{{token}}","bot_user_id":"U0BOT",
            "team":{{team}},"enterprise":{{organisation}},"is_enterprise_install":{{isOrganisation}}{{rotation}} }
            """;
    }

    private static SlackSays Posted(SlackCall call) => call.Method == "chat.postMessage"
        ? new("""{"ok":true,"channel":"D0123ABCD","ts":"1700000000.000100","message":{"text":""}}""")
        : new("""{"ok":false,"error":"unknown_method"}""");

    /// <summary>Has a summary delivered and tells with which token.</summary>
    private async Task<string> TokenOfPostAsync(Learner learner)
    {
        var summary = Summaries.Of(learner);
        await _summaries.SendAsync(summary);
        await Eventually.HoldsAsync(
            async () => (await app.Rows.DeliveriesAsync(learner)).Single(row => row.SummaryId == summary.SummaryId).State.ShouldBe("Sent"), TimeSpan.FromSeconds(30));
        return _slack.CallsOf("chat.postMessage").Last(call => call.Body.Contains($"{summary.SummaryId}", StringComparison.Ordinal)).Token!;
    }

    private Task<List<string>> TokensAsync(string team) =>
        app.Rows.QueryAsync("SELECT token FROM delivery.workspaces WHERE team_id = $1", row => row.GetString(0), team);

    private Task<ExtraHost> NotifierAsync(string name, Dictionary<string, string> settings) => ExtraHost.StartAsync(
        name,
        ServiceNames.Notifier,
        _kafka.BootstrapServers,
        app.Host.StudyDb,
        app.Host.RedisServers,
        new(settings)
        {
            ["Slack__ApiUrl"] = $"{_slack.ApiUrl}",
            ["Slack__BotTokenTemplate"] = "",
            ["Slack__ClientId"] = "1.2",
            ["Slack__ClientSecret"] = "not-a-real-secret",
            ["Slack__KeysFolder"] = _keys.FullName,
            ["Slack__RefreshPollSeconds"] = "1",
            ["Notifier__RetryDelayMs"] = "200",
            ["Notifier__TokenPatienceSeconds"] = "1",
            ["Notifier__TokenRetrySeconds"] = "1",
        });
}
