using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using StudyTracker.Sandbox.Faults;

namespace StudyTracker.UnitTests.Sandbox;

public sealed class FaultTests
{
    [Fact]
    public void A_partial_change_leaves_the_rest_as_it_was()
    {
        var (settings, problem) = SettingsEndpoints.Merge(
            new FaultSettings { ModelLatencyMs = 300, Model = new ModelFaults { Hang = 0.1 } },
            JsonNode.Parse("""{"model":{"nonsense":0.2},"perUser":{"U0SEOULJIWO":"account_inactive"}}""")!.AsObject());

        problem.ShouldBeNull();
        settings.ModelLatencyMs.ShouldBe(300);
        settings.Model.ShouldBe(new ModelFaults { Hang = 0.1, Nonsense = 0.2 });
        settings.PerUser["U0SEOULJIWO"].ShouldBe("account_inactive");

        SettingsEndpoints.Merge(settings, JsonNode.Parse("""{"perUser":{"U0SEOULJIWO":null}}""")!.AsObject()).Settings.PerUser.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("""{"model":{"hangs":1}}""")]
    [InlineData("""{"rateLimits":"off"}""")]
    [InlineData("""{"slack":{"hang":0.7,"rateLimited":0.7}}""")]
    [InlineData("""{"model":null,"modelLatencyMs":-1}""")]
    [InlineData("""{"tokenLifetimeSeconds":-1}""")]
    [InlineData("""{"seed":1,"seed":2}""")]
    [InlineData("""{"seed":1e99}""")]
    [InlineData("""{"slack":5}""")]
    public void A_wrong_change_is_refused_and_changes_nothing(string json)
    {
        var before = new FaultSettings();

        var (settings, problem) = SettingsEndpoints.Merge(before, JsonNode.Parse(json)!.AsObject());

        problem.ShouldNotBeNullOrWhiteSpace();
        settings.ShouldBeSameAs(before);
    }

    [Theory]
    [InlineData(nameof(SlackFault.RateLimited), 429, "1", "ratelimited")]
    [InlineData(nameof(SlackFault.RetryAfterDate), 429, "Mon, 02 Mar 2026 09:00:02 GMT", "ratelimited")]
    [InlineData(nameof(SlackFault.RetryAfterFraction), 429, "1.5", "ratelimited")]
    [InlineData(nameof(SlackFault.RetryAfterZero), 429, "0", "ratelimited")]
    [InlineData(nameof(SlackFault.RetryAfterAbsent), 429, "", "ratelimited")]
    [InlineData(nameof(SlackFault.RateLimitedBody), 200, "", "ratelimited")]
    [InlineData(nameof(SlackFault.ServerError), 500, "", "internal_error")]
    [InlineData(nameof(SlackFault.BadGateway), 502, "", "<html>")]
    [InlineData(nameof(SlackFault.InternalError), 200, "", "internal_error")]
    [InlineData(nameof(SlackFault.FatalError), 200, "", "fatal_error")]
    [InlineData(nameof(SlackFault.TokenExpired), 200, "", "token_expired")]
    [InlineData(nameof(SlackFault.NotJson), 200, "", "<html>")]
    [InlineData(nameof(SlackFault.CutOff), 200, "", "{\"ok\":true,\"channel\":\"D0")]
    public async Task An_odd_answer_takes_the_place_of_the_methods(string fault, int status, string retryAfter, string says)
    {
        using var sandbox = new SandboxFixture();
        var share = JsonNode.Parse($$$"""{"slack":{"{{{JsonNamingPolicy.CamelCase.ConvertName(fault)}}}":1}}""")!.AsObject();
        sandbox.Faults.Settings = SettingsEndpoints.Merge(sandbox.Faults.Settings, share).Settings;
        var context = new DefaultHttpContext();
        using var body = new MemoryStream();
        (context.Response.Body, context.Request.Method) = (body, "POST");

        await sandbox.Api.HandleAsync(context, "chat.postMessage");

        context.Response.StatusCode.ShouldBe(status);
        context.Response.Headers.RetryAfter.ToString().ShouldBe(retryAfter);
        Encoding.UTF8.GetString(body.ToArray()).ShouldContain(says);
        sandbox.Ledger.Counts().Posts.Calls.ShouldBe(1);
        sandbox.Ledger.Counts().Posts.Accepted.ShouldBe(0);
    }

    [Fact]
    public void The_same_seed_hits_the_same_calls_and_about_its_share_of_them()
    {
        var first = Draws(7);

        first.ShouldBe(Draws(7));
        first.ShouldNotBe(Draws(8));
        first.Count(fault => fault == SlackFault.ServerError).ShouldBeInRange(250, 350);
        first.Count(fault => fault == SlackFault.None).ShouldBeInRange(650, 750);
    }

    private static List<SlackFault> Draws(int seed)
    {
        using var sandbox = new SandboxFixture();
        sandbox.Faults.Settings = sandbox.Faults.Settings with { Seed = seed, Slack = new SlackFaults { ServerError = 0.3 } };
        return [.. Enumerable.Range(0, 1_000).Select(_ => sandbox.Faults.NextForSlack())];
    }
}
