using StudyTracker.Contracts;
using StudyTracker.FunctionalTests.Faults;
using StudyTracker.FunctionalTests.Support;

namespace StudyTracker.FunctionalTests.Writer;

/// <summary>What goes wrong at the model, as the run, its learners and the bill see it.</summary>
[Collection(nameof(OneFaultAtATime))]
public sealed class ModelFaultTests(App app)
{
    [Fact]
    public async Task A_failing_share_of_calls_costs_its_repetitions_and_no_more()
    {
        const double share = 0.2;
        await WroteAsync(300);
        var before = await app.Sandbox.ModelAsync();
        RunStatus run;
        await using (await app.Sandbox.SetAsync(new { model = new { serverError = share } }))
        {
            run = await app.Operator.FinishedAsync(await app.Operator.TriggerAsync());
        }

        var after = await app.Sandbox.ModelAsync();
        run.Jobs.ShouldBeGreaterThanOrEqualTo(300);
        (run.Written, run.Parked).ShouldBe((run.Jobs - run.Empty, 0));
        (after.Answered - before.Answered).ShouldBeLessThanOrEqualTo(run.Written);
        (after.Failed - before.Failed).ShouldBeGreaterThan(30);
        (after.Calls - before.Calls).ShouldBeLessThan((long)Math.Ceiling((1 / (1 - share) + 0.05) * run.Written));
    }

