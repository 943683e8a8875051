using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Configuration;
using StudyTracker.Notifier.Slack;

namespace StudyTracker.UnitTests.Notifier;

public sealed class SlackOptionsTests
{
    [Theory]
    [InlineData("T1", "xoxb-one")]
    [InlineData("T2", "xoxb-shared")]
    public void A_workspace_has_its_own_token_or_the_shared_one(string team, string token)
    {
        var options = new SlackOptions { BotToken = "xoxb-shared", BotTokenTemplate = "xoxb-{team}" };
        options.BotTokens["T1"] = "xoxb-one";

        options.TokenFor(team).ShouldBe(token);
    }

    [Fact]
    public void A_template_names_the_workspace() =>
        new SlackOptions { BotTokenTemplate = "xoxb-test-{team}" }.TokenFor("T7").ShouldBe("xoxb-test-T7");

    [Fact]
    public void Without_any_there_is_none()
    {
        var options = new SlackOptions();
        options.BotTokens["T1"] = "xoxb-one";

        options.TokenFor("T2").ShouldBeNull();
    }

    [Fact]
    public void An_empty_token_of_its_own_is_none()
    {
        var options = new SlackOptions();
        options.BotTokens["T1"] = "";

        options.TokenFor("T1").ShouldBeNull();
    }

    [Fact]
    public void Tokens_come_from_configuration()
    {
        var options = new ConfigurationBuilder()
            .AddInMemoryCollection([new("Slack:BotTokens:T0123ABCD", "xoxb-1"), new("Slack:ApiUrl", "http://localhost:5/api/")])
            .Build().GetSection(SlackOptions.Section).Get<SlackOptions>()!;

        options.TokenFor("T0123ABCD").ShouldBe("xoxb-1");
        options.ApiUrl.ShouldBe(new Uri("http://localhost:5/api/"));
    }

    [Theory]
    [InlineData("https://slack.com/api/", "xoxb-1", null)]
    [InlineData("https://slack.com/api", "xoxb-1", "ApiUrl")]
    [InlineData("/api/", "xoxb-1", "ApiUrl")]
    [InlineData("https://slack.com/api/", "", "BotToken")]
    public void What_cannot_work_is_refused_at_start(string url, string token, string? wrong)
    {
        var options = new SlackOptions { ApiUrl = new Uri(url, UriKind.RelativeOrAbsolute), BotToken = token };

        options.Validate(new ValidationContext(options)).SelectMany(result => result.MemberNames).ShouldBe(wrong is null ? [] : [wrong]);
    }

    [Theory]
    [InlineData("secret", "/keys", null)]
    [InlineData("", "/keys", "ClientSecret")]
    [InlineData("secret", "", "KeysFolder")]
    public void An_app_that_may_be_installed_needs_a_secret_and_a_folder_for_keys(string secret, string folder, string? wrong)
    {
        var options = new SlackOptions { ClientId = "1.2", ClientSecret = secret, KeysFolder = folder };

        options.Validate(new ValidationContext(options)).SelectMany(result => result.MemberNames).ShouldBe(wrong is null ? [] : [wrong]);
    }
}
