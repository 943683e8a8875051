using System.Net.Http.Json;
using System.Text.Json;
using Npgsql;
using StudyTracker.AppHost.Local;
using StudyTracker.Contracts;
using StudyTracker.FunctionalTests.Runs;
using StudyTracker.FunctionalTests.Support;

namespace StudyTracker.FunctionalTests.Revisions;

/// <summary>What becomes of a delivered summary when what it rests on is changed.</summary>
[Collection(nameof(OneRunAtATime))]
public sealed class RewritingTests(App app)
{
    [Fact]
    public async Task An_edit_rewrites_the_delivered_message_in_place_and_the_run_counts_no_summary_more()
    {
        var one = await Summarised.StartAsync(app, "learned about heaps.", "wrote a queue.");
        var before = await app.Operator.RunAsync(one.RunId);

        var edit = await one.EditAsync(0, "learned about tries.");
        await app.Slack.AcceptedAsync(edit, retry: 1);

        await one.ShowsAsync(["tries", "queue"], "heaps");
        await app.Slack.AcceptedAsync(edit, retry: 2);
        (await one.SettledAsync()).ShouldBe([new RevisionRow(1, "Done", null)]);
        var summary = (await app.Rows.SummariesAsync(one.Learner)).ShouldHaveSingleItem();
        (summary.Id, summary.MessageCount).ShouldBe((one.SummaryId, 2));
        Revisions(one).ShouldBe([0, 1]);
        var after = await app.Operator.RunAsync(one.RunId);
        after.Rewritings.ShouldBeGreaterThan(before.Rewritings);
        (after with { Rewritings = 0 }).ShouldBe(before with { Rewritings = 0 });
    }

    [Fact]
    public async Task A_deletion_rewrites_and_when_nothing_is_left_the_message_says_so_without_a_question_to_the_model()
    {
        var one = await Summarised.StartAsync(app, "learned about heaps.", "wrote a queue.");

        await one.DeleteAsync(0);
        await one.ShowsAsync(["queue"], "heaps");
        await one.SettledAsync();
        var spent = await SpentAsync(one);
        await one.DeleteAsync(1);

        await one.ShowsAsync(["were deleted"], "queue");
        (await one.SettledAsync()).ShouldBe([new RevisionRow(1, "Done", null), new RevisionRow(2, "Done", null)]);
        (await app.Rows.SummariesAsync(one.Learner)).ShouldHaveSingleItem().MessageCount.ShouldBe(0);
        (await SpentAsync(one)).ShouldBe(spent);
        Revisions(one).ShouldBe([0, 1, 2]);
    }

    [Fact]
    public async Task Edits_that_follow_each_other_become_one_rewriting()
    {
        var one = await Summarised.StartAsync(app, "learned about heaps.", "wrote a queue.");
        await using (await HeldAsync())
        {
            await one.EditAsync(0, "learned about tries.");
            await app.Groups.CaughtUpAsync();
            var due = await DueAsync(one);
            await one.EditAsync(0, "learned about ropes.");
            await one.EditAsync(1, "wrote a deque.");
            await app.Groups.CaughtUpAsync();
            (await one.EditsAsync()).ShouldBe(2);
            (await DueAsync(one)).ShouldBeGreaterThan(due); // each one has it wait again
        }

        await one.ShowsAsync(["ropes", "deque"], "heaps", "tries");
        (await one.SettledAsync()).ShouldBe([new RevisionRow(1, "Done", null)]);
        Revisions(one).ShouldBe([0, 1]);
    }

    [Fact]
    public async Task A_member_who_goes_on_editing_is_not_waited_for_for_ever()
    {
        var one = await Summarised.StartAsync(app, "learned about heaps.");
        await using (await HeldAsync())
        {
            await one.EditAsync(0, "learned about tries.");
            await app.Groups.CaughtUpAsync();
            await app.Rows.QueryAsync(
                "UPDATE study.message_edits SET first_at = now() - interval '11 minutes', due_at = now() + interval '1 hour' WHERE team_id = $1 RETURNING 1",
                _ => 1,
                one.Learner.TeamId);
        }

        await one.ShowsAsync(["tries"], "heaps");
    }

