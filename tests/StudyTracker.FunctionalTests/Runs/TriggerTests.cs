using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using StudyTracker.AppHost.Local;
using StudyTracker.Contracts;
using StudyTracker.FunctionalTests.Support;

namespace StudyTracker.FunctionalTests.Runs;

[Collection(nameof(OneRunAtATime))]
public sealed class TriggerTests(App app)
{
    [Fact]
    public async Task A_run_goes_from_its_trigger_to_the_direct_messages_and_tells_how_far_it_is()
    {
        var learners = Enumerable.Range(0, 3).Select(_ => Learner.New()).ToList();
        foreach (var learner in learners) await app.Slack.AcceptedAsync(learner.Written($"{App.Marker} I learned about recursion today."));
        await app.Groups.CaughtUpAsync();

        var runId = await app.Operator.TriggerAsync();
        var run = await app.Operator.FinishedAsync(runId);

        run.Kind.ShouldBe("daily");
        run.RequestedBy.ShouldBe("api");
        run.Jobs.ShouldBeGreaterThanOrEqualTo(3);
        run.Members.ShouldBeGreaterThanOrEqualTo(run.Jobs);
        (run.Pending, run.Parked).ShouldBe((0, 0));
        // A run is for everybody: other tests' learners may take their messages back before theirs are written.
        (run.Written + run.Empty).ShouldBe(run.Jobs);
        foreach (var learner in learners)
        {
            var summary = (await app.Rows.SummariesAsync(learner)).ShouldHaveSingleItem();
            summary.RunId.ShouldBe(runId);
            await Eventually.HoldsAsync(async () =>
                (await app.Sandbox.PostsAsync(learner)).ShouldHaveSingleItem().SummaryId.ShouldBe($"{summary.Id}"));
        }
    }

    [Fact]
    public async Task The_same_id_twice_is_one_run()
    {
        var learner = Learner.New();
        await app.Slack.AcceptedAsync(learner.Written($"{App.Marker} I learned about queues today."));
        await app.Groups.CaughtUpAsync();
        var runId = Operator.NewRun();

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => app.Operator.TriggerAsync(runId)));
        await app.Operator.FinishedAsync(runId);
        await app.Operator.TriggerAsync(runId);
        await app.Groups.CaughtUpAsync();

        app.Log.Of(Topics.SchedulerTriggers, runId).Count.ShouldBe(5);
        (await app.Rows.QueryAsync("SELECT 1 FROM study.runs WHERE run_id = $1", _ => 1, runId)).ShouldHaveSingleItem();
        (await app.Rows.SummariesAsync(learner)).ShouldHaveSingleItem().RunId.ShouldBe(runId);
        (await app.Sandbox.PostsAsync(learner)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task An_id_that_is_taken_by_another_kind_is_refused_and_what_passes_the_door_all_the_same_is_a_dead_letter()
    {
        var runId = await app.Operator.TriggerAsync();
        await app.Operator.FinishedAsync(runId);

        using var http = new HttpClient();
        http.DefaultRequestHeaders.Add("X-Api-Key", app.Host.OperatorKey);
        using var refused = await http.PostAsJsonAsync(
            new Uri(app.Host.Services[ServiceNames.Ingress].Url, "/scheduler/trigger"), new { kind = "weekly", id = runId }, TestContext.Current.CancellationToken);
        using var producer = new RawProducer(app.Host.KafkaServers);
        var trigger = new TriggerRecord(runId, SummaryKind.Weekly, DateTimeOffset.UtcNow, "api");
        await producer.SendAsync(
            Topics.SchedulerTriggers, runId, JsonSerializer.SerializeToUtf8Bytes(trigger, ContractsJson.Default.TriggerRecord));

        refused.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("daily");
        await Eventually.HoldsAsync(() =>
            app.Log.Of(Topics.DeadLetters, runId).ShouldHaveSingleItem().Headers[RecordHeaders.Error].ShouldContain("daily"));
        (await app.Operator.RunAsync(runId)).Kind.ShouldBe("daily");
    }

    [Fact]
    public async Task A_run_that_nobody_asked_for_is_not_found()
    {
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Add("X-Api-Key", app.Host.OperatorKey);

        using var answer = await http.GetAsync(
            new Uri(app.Host.Services[ServiceNames.Summarizer].ManagementUrl, $"/runs/{Operator.NewRun()}"), TestContext.Current.CancellationToken);

        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{\"kind\":\"hourly\"}")]
    [InlineData("{\"kind\":1}")]
    [InlineData("{\"kind\":\"daily\",\"id\":\"a b\"}")]
    [InlineData("{\"kind\":\"daily\",\"id\":\"\"}")]
    [InlineData("not json")]
    public async Task A_trigger_that_makes_no_sense_is_a_bad_request(string body)
    {
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Add("X-Api-Key", app.Host.OperatorKey);

        using var answer = await http.PostAsync(
            new Uri(app.Host.Services[ServiceNames.Ingress].Url, "/scheduler/trigger"),
            new StringContent(body, MediaTypeHeaderValue.Parse("application/json")),
            TestContext.Current.CancellationToken);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task One_trace_runs_from_the_trigger_to_the_feedback()
    {
        var learner = Learner.New();
        await app.Slack.AcceptedAsync(learner.Written($"{App.Marker} I learned about tracing today."));
        await app.Groups.CaughtUpAsync();
        const string traceId = "0af7651916cd43dd8448eb211c80319c";

        var runId = await app.Operator.TriggerAsync(traceParent: $"00-{traceId}-b7ad6b7169203331-01");

        await Eventually.HoldsAsync(() => app.Log.Of(Topics.Feedback, learner.Key).ShouldNotBeEmpty());
        TraceId(app.Log.Of(Topics.SchedulerTriggers, runId).ShouldHaveSingleItem()).ShouldBe(traceId);
        TraceId(app.Log.Of(Topics.SummaryJobs, learner.Key).ShouldHaveSingleItem()).ShouldBe(traceId);
        TraceId(app.Log.Of(Topics.Feedback, learner.Key).ShouldHaveSingleItem()).ShouldBe(traceId);
    }

    private static string TraceId(TopicRecord record) => record.Headers[RecordHeaders.TraceParent].Split('-')[1];
}
