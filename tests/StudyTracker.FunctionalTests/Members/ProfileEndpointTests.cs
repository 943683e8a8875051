using System.Net;
using StudyTracker.AppHost.Local;
using StudyTracker.AppHost.Local.Infrastructure;
using StudyTracker.FunctionalTests.Support;

namespace StudyTracker.FunctionalTests.Members;

/// <summary>What the Notifier tells the Summarizer of members, for whom it asks Slack.</summary>
public sealed class ProfileEndpointTests(App app)
{
    [Fact]
    public async Task The_Notifier_asks_Slack_for_members_and_all_replicas_keep_to_its_limits()
    {
        await using var slack = await ScriptedSlack.StartAsync();
        using var kafka = LocalKafka.Start();
        var (team, limited) = (Learner.NewTeam(), Learner.NewTeam());
        await using var notifier = await NotifierAsync("profiles-one", team, limited);
        await using var other = await NotifierAsync("profiles-two", team, limited);
        slack.Answer = call => call.Arguments["user"] switch
        {
            "U1" => new("""{"ok":true,"user":{"id":"U1","tz":"Asia/Calcutta","tz_offset":19800,"locale":"en-GB"}}"""),
            "U2" => new("""{"ok":true,"user":{"id":"U2","tz":null,"tz_offset":-12600}}"""),
            "U4" => new("""{"ok":false,"error":"ratelimited"}""", 429, "30"),
            "U5" => new("<html>", 502),
            "U6" => new("""{"ok":false,"error":"internal_error"}"""),
            "U7" => new("""{"ok":false,"error":"missing_scope","needed":"users:read","provided":"chat:write"}"""),
            _ => new("""{"ok":false,"error":"user_not_found"}"""),
        };

        (await OfAsync(notifier, team, "U1")).ShouldBe((HttpStatusCode.OK, """{"timeZone":"Asia/Calcutta","offsetSeconds":19800,"locale":"en-GB"}""", null));
        (await OfAsync(notifier, team, "U2")).ShouldBe((HttpStatusCode.OK, """{"timeZone":null,"offsetSeconds":-12600,"locale":null}""", null));
        (await OfAsync(notifier, team, "U3")).ShouldBe((HttpStatusCode.FailedDependency, """{"error":"user_not_found","passes":false}""", null));
        (await OfAsync(notifier, team, "U5")).ShouldBe((HttpStatusCode.FailedDependency, """{"error":"http_502","passes":true}""", null));
        (await OfAsync(notifier, team, "U6")).ShouldBe((HttpStatusCode.FailedDependency, """{"error":"internal_error","passes":true}""", null));
        (await OfAsync(notifier, team, "U7")).Status.ShouldBe(HttpStatusCode.FailedDependency);
        (await OfAsync(notifier, team, "U1", key: "somebody-else's-key")).Status.ShouldBe(HttpStatusCode.Unauthorized);
        var asked = slack.Calls[0];
        (asked.Verb, asked.Method, asked.Token, asked.Arguments["include_locale"]).ShouldBe(("GET", "users.info", $"xoxb-{team}", "true"));

        // Slack limits a workspace's users.info: neither replica asks for it again, and both ask for another workspace's members.
        var (status, _, wait) = await OfAsync(notifier, limited, "U4");
        (status, wait).ShouldBe((HttpStatusCode.ServiceUnavailable, 30));
        var calls = slack.Calls.Count;
        foreach (var replica in new[] { notifier, other })
        {
            (status, _, wait) = await OfAsync(replica, limited, "U1");
            status.ShouldBe(HttpStatusCode.ServiceUnavailable);
            wait!.Value.ShouldBeInRange(1, 30);
            slack.Calls.Count.ShouldBe(calls);
        }

        foreach (var replica in new[] { notifier, other }) (await OfAsync(replica, team, "U1")).Status.ShouldBe(HttpStatusCode.OK);

        // A workspace that has taken its token back, and one that never gave any.
        var (revoked, unknown) = (Learner.NewTeam(), Learner.NewTeam());
        await app.Rows.QueryAsync(
            "INSERT INTO delivery.revocations (team_id, revoked_at, reason) VALUES ($1, now(), 'app_uninstalled') RETURNING 1", _ => 0, revoked);
        (await OfAsync(notifier, revoked, "U1")).ShouldBe((HttpStatusCode.FailedDependency, """{"error":"app_uninstalled","passes":false}""", null));
        (await OfAsync(notifier, unknown, "U1")).ShouldBe((HttpStatusCode.FailedDependency, """{"error":"no_token","passes":false}""", null));

        Task<ExtraHost> NotifierAsync(string name, params string[] teams) => ExtraHost.StartAsync(
            name,
            ServiceNames.Notifier,
            kafka.BootstrapServers,
            app.Host.StudyDb,
            app.Host.RedisServers,
            new(teams.Select(one => KeyValuePair.Create($"Slack__BotTokens__{one}", $"xoxb-{one}")))
            {
                ["Slack__ApiUrl"] = $"{slack.ApiUrl}",
                ["Slack__BotTokenTemplate"] = "",
                ["Slack__BotToken"] = "",
            });
    }

    private static async Task<(HttpStatusCode Status, string? Body, int? Wait)> OfAsync(ExtraHost notifier, string team, string user, string? key = null)
    {
        using var http = new HttpClient { BaseAddress = notifier.ManagementUrl, DefaultRequestHeaders = { { "X-Api-Key", key ?? notifier.OperatorKey } } };
        using var answer = await http.GetAsync(new Uri($"/profiles/{team}/{user}", UriKind.Relative), TestContext.Current.CancellationToken);
        var body = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return (answer.StatusCode, body, (int?)answer.Headers.RetryAfter?.Delta?.TotalSeconds);
    }
}
