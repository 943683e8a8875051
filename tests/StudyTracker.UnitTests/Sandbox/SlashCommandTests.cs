using StudyTracker.Sandbox.Commands;

namespace StudyTracker.UnitTests.Sandbox;

public sealed class SlashCommandTests
{
    [Theory]
    [InlineData("/study status", "/study", "status")]
    [InlineData("/study", "/study", "")]
    [InlineData("/study   time  21:30 ", "/study", "time  21:30")]
    [InlineData("/study\npause", "/study", "pause")]
    [InlineData("/STUDY x", "/STUDY", "x")]
    [InlineData("/foo", "/foo", "")]
    [InlineData("/한글 상태", "/한글", "상태")]
    public void What_begins_with_a_slash_is_a_command(string typed, string name, string text) =>
        SlashCommand.Read(typed).ShouldBe(new SlashCommand(name, text));

    [Theory]
    [InlineData(" /study status")]
    [InlineData("// a comment")]
    [InlineData("/ study")]
    [InlineData("/")]
    [InlineData("study /status")]
    [InlineData("")]
    [InlineData(null)]
    public void Everything_else_is_a_message(string? typed) => SlashCommand.Read(typed).ShouldBeNull();

    [Fact]
    public void A_command_has_the_fields_that_Slack_sends_and_is_escaped()
    {
        using var sandbox = new SandboxFixture();
        var learner = sandbox.Workspace.Learners[SandboxFixture.User];

        var fields = new SlashCommand("/study", "a & <b>").Fields(sandbox.Workspace, learner, SandboxFixture.Channel, "http://x/", "1.2.abc").ToDictionary();
        var direct = new SlashCommand("/study", "").Fields(sandbox.Workspace, learner, "D0000000001", "http://x/", "1.2.abc").ToDictionary();

        fields.ShouldBe(new Dictionary<string, string>
        {
            ["token"] = "Jhj5dZrVaK7ZwHHjRyZWjbDl",
            ["team_id"] = SandboxFixture.Team,
            ["team_domain"] = "seoul-study",
            ["channel_id"] = SandboxFixture.Channel,
            ["channel_name"] = "공부기록",
            ["user_id"] = SandboxFixture.User,
            ["user_name"] = "jiwoo",
            ["command"] = "/study",
            ["text"] = "a &amp; &lt;b&gt;",
            ["api_app_id"] = "A0STUDYTRAK",
            ["is_enterprise_install"] = "false",
            ["response_url"] = "http://x/",
            ["trigger_id"] = "1.2.abc",
        });
        direct["channel_name"].ShouldBe("directmessage");
    }

    [Fact]
    public void Slackbot_tells_what_went_wrong()
    {
        new SlashCommand("/foo", "").UnknownText().ShouldStartWith("`/foo` is not a valid command.");
        new SlashCommand("/study", "").FailedText(null, "http_timeout").ShouldContain("operation_timeout");
        new SlashCommand("/study", "").FailedText(503, "http_error").ShouldContain("dispatch_failed");
        new SlashCommand("/study", "").FailedText(null, "connection_failed").ShouldContain("dispatch_failed");
    }
}
