using System.Text;
using StudyTracker.AppHost.Local;
using StudyTracker.Contracts;
using StudyTracker.FunctionalTests.Support;

namespace StudyTracker.FunctionalTests.Ingress;

public sealed class ActionTests(App app)
{
    [Fact]
    public async Task A_slash_command_is_published_as_it_came_and_acknowledged_without_a_word()
    {
        var learner = Learner.New();
        var body = BadInputs.Command(learner);

        var answer = await PostAsync("/slack/commands", body);

        (answer.Status, answer.Body).ShouldBe((200, "")); // its answer follows at the response_url, in its sender's language
        await PublishedAsync(learner, body, RecordKinds.SlackCommand);
    }

    [Fact]
    public async Task An_interaction_is_published_as_it_came_and_answered_with_nothing()
    {
        var learner = Learner.New();
        var body = $"payload={BadInputs.Payload(learner)}";

        var answer = await PostAsync("/slack/interactions", body);

        (answer.Status, answer.Body).ShouldBe((200, ""));
        await PublishedAsync(learner, body, RecordKinds.SlackInteraction);
    }

    [Theory]
    [InlineData("/slack/commands", "ssl_check=1&token=abc", true)]
    [InlineData("/slack/commands", "token=abc&ssl_check=1", false)]
    [InlineData("/slack/interactions", "ssl_check=1&token=abc", true)]
    [InlineData("/slack/interactions", "ssl_check=1", false)]
    public async Task Slack_may_see_whether_its_requests_would_arrive_signed_or_not(string path, string body, bool isSigned)
    {
        var learner = Learner.New();

        var plain = await PostAsync(path, body, request => isSigned ? request : request with { Signature = _ => "" });
        var smuggled = await PostAsync(path, $"{body}&{BadInputs.Command(learner)}", request => isSigned ? request : request with { Signature = _ => "" });
        var command = BadInputs.Command(learner);
        await PostAsync("/slack/commands", command);

        (plain.Status, plain.Body, smuggled.Status, smuggled.Body).ShouldBe((200, "", 200, ""));
        await PublishedAsync(learner, command, RecordKinds.SlackCommand);
    }

    [Theory]
    [InlineData("application/x-www-form-urlencoded; charset=utf-8")]
    [InlineData("application/x-www-form-urlencoded;charset=UTF-8")]
    public async Task A_form_may_name_its_charset(string contentType)
    {
        var learner = Learner.New();
        var body = $"{BadInputs.Command(learner)}&enterprise_id=&api_app_id=A1&is_enterprise_install=false&trigger_id=1.2&a_field_of_a_later_day=1";

        (await PostAsync("/slack/commands", body, request => request with { ContentType = contentType })).Status.ShouldBe(200);

        await PublishedAsync(learner, body, RecordKinds.SlackCommand);
    }

    [Fact]
    public async Task A_command_in_an_organisation_is_of_the_organisations_member()
    {
        var learner = Learner.New() with { TeamId = Learner.NewTeam().Replace('T', 'E') };
        var body = BadInputs.Command(learner).Replace($"team_id={learner.TeamId}", $"team_id=&enterprise_id={learner.TeamId}&is_enterprise_install=true", StringComparison.Ordinal);

        (await PostAsync("/slack/commands", body)).Status.ShouldBe(200);

        await PublishedAsync(learner, body, RecordKinds.SlackCommand);
    }

    [Theory]
    [InlineData("""{"type":"view_submission","team":null,"user":{"id":"U1"},"view":{}}""")]
    [InlineData("""{"type":"view_closed","team":null,"user":null}""")]
    [InlineData("""{"type":"shortcut","is_enterprise_install":false}""")]
    public async Task An_interaction_that_concerns_nobody_known_is_acknowledged_and_goes_no_further(string payload)
    {
        var answer = await PostAsync("/slack/interactions", $"payload={Uri.EscapeDataString(payload)}");

        (answer.Status, answer.Body).ShouldBe((200, ""));
    }

    private async Task<RawAnswer> PostAsync(string path, string body, Func<RawRequest, RawRequest>? change = null)
    {
        using var connection = await RawConnection.OpenAsync(app.Host.Services[ServiceNames.Ingress].Url);
        var request = RawRequest.Form(path, body, app.Host.SigningSecret);
        await connection.SendAsync((change?.Invoke(request) ?? request).ToBytes());
        return (await connection.ReceiveAsync()).ShouldNotBeNull();
    }

    private async Task PublishedAsync(Learner learner, string body, string kind)
    {
        await Eventually.HoldsAsync(() => app.Log.Of(Topics.SlackInteractions, learner.Key).ShouldNotBeEmpty());
        var record = app.Log.Of(Topics.SlackInteractions, learner.Key).ShouldHaveSingleItem();
        record.Value.ShouldBe(Encoding.UTF8.GetBytes(body));
        record.Headers[RecordHeaders.Kind].ShouldBe(kind);
        record.Headers.Keys.ShouldContain(RecordHeaders.ReceivedAt);
        app.Log.Of(Topics.SlackEvents, learner.Key).ShouldBeEmpty();
    }
}
