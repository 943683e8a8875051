using StudyTracker.AppHost.Local;

namespace StudyTracker.UnitTests.AppHost;

public sealed class ExternalSystemsTests
{
    [Fact]
    public void With_nothing_set_everything_is_local_and_the_sandbox_is_needed() =>
        From([]).ShouldBe(new ExternalSystems(null, null, null, Slack: false, OpenAI: false));

    [Fact]
    public void Connection_strings_name_real_servers() =>
        From(new() { ["ConnectionStrings__kafka"] = "kafka:9092", ["ConnectionStrings__redis"] = "" })
            .ShouldBe(new ExternalSystems("kafka:9092", null, null, Slack: false, OpenAI: false));

    [Fact]
    public void The_sandbox_is_needed_until_slack_and_openai_are_both_real()
    {
        Dictionary<string, string> slack = new() { ["Slack__BotTokens__T1"] = "xoxb-1", ["Slack__SigningSecret"] = "s" };

        From(slack).NeedsSandbox.ShouldBeTrue();
        From(new(slack) { ["OpenAI__ApiKey"] = "sk" }).NeedsSandbox.ShouldBeFalse();
    }

    [Fact]
    public void A_slack_token_without_the_signing_secret_is_refused() =>
        Should.Throw<LocalHostException>(() => From(new() { ["Slack__BotToken"] = "xoxb-1" }))
            .Message.ShouldContain("Slack__SigningSecret");

    private static ExternalSystems From(Dictionary<string, string> environment) => ExternalSystems.From(environment);
}
