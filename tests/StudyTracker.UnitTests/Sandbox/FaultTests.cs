using System.Text.Json.Nodes;
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
    public void A_wrong_change_is_refused_and_changes_nothing(string json)
    {
        var before = new FaultSettings();

        var (settings, problem) = SettingsEndpoints.Merge(before, JsonNode.Parse(json)!.AsObject());

        problem.ShouldNotBeNullOrWhiteSpace();
        settings.ShouldBeSameAs(before);
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
