using StudyTracker.Contracts;
using StudyTracker.Ingress;

namespace StudyTracker.UnitTests.Ingress;

public sealed class SlackActionTests
{
    private const string ResponseUrl = "https://hooks.slack.com/commands/T1/1/x";

    [Fact]
    public void A_command_is_of_its_member() => Command().Member.ShouldBe(new MemberKey("T1", "U1"));

    [Theory]
    [InlineData("T1", "E1", "false", "T1")]
    [InlineData("T1", "E1", "true", "E1")]
    [InlineData("", "E1", "true", "E1")]
    [InlineData("", "E1", "", "E1")]
    [InlineData("T1", "", "true", "T1")]
    [InlineData("", "", "true", null)]
    public void A_command_is_of_the_organisation_that_has_installed_the_app(string team, string enterprise, string isEnterpriseInstall, string? home)
    {
        var action = Command(form =>
        {
            form["team_id"] = team;
            form["enterprise_id"] = enterprise;
            form["enterprise_name"] = "Organisation";
            form["is_enterprise_install"] = isEnterpriseInstall;
        });

        action.Fault.ShouldBeEmpty();
        action.Member.ShouldBe(home is null ? default : new MemberKey(home, "U1"));
    }

    [Fact]
    public void A_command_of_slacks_government_cloud_is_answered_there() =>
        Command(form => form["response_url"] = "https://hooks.slack-gov.com/commands/T1/1/x").Fault.ShouldBeEmpty();

    [Theory]
    [InlineData("""{"type":"block_actions","team":{"id":"T1"},"enterprise":null,"is_enterprise_install":false,"user":{"id":"U1","team_id":"T1"}}""", "T1")]
    [InlineData("""{"type":"block_actions","team":null,"enterprise":{"id":"E1"},"is_enterprise_install":true,"user":{"id":"U1","team_id":"T1"}}""", "E1")]
    [InlineData("""{"type":"block_actions","team":null,"enterprise":{"id":"E1"},"is_enterprise_install":"true","user":{"id":"U1"}}""", "E1")]
    [InlineData("""{"type":"block_actions","team":{"id":"T1","enterprise_id":"E1"},"enterprise":{"id":"E1"},"is_enterprise_install":"false","user":{"id":"U1","team_id":"T1"}}""", "T1")]
    [InlineData("""{"type":"block_actions","team":{"id":"T1"},"user":{"id":"U1","team_id":"T2"}}""", "T2")]
    [InlineData("""{"type":"block_actions","team":{"id":"T1"},"enterprise":{"id":"E1"},"user":{"id":"U1","team_id":"E1"}}""", "T1")]
    [InlineData("""{"type":"view_submission","team":null,"user":{"id":"U1","team_id":"T1"},"view":{}}""", "T1")]
    public void An_interaction_is_of_where_its_user_is_at_home(string payload, string home) =>
        SlackAction.ReadInteraction(new Dictionary<string, string> { ["payload"] = payload }).Member.ShouldBe(new MemberKey(home, "U1"));

    [Theory]
    [InlineData("command", "", "no_command")]
    [InlineData("command", "/", "no_command")]
    [InlineData("command", "study", "no_command")]
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
    [InlineData("""{"type":"block_actions","team":{"id":"T1"},"user":{"id":"U1"},"response_url":null}""", "")]
    [InlineData("""{"type":"block_actions","team":{"id":"T1"},"user":{"id":"U1"},"response_url":"","response_urls":null}""", "")]
    [InlineData("""{"type":"block_actions","team":{"id":"T1"},"user":{"id":"U1"},"response_url":["https://hooks.slack.com/"]}""", "response_url")]
    [InlineData("""{"type":"block_suggestion","team":{"id":"T1"},"user":{"id":"U1"},"value":"a"}""", "")]
    [InlineData("""{"type":"view_closed","team":{"id":"T1"},"user":{"id":"U1"},"is_cleared":false}""", "")]
    [InlineData("""{"type":"message_action","team":{"id":"T1"},"user":{"id":"U1"},"response_url":"https://hooks.slack.com/app/1"}""", "")]
    [InlineData("""{"type":"block_actions","team":{"id":"T1"},"user":{"id":"U1"},"response_url":"https://evil.example/"}""", "response_url")]
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

        (action.Member, action.Fault).ShouldBe((fault.Length == 0 ? new MemberKey("T1", "U1") : default, fault));
    }

    [Theory]
    [InlineData("""{"type":"block_actions","team":{"id":"T1"},"user":"U1"}""")]
    [InlineData("""{"type":"block_actions","team":{"id":"T1"}}""")]
    [InlineData("""{"type":"block_actions","user":{"id":"U1"}}""")]
    [InlineData("""{"type":"block_actions","team":{"id":"T1"},"user":{"id":"U1:U2"}}""")]
    public void An_interaction_of_nobody_is_no_fault_and_has_no_member(string payload)
    {
        var action = SlackAction.ReadInteraction(new Dictionary<string, string> { ["payload"] = payload });

        (action.Member, action.Fault).ShouldBe((default, ""));
    }

    [Fact]
    public void An_interaction_has_a_payload() =>
        SlackAction.ReadInteraction(new Dictionary<string, string> { ["Payload"] = "{}" }).Fault.ShouldBe("no_payload");

    private static SlackAction Command(Action<Dictionary<string, string>>? change = null)
    {
        var form = new Dictionary<string, string> { ["command"] = "/study", ["team_id"] = "T1", ["user_id"] = "U1", ["response_url"] = ResponseUrl };
        change?.Invoke(form);
        return SlackAction.ReadCommand(form);
    }
}
