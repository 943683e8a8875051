using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using StudyTracker.AppHost.Local;
using StudyTracker.FunctionalTests.Support;

namespace StudyTracker.FunctionalTests.Faults;

[Collection(nameof(OneFaultAtATime))]
public sealed class KafkaAwayTests(App app)
{
    private static readonly TimeSpan _slacksPatience = TimeSpan.FromSeconds(3);

    [Fact]
    public async Task While_kafka_is_away_nothing_is_acknowledged_and_slacks_retries_bring_every_event_exactly_once()
    {
        var team = Learner.NewTeam();
        var events = Enumerable.Range(0, 40).Select(_ => Learner.NewEventId()).ToList();
        app.Kafka.SetDown();
        try
        {
            await app.Sandbox.SendAsync(events.Select(id => SandboxSide.Event(Learner.New(team), App.Marker, id)));

            var started = Stopwatch.GetTimestamp();
            using var answer = await app.Slack.PostAsync(Learner.New().Written(App.Marker));
            answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
            answer.Headers.RetryAfter.ShouldNotBeNull();
            Stopwatch.GetElapsedTime(started).ShouldBeLessThan(_slacksPatience);

            using var trigger = await TriggerAsync();
            trigger.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
            trigger.Headers.RetryAfter.ShouldNotBeNull();
            (await app.Sandbox.EventsAsync(team)).ShouldAllBe(sent => sent.State != "accepted");
        }
        finally
        {
            await app.KafkaReturnsAsync();
        }

        await Eventually.HoldsAsync(async () =>
        {
            var sent = await app.Sandbox.EventsAsync(team);
            sent.Count.ShouldBe(events.Count);
            sent.ShouldAllBe(one => one.State == "accepted");
        });
        await app.Groups.CaughtUpAsync();
        (await app.Rows.EventIdsAsync(team)).Order().ShouldBe(events.Order());
    }

    private async Task<HttpResponseMessage> TriggerAsync()
    {
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Add("X-Api-Key", app.Host.OperatorKey);
        return await http.PostAsJsonAsync(
            new Uri(app.Host.Services[ServiceNames.Ingress].Url, "/scheduler/trigger"), new { kind = "daily" }, TestContext.Current.CancellationToken);
    }
}
