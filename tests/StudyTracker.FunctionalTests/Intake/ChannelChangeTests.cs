using System.Text.Json;
using StudyTracker.Contracts;
using StudyTracker.FunctionalTests.Revisions;
using StudyTracker.FunctionalTests.Runs;
using StudyTracker.FunctionalTests.Support;

namespace StudyTracker.FunctionalTests.Intake;

/// <summary>A private channel that is shared with another organisation gets another id, and everything about it comes with that one.</summary>
[Collection(nameof(OneRunAtATime))]
public sealed class ChannelChangeTests(App app)
{
    [Fact]
    public async Task A_message_has_one_row_in_whatever_order_its_events_and_its_channels_new_id_come()
    {
        string[] steps = ["written", "changed", "edited under the new id", "deleted under the new id"];
        var cases = Orders(steps).Concat(Orders(["written", "changed", "edited under the old id", "edited under the new id"])).Select(order =>
        {
            var learner = Learner.New();
            return (Order: order, Old: learner, New: learner with { ChannelId = Learner.New().ChannelId }, Ts: Learner.NewTs());
        }).ToList();
        var (early, late, deletion) = (Learner.NewTs(), Learner.Ts(DateTimeOffset.UtcNow.AddSeconds(1)), Learner.Ts(DateTimeOffset.UtcNow.AddSeconds(2)));

        // One step of all at a time: what is told by whom goes through partitions that know nothing of each other.
        for (var step = 0; step < steps.Length; step++)
        {
            await Parallel.ForEachAsync(cases, TestContext.Current.CancellationToken, async (one, _) =>
            {
                var body = one.Order[step] switch
                {
                    "written" => one.Old.Written($"{App.Marker} written", one.Ts),
                    "changed" => Envelope.ChannelChange(one.Old.TeamId, one.Old.ChannelId, one.New.ChannelId),
                    "edited under the old id" => one.Old.Edited($"{App.Marker} edited once", one.Ts, early),
                    "edited under the new id" => one.New.Edited($"{App.Marker} edited", one.Ts, late),
                    _ => one.New.Deleted(one.Ts, deletion),
                };
                await app.Slack.AcceptedAsync(body);
                await app.Slack.AcceptedAsync(body, retry: 1);
            });
            await app.Groups.CaughtUpAsync();
        }

        foreach (var (order, old, current, ts) in cases)
        {
            var name = string.Join(", ", order);
            var row = (await app.Rows.MessagesAsync(old)).ShouldHaveSingleItem(name);
            (row.Ts, row.Text, row.DeletedTs is not null).ShouldBe((ts, $"{App.Marker} edited", order.Contains("deleted under the new id")), name);
            (await ChannelsAsync(old)).ShouldBe([current.ChannelId], name);
        }
    }

    [Fact]
    public async Task Ids_that_change_again_lead_to_the_last_one_in_whatever_order_it_is_told_and_another_workspaces_channels_stay()
    {
        var first = Learner.New();
        var other = Learner.New() with { ChannelId = first.ChannelId };
        var (second, third) = (first with { ChannelId = Learner.New().ChannelId }, first with { ChannelId = Learner.New().ChannelId });
        var (a, b, c) = (Learner.NewTs(), Learner.NewTs(), Learner.NewTs());
        var back = Envelope.ChannelChange(first.TeamId, third.ChannelId, first.ChannelId);

        foreach (var body in new[]
        {
            first.Written(App.Marker, a), second.Written(App.Marker, b), other.Written(App.Marker, a),
            Envelope.ChannelChange(first.TeamId, second.ChannelId, third.ChannelId),
            Envelope.ChannelChange(first.TeamId, first.ChannelId, second.ChannelId),
            back, // which cannot be: an id is given up for good
            first.Edited($"{App.Marker} late", a, Learner.NewTs()), second.Deleted(b, Learner.NewTs()), third.Written(App.Marker, c),
        })
        {
            await app.Slack.AcceptedAsync(body);
            await app.Groups.CaughtUpAsync();
        }

        (await app.Rows.MessagesAsync(first)).Select(row => (row.Ts, row.Text, row.DeletedTs is not null)).ShouldBe(
            [(a, $"{App.Marker} late", false), (b, App.Marker, true), (c, App.Marker, false)]);
        (await ChannelsAsync(first)).ShouldBe([third.ChannelId]);
        (await ChannelsAsync(other)).ShouldBe([other.ChannelId]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_summary_follows_an_edit_and_a_deletion_under_the_new_id_and_links_there(bool isToldFirst)
    {
        var one = await Summarised.StartAsync(app, "learned about heaps.", "wrote a queue.");
        var current = one.Learner with { ChannelId = Learner.New().ChannelId };
        var change = Envelope.ChannelChange(current.TeamId, one.Learner.ChannelId, current.ChannelId);
        var edit = current.Edited(Summarised.Text(current, "learned about tries."), one.Timestamps[0], Learner.NewTs());

        await app.Slack.AcceptedAsync(isToldFirst ? change : edit);
        await app.Groups.CaughtUpAsync();
        await app.Slack.AcceptedAsync(isToldFirst ? edit : change);

        await one.ShowsAsync(["tries", "queue"], "heaps");
        var rewritten = app.Log.Of(Topics.Feedback, current.Key)
            .Select(record => JsonSerializer.Deserialize(record.Value, ContractsJson.Default.FeedbackRecord)!).Last();
        rewritten.Content.Sentences.SelectMany(sentence => sentence.Sources).ShouldAllBe(source => source.Channel == current.ChannelId);

        foreach (var ts in one.Timestamps) await app.Slack.AcceptedAsync(current.Deleted(ts, Learner.NewTs()));

        await one.ShowsAsync(["were deleted"], "tries", "queue");
        (await app.Rows.MessagesAsync(current)).Count.ShouldBe(2);
        (await app.Rows.SummariesAsync(current)).ShouldHaveSingleItem();
        await app.Operator.FinishedAsync(await app.Operator.TriggerAsync());
        await app.Groups.CaughtUpAsync();
        (await app.Sandbox.PostsAsync(current)).ShouldHaveSingleItem();
    }

    private static IEnumerable<string[]> Orders(string[] steps) => steps.Length == 0
        ? [[]]
        : steps.SelectMany(first => Orders([.. steps.Where(step => step != first)]).Select(rest => (string[])[first, .. rest]));

    private Task<List<string>> ChannelsAsync(Learner learner) => app.Rows.QueryAsync(
        "SELECT DISTINCT channel FROM study.messages WHERE (team_id, user_id) = ($1, $2)", row => row.GetString(0), learner.TeamId, learner.UserId);
}