    [Fact]
    public async Task Every_summary_that_rests_on_the_message_is_rewritten()
    {
        var one = await Summarised.StartAsync(app, "learned about heaps.");
        await app.Operator.FinishedAsync(await app.Operator.TriggerAsync(kind: "weekly"));
        await Eventually.GetsAsync(() => app.Sandbox.DirectMessagesAsync(one.Learner), messages => messages.Count == 2);

        await one.EditAsync(0, "learned about tries.");

        await Eventually.HoldsAsync(async () =>
        {
            var shown = await app.Sandbox.DirectMessagesAsync(one.Learner);
            shown.Count.ShouldBe(2);
            shown.ShouldAllBe(message => message.Text.Contains("tries") && !message.Text.Contains("heaps"));
        });
        (await one.SettledAsync()).ShouldBe([new RevisionRow(1, "Done", null), new RevisionRow(1, "Done", null)]);
        (await app.Sandbox.PostsAsync(one.Learner)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task What_changes_no_word_or_comes_too_late_rewrites_nothing()
    {
        var all = await Summarised.StartAsync(app, 3, "learned about heaps.");
        var (same, back, late) = (all[0], all[1], all[2]);
        await app.Rows.QueryAsync(
            "UPDATE study.summaries SET created_at = created_at - interval '25 hours' WHERE summary_id = $1 RETURNING 1", _ => 1, late.SummaryId);

        await same.EditAsync(0, "learned about heaps.");
        await using (await HeldAsync())
        {
            await back.EditAsync(0, "learned about tries.");
            await app.Groups.CaughtUpAsync();
            await back.EditAsync(0, "learned about heaps.");
            await late.EditAsync(0, "learned about tries.");
            await app.Groups.CaughtUpAsync();
            (await same.EditsAsync(), await back.EditsAsync(), await late.EditsAsync()).ShouldBe((0, 1, 1));
        }

        (await back.SettledAsync()).ShouldBe([new RevisionRow(1, "Skipped", null)]);
        foreach (var one in new[] { same, late }) (await one.SettledAsync()).ShouldBeEmpty();
        foreach (var one in all)
        {
            await one.ShowsAsync(["heaps"], "tries");
            Revisions(one).ShouldBe([0]);
        }

        // The number of one that was skipped is not lost.
        await back.EditAsync(0, "learned about ropes.");
        await back.ShowsAsync(["ropes"], "heaps");
        (await back.SettledAsync()).ShouldBe([new RevisionRow(1, "Done", null)]);
    }

    [Fact]
    public async Task Who_pauses_or_stops_a_kind_and_then_deletes_or_edits_keeps_nothing_of_it_in_the_message_or_the_database()
    {
        var all = await Summarised.StartAsync(app, 3, "learned about heaps.");
        var (deletes, edits, stops) = (all[0], all[1], all[2]);
        await PreferAsync(deletes.Learner, new { paused = true });
        await PreferAsync(edits.Learner, new { pausedUntil = DateTimeOffset.UtcNow.AddDays(7) });
        await PreferAsync(stops.Learner, new { stopped = new[] { "daily" } });

        await deletes.DeleteAsync(0);
        await edits.EditAsync(0, "learned about tries.");
        await stops.DeleteAsync(0);

        await deletes.ShowsAsync(["were deleted"], "heaps");
        await edits.ShowsAsync(["tries"], "heaps");
        await stops.ShowsAsync(["were deleted"], "heaps");
        foreach (var one in all)
        {
            (await one.SettledAsync()).ShouldBe([new RevisionRow(1, "Done", null)]);
            (await app.Rows.QueryAsync(
                "SELECT content::text FROM study.summaries WHERE summary_id = $1", row => row.GetString(0), one.SummaryId))[0].ShouldNotContain("heaps");
        }
    }

    [Fact]
    public async Task A_summary_that_is_not_delivered_yet_is_delivered_as_it_was_last_rewritten()
    {
        Summarised one;
        var learner = Learner.New();
        await using (await app.Sandbox.SetAsync(new { perUser = new Dictionary<string, string> { [learner.UserId] = "restricted_action" } }))
        {
            one = await Summarised.UndeliveredAsync(app, learner, "learned about heaps.");
            await one.EditAsync(0, "learned about tries.");
            (await one.SettledAsync()).ShouldBe([new RevisionRow(1, "Done", null)]);
        }

        (await app.Operator.NotifierAsync($"/parked/replay?summaryId={one.SummaryId}")).ShouldBe(1);
        await Eventually.HoldsAsync(async () => (await app.Sandbox.PostsAsync(learner)).ShouldHaveSingleItem().Text.ShouldContain("tries"));
        await app.Groups.CaughtUpAsync();
        (await app.Sandbox.PostsAsync(learner)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_change_that_comes_while_the_summary_is_being_written_is_not_missed()
    {
        var learner = Learner.New();
        var one = await Summarised.UnwrittenAsync(app, learner, "learned about heaps.");
        await using (await app.Sandbox.SetAsync(new { modelLatencyMs = 1_500 }))
        {
            var asked = (await app.Sandbox.ModelAsync()).Calls;
            var runId = await app.Operator.TriggerAsync();
            await Eventually.HoldsAsync(async () => (await app.Sandbox.ModelAsync()).Calls.ShouldBeGreaterThan(asked));
            await one.EditAsync(0, "learned about tries.");
            await app.Operator.FinishedAsync(runId);
        }

        await Eventually.HoldsAsync(async () => (await app.Sandbox.DirectMessagesAsync(learner)).ShouldHaveSingleItem().Text.ShouldContain("tries"));
        await one.SettledAsync();
        (await app.Sandbox.PostsAsync(learner)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task An_erased_member_gets_no_rewriting()
    {
        var one = await Summarised.StartAsync(app, "learned about heaps.");
        await using (await HeldAsync())
        {
            await one.EditAsync(0, "learned about tries.");
            await app.Groups.CaughtUpAsync();
            (await one.EditsAsync()).ShouldBe(1);
            using var http = Http();
            using var answer = await http.DeleteAsync(Url(one.Learner, ""), TestContext.Current.CancellationToken);
            answer.EnsureSuccessStatusCode();
        }

        (await one.SettledAsync()).ShouldBeEmpty();
        await one.ShowsAsync(["heaps"], "tries");
    }

    /// <summary>The revisions that were handed to delivery, each once.</summary>
    private IEnumerable<int> Revisions(Summarised one) => app.Log.Of(Topics.Feedback, one.Learner.Key)
        .Select(record => JsonSerializer.Deserialize(record.Value, ContractsJson.Default.FeedbackRecord)!.Revision);

    private async Task<DateTime> DueAsync(Summarised one) => (await app.Rows.QueryAsync(
        "SELECT max(due_at) FROM study.message_edits WHERE (team_id, user_id) = ($1, $2)", row => row.GetDateTime(0), one.Learner.TeamId, one.Learner.UserId))[0];

    private async Task<long> SpentAsync(Summarised one) => (await app.Rows.QueryAsync(
        "SELECT input_tokens + output_tokens FROM study.spending WHERE team_id = $1", row => row.GetInt64(0), one.Learner.TeamId))[0];

    /// <summary>As if another replica were at settling, until disposed: however slow the machine is, nothing settles meanwhile.</summary>
    private async Task<NpgsqlConnection> HeldAsync()
    {
        var connection = new NpgsqlConnection($"{app.Host.StudyDb};Pooling=false");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand("SELECT pg_advisory_lock(hashtextextended('study.revisions', 0))", connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        return connection;
    }

    private async Task PreferAsync(Learner learner, object preferences)
    {
        using var http = Http();
        using var answer = await http.PutAsJsonAsync(Url(learner, "/preferences"), preferences, TestContext.Current.CancellationToken);
        answer.EnsureSuccessStatusCode();
    }

    private Uri Url(Learner learner, string path) =>
        new(app.Host.Services[ServiceNames.Summarizer].ManagementUrl, $"/members/{learner.TeamId}/{learner.UserId}{path}");

    private HttpClient Http()
    {
        var http = new HttpClient { Timeout = TimeSpan.FromSeconds(10) };
        http.DefaultRequestHeaders.Add("X-Api-Key", app.Host.OperatorKey);
        return http;
    }
}
