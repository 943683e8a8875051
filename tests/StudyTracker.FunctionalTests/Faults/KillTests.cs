using StudyTracker.AppHost.Local;
using StudyTracker.FunctionalTests.Support;

namespace StudyTracker.FunctionalTests.Faults;

/// <summary>kill -9 at the moments between two durable steps.</summary>
[Collection(nameof(OneFaultAtATime))]
public sealed class KillTests(App app)
{
    [Theory]
    [InlineData("intake-before-commit")]
    [InlineData("intake-after-commit")]
    public async Task Every_accepted_message_is_stored_exactly_once_when_intake_is_killed(string moment)
    {
        var team = Learner.NewTeam();
        var events = Enumerable.Range(0, 30).Select(_ => Learner.NewEventId()).ToList();
        var kill = app.KillAt(ServiceNames.Summarizer, moment);

        await Task.WhenAll(events.Select(id => app.Slack.AcceptedAsync(Learner.New(team).Written(App.Marker, eventId: id))));
        await kill.HappenedAsync();
        await app.Groups.CaughtUpAsync();

        (await app.Rows.EventIdsAsync(team)).Order().ShouldBe(events.Order());
    }

    [Theory]
    [InlineData("planner-before-commit", "delivery-before-post")]
    [InlineData("planner-after-commit", "delivery-after-post")]
    [InlineData("planner-after-publish", null)]
    [InlineData("writer-after-commit", null)] // the writer's other moments are in ModelFaultTests, with what they cost
    public async Task A_run_ends_with_one_summary_and_one_post_for_everyone_when_services_are_killed(string ofSummarizer, string? ofNotifier)
    {
        var team = Learner.NewTeam();
        var learners = Enumerable.Range(0, 3).Select(_ => Learner.New(team)).ToList();
        foreach (var learner in learners) await app.Slack.AcceptedAsync(learner.Written($"{App.Marker} I learned {learner.UserId} today."));
        await app.Groups.CaughtUpAsync();
        var summarizer = app.KillAt(ServiceNames.Summarizer, ofSummarizer);
        var notifier = ofNotifier is null ? null : app.KillAt(ServiceNames.Notifier, ofNotifier);

        var runId = await app.Operator.TriggerAsync();
        await summarizer.HappenedAsync();
        if (notifier is not null) await notifier.HappenedAsync();
        await app.Operator.FinishedAsync(runId);
        await app.Groups.CaughtUpAsync();

        (await app.Rows.JobStatesAsync(runId)).ShouldAllBe(state => state == "Done");
        foreach (var learner in learners)
        {
            var summary = (await app.Rows.SummariesAsync(learner)).ShouldHaveSingleItem();
            (await app.Rows.DeliveriesAsync(learner)).ShouldHaveSingleItem().State.ShouldBe("Sent");
            (await app.Sandbox.PostsAsync(learner)).ShouldHaveSingleItem().SummaryId.ShouldBe($"{summary.Id}");
        }
    }

    [Fact]
    public async Task Under_a_stream_of_events_and_runs_services_killed_at_random_lose_and_double_nothing()
    {
        const int rounds = 8;
        const int eventsInARound = 50;
        var random = new Random(20261122);
        var killable = new[] { ServiceNames.Ingress, ServiceNames.Summarizer, ServiceNames.Notifier };
        var team = Learner.NewTeam();
        var learners = Enumerable.Range(0, 20).Select(_ => Learner.New(team)).ToList();
        var events = new List<string>();
        for (var round = 0; round < rounds; round++)
        {
            var ids = Enumerable.Range(0, eventsInARound).Select(_ => Learner.NewEventId()).ToList();
            events.AddRange(ids);
            await app.Sandbox.SendAsync(ids.Select((id, index) => SandboxSide.Event(
                learners[index % learners.Count], $"{App.Marker} {id} learned", id, times: index % 10 == 0 ? 2 : 1)));
            var service = app.Host.Services[killable[(round + random.Next(2)) % killable.Length]];
            var restarts = service.Restarts;
            service.Kill();
            await Eventually.HoldsAsync(() => service.Restarts.ShouldBeGreaterThan(restarts));
            if (round == rounds / 2) await Eventually.HoldsAsync(() => app.Operator.TriggerAsync());
        }

        foreach (var name in killable) await app.Host.Services[name].WaitReadyAsync(TestContext.Current.CancellationToken);
        await Eventually.HoldsAsync(async () =>
        {
            var sent = await app.Sandbox.EventsAsync(team);
            sent.Count.ShouldBe(events.Count);
            sent.ShouldAllBe(one => one.State == "accepted");
        });
        await app.Groups.CaughtUpAsync();
        await app.Operator.FinishedAsync(await app.Operator.TriggerAsync());
        await app.Groups.CaughtUpAsync();

        (await app.Rows.EventIdsAsync(team)).Order().ShouldBe(events.Order());
        foreach (var learner in learners)
        {
            var summaries = await app.Rows.SummariesAsync(learner);
            summaries.Sum(summary => summary.MessageCount).ShouldBe((await app.Rows.MessagesAsync(learner)).Count);
            (await app.Sandbox.PostsAsync(learner)).Select(post => post.SummaryId).Order().ShouldBe(summaries.Select(summary => $"{summary.Id}").Order());
        }
    }
}
