using StudyTracker.FunctionalTests.Runs;
using StudyTracker.FunctionalTests.Support;

namespace StudyTracker.FunctionalTests.Delivery;

/// <summary>A summary that is written anew after it was delivered, or before.</summary>
[Collection(nameof(OneRunAtATime))]
public sealed class RevisionTests(App app) : IDisposable
{
    private readonly Summaries _summaries = new(app.Host.KafkaServers);

    public void Dispose() => _summaries.Dispose();

    [Fact]
    public async Task A_newer_revision_takes_the_place_of_the_message_and_an_older_one_changes_nothing()
    {
        var learner = Learner.New();
        var first = Summaries.Of(learner, text: "first");
        await _summaries.SendAsync(first);
        var posted = (await Eventually.GetsAsync(() => app.Sandbox.PostsAsync(learner), posts => posts.Count == 1))[0];

        await _summaries.SendAsync(Revised(first, 2, "third"));
        await ShowsAsync(learner, "third");
        await _summaries.SendAsync(Revised(first, 1, "second"));
        await _summaries.SendAsync(first);
        await app.Groups.CaughtUpAsync();

        var message = (await app.Sandbox.DirectMessagesAsync(learner)).ShouldHaveSingleItem();
        message.Text.ShouldContain("third");
        message.Ts.ShouldBe(posted.Ts);
        (await app.Sandbox.PostsAsync(learner)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task What_was_not_sent_yet_is_sent_in_its_newest_revision_only()
    {
        var learner = Learner.New();
        var first = Summaries.Of(learner, text: "first");
        await using (await app.Sandbox.SetAsync(new { perUser = new Dictionary<string, string> { [learner.UserId] = "restricted_action" } }))
        {
            await _summaries.SendAsync(first);
            await Eventually.HoldsAsync(async () => (await app.Rows.DeliveriesAsync(learner)).ShouldHaveSingleItem().State.ShouldBe("Parked"));
        }

        await _summaries.SendAsync(Revised(first, 1, "second"));
        await app.Groups.CaughtUpAsync();
        var updates = await app.Sandbox.CallsAsync("chat.update");
        (await app.Operator.NotifierAsync($"/parked/replay?summaryId={first.SummaryId}")).ShouldBe(1);

        await ShowsAsync(learner, "second");
        (await app.Sandbox.CallsAsync("chat.update")).Calls.ShouldBe(updates.Calls);
    }

    [Fact]
    public async Task A_message_that_its_reader_has_deleted_is_not_sent_again()
    {
        var learner = Learner.New();
        var first = Summaries.Of(learner, text: "first");
        await _summaries.SendAsync(first);
        await Eventually.GetsAsync(() => app.Sandbox.PostsAsync(learner), posts => posts.Count == 1);
        await using (await app.Sandbox.SetAsync(new { perUser = new Dictionary<string, string> { [learner.UserId] = "message_not_found" } }))
        {
            await _summaries.SendAsync(Revised(first, 1, "second"));
            await Eventually.HoldsAsync(async () =>
                (await app.Rows.DeliveriesAsync(learner)).ShouldHaveSingleItem().Error.ShouldBe("revision 1 is not shown: message_not_found"));
        }

        await app.Groups.CaughtUpAsync();
        (await app.Rows.DeliveriesAsync(learner)).ShouldHaveSingleItem().State.ShouldBe("Sent");
        (await app.Sandbox.PostsAsync(learner)).ShouldHaveSingleItem();
    }

    private static Contracts.FeedbackRecord Revised(Contracts.FeedbackRecord first, int revision, string text) => first with
    {
        Revision = revision,
        Content = first.Content with { Sentences = [first.Content.Sentences[0] with { Text = $"{App.Marker} {text}" }] },
    };

    private Task ShowsAsync(Learner learner, string text) => Eventually.HoldsAsync(async () =>
        (await app.Sandbox.DirectMessagesAsync(learner)).ShouldHaveSingleItem().Text.ShouldContain(text));
}