    [Fact]
    public async Task While_the_model_fails_everybody_it_is_left_alone_and_no_job_is_given_up()
    {
        var learners = await WroteAsync(30);
        var before = await app.Sandbox.ModelAsync();
        string runId;
        await using (await app.Sandbox.SetAsync(new { model = new { serverError = 1 } }))
        {
            runId = await app.Operator.TriggerAsync();
            await Eventually.HoldsAsync(async () => ((await app.Sandbox.ModelAsync()).Failed - before.Failed).ShouldBeGreaterThanOrEqualTo(12));
            // Thirty jobs that were each repeated as often as allowed would be ninety calls, and more every second.
            ((await app.Sandbox.ModelAsync()).Failed - before.Failed).ShouldBeLessThan(60);
        }

        var run = await app.Operator.FinishedAsync(runId);
        run.Parked.ShouldBe(0);
        foreach (var learner in learners) (await app.Rows.SummariesAsync(learner)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task An_answer_of_no_use_is_asked_for_once_more_then_parked_and_an_operator_replays_it()
    {
        var learner = (await WroteAsync(1))[0];
        var before = await app.Sandbox.ModelAsync();
        string runId;
        await using (await app.Sandbox.SetAsync(new { model = new { truncated = 1 } }))
        {
            runId = await app.Operator.TriggerAsync();
            (await app.Operator.FinishedAsync(runId)).Parked.ShouldBeGreaterThanOrEqualTo(1);
        }

        var run = await app.Operator.RunAsync(runId);
        ((await app.Sandbox.ModelAsync()).Calls - before.Calls).ShouldBe(2 * run.Parked);
        var parked = (await app.Operator.ParkedJobsAsync(learner.TeamId)).ShouldHaveSingleItem();
        (parked.RunId, parked.UserId, parked.RetryAt).ShouldBe((runId, learner.UserId, null));
        parked.Reason.ShouldContain("of no use twice");
        (await app.Rows.SummariesAsync(learner)).ShouldBeEmpty();

        (await app.Operator.ReplayJobsAsync($"runId={runId}&reason=nothing+like+it")).ShouldBe(0);
        (await app.Operator.ReplayJobsAsync($"runId={runId}&reason=the+model%27s+answer")).ShouldBe(run.Parked);
        (await app.Operator.ReplayJobsAsync($"runId={runId}")).ShouldBe(0);

        await Eventually.HoldsAsync(async () => (await app.Operator.ParkedJobsAsync(learner.TeamId)).ShouldBeEmpty());
        await app.Operator.FinishedAsync(runId);
        (await app.Rows.SummariesAsync(learner)).ShouldHaveSingleItem();
        await Eventually.HoldsAsync(async () => (await app.Sandbox.PostsAsync(learner)).ShouldHaveSingleItem());
        (await app.Operator.ReplayJobsAsync($"runId={runId}")).ShouldBe(0);
    }

    [Fact]
    public async Task A_workspace_that_has_spent_its_tokens_goes_on_the_next_day()
    {
        var learner = (await WroteAsync(1))[0];
        await app.Rows.QueryAsync(
            "INSERT INTO study.spending (team_id, day, input_tokens, output_tokens) SELECT $1, (now() AT TIME ZONE 'Asia/Seoul')::date + d, 1000000, 0 FROM generate_series(0, 1) d RETURNING 1",
            _ => 1,
            learner.TeamId);

        await app.Operator.FinishedAsync(await app.Operator.TriggerAsync());

        var parked = (await app.Operator.ParkedJobsAsync(learner.TeamId)).ShouldHaveSingleItem();
        parked.Reason.ShouldContain("OpenAI:DailyTokensPerWorkspace");
        var midnight = TimeZoneInfo.ConvertTimeBySystemTimeZoneId(parked.RetryAt.ShouldNotBeNull(), "Asia/Seoul");
        midnight.TimeOfDay.ShouldBe(TimeSpan.Zero);
        (midnight - DateTimeOffset.UtcNow).TotalHours.ShouldBeInRange(0, 24);

        // The next day: nothing is spent, and the job is due.
        await app.Rows.QueryAsync("DELETE FROM study.spending WHERE team_id = $1 RETURNING 1", _ => 1, learner.TeamId);
        await app.Rows.QueryAsync("UPDATE study.jobs SET retry_at = now() WHERE job_id = $1 RETURNING 1", _ => 1, parked.JobId);

        await Eventually.HoldsAsync(async () => (await app.Rows.SummariesAsync(learner)).ShouldHaveSingleItem());
        await Eventually.HoldsAsync(async () => (await app.Operator.ParkedJobsAsync(learner.TeamId)).ShouldBeEmpty());
        (await app.Rows.QueryAsync("SELECT input_tokens + output_tokens FROM study.spending WHERE team_id = $1", row => row.GetInt64(0), learner.TeamId))
            .ShouldHaveSingleItem().ShouldBeGreaterThan(0);
    }

    [Theory]
    [InlineData("writer-before-call", 1)]
    [InlineData("writer-after-call", 2)] // the one that was in flight, and only that one, is paid for again
    [InlineData("writer-before-commit", 1)]
    [InlineData("writer-after-publish", 1)]
    public async Task A_killed_writer_pays_for_no_answer_twice_and_says_the_same_again(string moment, int calls)
    {
        var learner = (await WroteAsync(1))[0];
        await app.Operator.FinishedAsync(await app.Operator.TriggerAsync()); // nobody else has anything new
        await app.Slack.AcceptedAsync(learner.Written($"{App.Marker} {learner.UserId} went on with consensus today."));
        await app.Groups.CaughtUpAsync();
        var before = await app.Sandbox.ModelAsync();
        var kill = app.KillAt(AppHost.Local.ServiceNames.Summarizer, moment);

        var runId = await app.Operator.TriggerAsync();
        await kill.HappenedAsync();
        await app.Operator.FinishedAsync(runId);
        await app.Groups.CaughtUpAsync();

        ((await app.Sandbox.ModelAsync()).Answered - before.Answered).ShouldBe(calls);
        (await app.Rows.JobStatesAsync(runId)).ShouldAllBe(state => state == "Done");
        var summary = (await app.Rows.SummariesAsync(learner)).Where(one => one.RunId == runId).ShouldHaveSingleItem();
        (await app.Sandbox.PostsAsync(learner)).Count(post => post.SummaryId == $"{summary.Id}").ShouldBe(1);
        var records = app.Log.Of(Topics.Feedback, learner.Key).Where(record => record.Text.Contains($"{summary.Id}", StringComparison.Ordinal)).ToList();
        records.Count.ShouldBeGreaterThanOrEqualTo(moment == "writer-after-publish" ? 2 : 1);
        records.Select(record => record.Text).Distinct().ShouldHaveSingleItem();
    }

    /// <summary>So many new learners have each written what nobody else has.</summary>
    private async Task<List<Learner>> WroteAsync(int count)
    {
        var team = Learner.NewTeam();
        var learners = Enumerable.Range(0, count).Select(_ => Learner.New(team)).ToList();
        await Task.WhenAll(learners.Select(learner => app.Slack.AcceptedAsync(learner.Written($"{App.Marker} {learner.UserId} learned about replication today."))));
        await app.Groups.CaughtUpAsync();
        return learners;
    }
}
