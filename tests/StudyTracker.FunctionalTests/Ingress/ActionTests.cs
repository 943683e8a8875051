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

    private async Task<RawAnswer> PostAsync(string path, string body)
    {
        using var connection = await RawConnection.OpenAsync(app.Host.Services[ServiceNames.Ingress].Url);
        await connection.SendAsync(RawRequest.Form(path, body, app.Host.SigningSecret).ToBytes());
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
