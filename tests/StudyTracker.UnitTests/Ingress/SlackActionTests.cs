using StudyTracker.Contracts;
using StudyTracker.Ingress;

namespace StudyTracker.UnitTests.Ingress;

public sealed class SlackActionTests
{
    private const string ResponseUrl = "https://hooks.slack.com/commands/T1/1/x";

    [Fact]
    public void A_command_is_of_its_member() => Command().ShouldBe(new SlackAction(new MemberKey("T1", "U1")));

    [Theory]
    [InlineData("command", "", "no_command")]
    [InlineData("command", "/", "no_command")]
    [InlineData("command", "study", "no_command")]
    [InlineData("team_id", "", "no_team_or_user")]
    [InlineData("user_id", "U1:U2", "no_team_or_user")]
    [InlineData("response_url", "", "response_url")]
    [InlineData("response_url", "http://hooks.slack.com/commands/1", "response_url")]
    [InlineData("response_url", "https://hooks.slack.com", "response_url")]
    [InlineData("response_url", "https://hooks.slack.com.evil.example/", "response_url")]
    [InlineData("response_url", "https://hooks.slack.com@evil.example/", "response_url")]
    [InlineData("response_url", "https://hooks.slack.com:8443/", "response_url")]
    [InlineData("response_url", "https://evil.example/https://hooks.slack.com/", "response_url")]
    [InlineData("response_url", "https://HOOKS.slack.com/", "response_url")]
    [InlineData("response_url", "https://hooks.slack.com/a\nb", "response_url")]
    [InlineData("response_url", "https://hooks.slack.com/\\evil.example", "response_url")]
    public void A_command_that_lacks_something_says_what(string field, string value, string fault) =>
        Command(form => form[field] = value).Fault.ShouldBe(fault);

    [Theory]
    [InlineData("""{"type":"block_actions","team":{"id":"T1"},"user":{"id":"U1"},"response_url":"https://hooks.slack.com/actions/1"}""", "")]
    [InlineData("""{"type":"view_submission","team":{"id":"T1"},"user":{"id":"U1"},"response_urls":[]}""", "")]
    [InlineData("""{"type":"shortcut","team":null,"user":{"id":"U1","team_id":"T1"}}""", "")]
    [InlineData("""{"type":"view_submission","team":{"id":"T1"},"user":{"id":"U1"},"response_urls":[{"response_url":"https://evil.example/"}]}""", "response_url")]
    [InlineData("""{"type":"view_submission","team":{"id":"T1"},"user":{"id":"U1"},"response_urls":["https://hooks.slack.com/"]}""", "response_url")]
    [InlineData("""{"type":"view_submission","team":{"id":"T1"},"user":{"id":"U1"},"response_urls":{}}""", "response_url")]
    [InlineData("""{"type":"block_actions","team":{"id":"T1"},"user":{"id":"U1"},"response_url":null}""", "response_url")]
    [InlineData("""{"type":"block_actions","team":{"id":"T1"},"user":{"id":"U1"},"response_url":"https://evil.example/"}""", "response_url")]
    [InlineData("""{"type":"block_actions","team":{"id":"T1"},"user":"U1"}""", "no_team_or_user")]
    [InlineData("""{"type":"block_actions","team":{"id":"T1"}}""", "no_team_or_user")]
    [InlineData("""{"team":{"id":"T1"},"user":{"id":"U1"}}""", "no_type")]
    [InlineData("""{"type":"block_actions","team":{"id":"T1"},"user":{"id":"U1"},"user":{"id":"U2"}}""", "not_json")]
    [InlineData("""{"type":"block_actions","team":{"id":"T1"},"user":{"id":"U\ud800"}}""", "not_json")]
    [InlineData("""{"type":"block_actions","team":{"id":"T1"},"user":{"id":"U1"}} x""", "not_json")]
    [InlineData("[]", "no_type")]
    [InlineData("null", "no_type")]
    [InlineData("", "not_json")]
    public void An_interaction_is_told_for_what_it_is(string payload, string fault)
    {
        var action = SlackAction.ReadInteraction(new Dictionary<string, string> { ["payload"] = payload });

        action.ShouldBe(fault.Length == 0 ? new SlackAction(new MemberKey("T1", "U1")) : new SlackAction(default, fault));
    }

    [Fact]
    public void An_interaction_has_a_payload() =>
        SlackAction.ReadInteraction(new Dictionary<string, string> { ["Payload"] = "{}" }).Fault.ShouldBe("no_payload");

    [Theory]
    [InlineData("http://127.0.0.1:7080/responses/commands/T1/1/x", "")]
    [InlineData("https://hooks.slack.com/commands/T1/1/x", "")]
    [InlineData("http://127.0.0.1:7080/api/chat.postMessage", "response_url")]
    [InlineData("http://127.0.0.1:7081/responses/x", "response_url")]
    [InlineData("http://127.0.0.1:7080@evil.example/responses/x", "response_url")]
    [InlineData("https://127.0.0.1:7080/responses/x", "response_url")]
    public void A_sandbox_is_answered_at_its_own_address_and_nowhere_else(string url, string fault)
    {
        var sandbox = new Uri("http://127.0.0.1:7080/responses/");
        var payload = $$"""{"type":"block_actions","team":{"id":"T1"},"user":{"id":"U1"},"response_url":"{{url}}"}""";

        SlackAction.ReadCommand(Form(form => form["response_url"] = url), sandbox).Fault.ShouldBe(fault);
        SlackAction.ReadInteraction(new Dictionary<string, string> { ["payload"] = payload }, sandbox).Fault.ShouldBe(fault);
    }

    private static SlackAction Command(Action<Dictionary<string, string>>? change = null) => SlackAction.ReadCommand(Form(change));

    private static Dictionary<string, string> Form(Action<Dictionary<string, string>>? change)
    {
        var form = new Dictionary<string, string> { ["command"] = "/study", ["team_id"] = "T1", ["user_id"] = "U1", ["response_url"] = ResponseUrl };
        change?.Invoke(form);
        return form;
    }
}
