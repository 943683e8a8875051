using System.Text.Json;
using StudyTracker.Contracts;
using StudyTracker.FunctionalTests.Runs;
using StudyTracker.FunctionalTests.Support;

namespace StudyTracker.FunctionalTests.Delivery;

[Collection(nameof(OneRunAtATime))]
public sealed class ButtonTests(App app)
{
    [Theory]
    [InlineData(SlackActions.NotHelpful)]
    [InlineData(SlackActions.Pause)]
    public async Task A_button_below_a_summary_leads_to_an_interaction_that_names_the_summary(string action)
    {
        var learner = Learner.New();
        var summary = Summaries.Of(learner);
        using var summaries = new Summaries(app.Host.KafkaServers);
        await summaries.SendAsync(summary);
        var post = (await Eventually.GetsAsync(() => app.Sandbox.PostsAsync(learner), posts => posts.Count == 1))[0];

        (await app.Sandbox.PressAsync(learner, post.Ts, action)).ShouldBe(200);

        await Eventually.HoldsAsync(() => app.Log.Of(Topics.SlackInteractions, learner.Key).ShouldNotBeEmpty());
        var record = app.Log.Of(Topics.SlackInteractions, learner.Key).ShouldHaveSingleItem();
        record.Headers[RecordHeaders.Kind].ShouldBe(RecordKinds.SlackInteraction);
        var payload = JsonDocument.Parse(Uri.UnescapeDataString(record.Text["payload=".Length..].Replace('+', ' '))).RootElement;
        var pressed = payload.GetProperty("actions")[0];
        (pressed.GetProperty("action_id").GetString(), pressed.GetProperty("value").GetString()).ShouldBe((action, $"{summary.SummaryId}"));
        payload.GetProperty("user").GetProperty("id").GetString().ShouldBe(learner.UserId);
    }
}
