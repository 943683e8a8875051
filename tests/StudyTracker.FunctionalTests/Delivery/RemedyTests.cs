using StudyTracker.FunctionalTests.Runs;
using StudyTracker.FunctionalTests.Support;

namespace StudyTracker.FunctionalTests.Delivery;

/// <summary>What is done about what Slack says, from the record in Kafka to the message in Slack.</summary>
[Collection(nameof(OneRunAtATime))]
public sealed class RemedyTests(App app) : IDisposable
{
    private readonly Summaries _summaries = new(app.Host.KafkaServers);

    public void Dispose() => _summaries.Dispose();

    [Theory]
    [InlineData("user_not_found")]
    [InlineData("account_inactive")]
    public async Task A_reader_who_cannot_be_reached_is_spared_until_a_replay(string error)
    {
        var learner = Learner.New();
        var (first, second) = (Summaries.Of(learner), Summaries.Of(learner));
        await using (await app.Sandbox.SetAsync(new { perUser = new Dictionary<string, string> { [learner.UserId] = error } }))
        {
            await _summaries.SendAsync(first);
            await EndedAsync(learner, first.SummaryId, "Parked", error);
            await _summaries.SendAsync(second);
            await EndedAsync(learner, second.SummaryId, "Parked", $"{error} (the reader was refused before)");
        }

        (await app.Operator.NotifierAsync($"/parked/replay?summaryId={first.SummaryId}")).ShouldBe(1);
        (await app.Operator.NotifierAsync($"/parked/replay?summaryId={first.SummaryId}")).ShouldBe(0);
        await EndedAsync(learner, first.SummaryId, "Sent", null);
        (await app.Operator.NotifierAsync($"/parked/replay?summaryId={second.SummaryId}")).ShouldBe(1);
        await EndedAsync(learner, second.SummaryId, "Sent", null);
        (await app.Sandbox.PostsAsync(learner)).Count.ShouldBe(2);
    }

    [Theory]
    [InlineData("msg_too_long", 2)] // whole, then its text alone
    [InlineData("is_archived", 2)] // posted, then the conversation opened, which this Slack refuses with the same word
    [InlineData("restricted_action", 1)]
    public async Task Where_there_is_another_way_it_is_tried_before_the_delivery_is_parked(string error, int attempts)
    {
        var learner = Learner.New();
        var summary = Summaries.Of(learner);
        await using (await app.Sandbox.SetAsync(new { perUser = new Dictionary<string, string> { [learner.UserId] = error } }))
        {
            await _summaries.SendAsync(summary);
            await EndedAsync(learner, summary.SummaryId, "Parked", error);
        }

        (await app.Rows.DeliveriesAsync(learner)).ShouldHaveSingleItem().Attempts.ShouldBe(attempts);
        (await app.Operator.NotifierAsync($"/parked/replay?summaryId={summary.SummaryId}")).ShouldBe(1);
        await EndedAsync(learner, summary.SummaryId, "Sent", null);
    }

    [Fact]
    public async Task What_is_parked_is_counted_by_reason_replayed_by_reason_and_dropped_with_a_reason()
    {
        var team = Learner.NewTeam();
        var learners = Enumerable.Range(0, 3).Select(_ => Learner.New(team)).ToList();
        var reason = $"restricted_{team}".ToLowerInvariant();
        var summaries = learners.Select(learner => Summaries.Of(learner)).ToList();
        await using (await app.Sandbox.SetAsync(new { perUser = learners.ToDictionary(learner => learner.UserId, _ => reason) }))
        {
            await _summaries.SendAsync(summaries);
            await Eventually.GetsAsync(() => app.Operator.ParkedListAsync(reason), list => list.Count == 3);
        }

        var list = await app.Operator.ParkedListAsync(reason);
        list.Items.Count.ShouldBe(3);
        list.Reasons.ShouldHaveSingleItem().Count.ShouldBe(3);
        list.Reasons[0].OldestSeconds.ShouldBeInRange(0, 60);

        (await app.Operator.NotifierAsync($"/parked/drop?summaryId={summaries[0].SummaryId}&because=left%20the%20course")).ShouldBe(1);
        (await app.Operator.NotifierAsync($"/parked/replay?reason={reason}")).ShouldBe(2);
        foreach (var index in new[] { 1, 2 }) await EndedAsync(learners[index], summaries[index].SummaryId, "Sent", null);
        await EndedAsync(learners[0], summaries[0].SummaryId, "Dropped", $"dropped: left the course (was parked: {reason})");
        (await app.Operator.NotifierAsync($"/parked/replay?reason={reason}")).ShouldBe(0);
        (await app.Sandbox.PostsAsync(learners[0])).ShouldBeEmpty();
        (await app.Operator.ParkedListAsync(reason)).Count.ShouldBe(0);
    }

    [Fact]
    public async Task A_run_tells_how_late_its_deliveries_were()
    {
        var learner = Learner.New();
        var summary = Summaries.Of(learner) with { DueAt = DateTimeOffset.UtcNow.AddSeconds(-90) };

        await _summaries.SendAsync(summary);

        var run = await Eventually.GetsAsync(() => app.Operator.DeliveriesAsync(summary.RunId), run => run.Sent == 1);
        run.Pending.ShouldBe(0);
        run.Lateness!.P50Seconds.ShouldBeInRange(90, 150);
        run.Lateness.MaxSeconds.ShouldBe(run.Lateness.P95Seconds);
    }

    private Task EndedAsync(Learner learner, Guid summaryId, string state, string? error) => Eventually.HoldsAsync(async () =>
    {
        var delivery = (await app.Rows.DeliveriesAsync(learner)).Single(row => row.SummaryId == summaryId);
        (delivery.State, delivery.Error).ShouldBe((state, error));
    });
}
