using StudyTracker.AppHost.Local;
using StudyTracker.Contracts;
using StudyTracker.FunctionalTests.Support;

namespace StudyTracker.FunctionalTests.Faults;

[Collection(nameof(OneFaultAtATime))]
public sealed class StoresAwayTests(App app)
{
    [Fact]
    public async Task While_postgres_is_away_events_and_triggers_are_accepted_and_worked_off_when_it_is_back()
    {
        var team = Learner.NewTeam();
        var learners = Enumerable.Range(0, 20).Select(_ => Learner.New(team)).ToList();
        var summarizer = app.Host.Services[ServiceNames.Summarizer];
        var restarts = summarizer.Restarts;
        var retries = await RetriesAsync();
        string runId;
        await app.Host.Postgres!.StopAtOnceAsync();
        try
        {
            foreach (var learner in learners) await app.Slack.AcceptedAsync(learner.Written($"{App.Marker} I learned {learner.UserId} today."));
            runId = await app.Operator.TriggerAsync();
            // It has noticed, and tried again.
            await Eventually.HoldsAsync(async () => (await RetriesAsync()).ShouldBeGreaterThanOrEqualTo(retries + 3));
        }
        finally
        {
            await app.Host.Postgres!.StartAsync(TestContext.Current.CancellationToken);
        }

        await app.Groups.CaughtUpAsync();
        await app.Operator.FinishedAsync(runId);
        await app.Operator.FinishedAsync(await app.Operator.TriggerAsync());
        await app.Groups.CaughtUpAsync();
        foreach (var learner in learners)
        {
            (await app.Rows.MessagesAsync(learner)).ShouldHaveSingleItem();
            (await app.Rows.SummariesAsync(learner)).ShouldHaveSingleItem();
            (await app.Sandbox.PostsAsync(learner)).ShouldHaveSingleItem();
            app.Log.Of(Topics.DeadLetters, learner.Key).ShouldBeEmpty();
        }

        summarizer.Restarts.ShouldBe(restarts);
    }

    [Fact]
    public async Task Without_redis_summaries_go_on()
    {
        var learner = Learner.New();
        await app.Slack.AcceptedAsync(learner.Written($"{App.Marker} I learned about caches today."));
        await app.Groups.CaughtUpAsync();
        await app.Host.Redis!.StopAsync();
        try
        {
            await app.Operator.FinishedAsync(await app.Operator.TriggerAsync());

            (await app.Rows.SummariesAsync(learner)).ShouldHaveSingleItem();
            await Eventually.HoldsAsync(async () => (await app.Sandbox.PostsAsync(learner)).ShouldHaveSingleItem());
        }
        finally
        {
            await app.Host.Redis!.StartAsync(TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task A_trigger_is_accepted_while_the_summarizer_is_down_and_executed_once_when_it_is_back()
    {
        var learner = Learner.New();
        await app.Slack.AcceptedAsync(learner.Written($"{App.Marker} I learned about queues today."));
        await app.Groups.CaughtUpAsync();
        var summarizer = app.Host.Services[ServiceNames.Summarizer];
        string runId;
        await summarizer.StopAsync();
        try
        {
            runId = await app.Operator.TriggerAsync().WaitAsync(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);
        }
        finally
        {
            await summarizer.StartAsync();
            await summarizer.WaitReadyAsync(TestContext.Current.CancellationToken);
        }

        (await app.Operator.FinishedAsync(runId)).Written.ShouldBeGreaterThanOrEqualTo(1);
        await app.Groups.CaughtUpAsync();
        (await app.Rows.SummariesAsync(learner)).ShouldHaveSingleItem().RunId.ShouldBe(runId);
        (await app.Sandbox.PostsAsync(learner)).ShouldHaveSingleItem();
        // Also of partitions from which nothing has come since the restart.
        foreach (var stage in new[] { ConsumerGroups.Intake, ConsumerGroups.Planner, ConsumerGroups.Writer })
            await Eventually.HoldsAsync(async () => (await OfSummarizerAsync("studytracker_consumer_lag", stage)).ShouldBe(0, stage));
    }

    private Task<double> RetriesAsync() => OfSummarizerAsync("studytracker_consumer_retries", ConsumerGroups.Intake);

    private Task<double> OfSummarizerAsync(string metric, string stage) =>
        Metrics.SumAsync(app.Host.Services[ServiceNames.Summarizer].ManagementUrl, metric, stage);
}
