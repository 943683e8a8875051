using Npgsql;
using StudyTracker.Contracts;
using StudyTracker.FunctionalTests.Runs;
using StudyTracker.FunctionalTests.Support;
using StudyTracker.Notifier.Retention;
using StudyTracker.Retention;

namespace StudyTracker.FunctionalTests.Retention;

[Collection(nameof(OneRunAtATime))]
public sealed class DeliveryRetentionTests(App app) : IAsyncDisposable
{
    private readonly NpgsqlDataSource _database = NpgsqlDataSource.Create($"{app.Host.StudyDb};Pooling=false");
    private readonly Summaries _summaries = new(app.Host.KafkaServers);
    private readonly Learner _learner = Learner.New();

    [Fact]
    public async Task What_has_ended_and_is_too_old_goes_a_few_rows_at_a_time_and_what_waits_for_somebody_stays()
    {
        foreach (var state in new[] { "Sent", "Sent", "Sent", "Sent", "Dropped", "Parked", "Pending", "Sending" }) await InsertAsync(state, "1999-06-01");
        await InsertAsync("Sent", "2000-01-02");
        var deleted = new List<int>();

        await Eventually.HoldsAsync(async () => (await DeleteAsync(2000, 2, deleted)).ShouldBeTrue());

        deleted.ShouldBe([2, 2, 1]);
        (await app.Rows.DeliveriesAsync(_learner)).Select(row => row.State).Order().ShouldBe(["Parked", "Pending", "Sending", "Sent"]);
    }

    [Fact]
    public async Task A_summary_that_the_ledger_has_forgotten_is_not_posted_again_when_it_comes_again()
    {
        var summary = Summaries.Of(_learner);
        await _summaries.SendAsync(summary);
        await EndedAsync(summary, "Sent", null);
        await ExecuteAsync($"UPDATE delivery.deliveries SET requested_at = '2002-06-01' WHERE summary_id = '{summary.SummaryId}'");
        await Eventually.HoldsAsync(async () => (await DeleteAsync(2003, 100, [])).ShouldBeTrue());
        (await app.Rows.DeliveriesAsync(_learner)).ShouldBeEmpty();

        // The same, and the same written anew by a later run: the day that it is for stays.
        var old = summary with { LocalDate = new DateOnly(2002, 6, 1) };
        await _summaries.SendAsync(old with { RequestedAt = new DateTimeOffset(2002, 6, 1, 12, 0, 0, TimeSpan.Zero) });
        await EndedAsync(summary, "Parked", "too_old; it may have been posted");
        await _summaries.SendAsync(old with { Revision = 1 });
        await app.Groups.CaughtUpAsync();
        (await app.Sandbox.PostsAsync(_learner)).ShouldHaveSingleItem();

        // Who replays it makes no second message: it is found in Slack.
        await app.Operator.ReplayAsync(summary.SummaryId);
        await EndedAsync(summary, "Sent", null);
        (await app.Sandbox.PostsAsync(_learner)).ShouldHaveSingleItem();
    }

    public async ValueTask DisposeAsync()
    {
        _summaries.Dispose();
        await ExecuteAsync($"DELETE FROM delivery.deliveries WHERE team_id = '{_learner.TeamId}'"); // nobody else's to replay
        await _database.DisposeAsync();
    }

    private Task<bool> DeleteAsync(int beforeYear, int batchRows, List<int> deleted) =>
        new OldRows(_database, "delivery", RetentionOptions.Tables, RetentionOptions.Note)
            // Long before anything that another test has delivered.
            .DeleteAsync(new DateTimeOffset(beforeYear, 1, 1, 0, 0, 0, TimeSpan.Zero), batchRows, TimeSpan.Zero, (_, rows) => deleted.Add(rows), TestContext.Current.CancellationToken);

    private Task InsertAsync(string state, string requestedAt) => ExecuteAsync($$"""
        INSERT INTO delivery.deliveries
            (summary_id, run_id, team_id, user_id, kind, feedback, state, attempts, requested_at, due_at, ended_at, revision, unsure, plain, rerouted)
        VALUES (gen_random_uuid(), 'old', '{{_learner.TeamId}}', '{{_learner.UserId}}', 'Daily', '{}', '{{state}}', 1, '{{requestedAt}}', '{{requestedAt}}', '{{requestedAt}}', 0, false, false, false)
        """);

    private Task EndedAsync(FeedbackRecord summary, string state, string? error) => Eventually.HoldsAsync(async () =>
    {
        var delivery = (await app.Rows.DeliveriesAsync(_learner)).Single(row => row.SummaryId == summary.SummaryId);
        (delivery.State, delivery.Error).ShouldBe((state, error));
    });

    private async Task ExecuteAsync(string sql)
    {
        await using var command = _database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
