using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using StudyTracker.AppHost.Local;
using StudyTracker.FunctionalTests.Support;

namespace StudyTracker.FunctionalTests.Runs;

[Collection(nameof(OneRunAtATime))]
public sealed class RunStatusTests(App app)
{
    [Fact]
    public async Task A_run_tells_how_late_it_was_and_what_delivery_says()
    {
        var learner = Learner.New();
        await app.Slack.AcceptedAsync(learner.Written($"{App.Marker} I learned about punctuality today."));
        await app.Groups.CaughtUpAsync();
        var before = DateTimeOffset.UtcNow.AddSeconds(-1);
        var runId = await app.Operator.TriggerAsync(kind: "weekly");
        await app.Operator.FinishedAsync(runId);
        await app.Groups.CaughtUpAsync();

        var run = await GetAsync($"/runs/{runId}");
        var lateness = run.GetProperty("lateness");
        lateness.GetProperty("medianSeconds").GetDouble().ShouldBeGreaterThan(0);
        lateness.GetProperty("maxSeconds").GetDouble().ShouldBeGreaterThanOrEqualTo(lateness.GetProperty("p95Seconds").GetDouble());
        run.GetProperty("failed").GetArrayLength().ShouldBe(0);
        run.GetProperty("deliveries").GetString().ShouldBe($"/deliveries/runs/{runId}");
        // Other tests' members are in it too, and some of them may not be written to.
        var delivery = run.GetProperty("delivery");
        delivery.GetProperty("sent").GetInt32().ShouldBeGreaterThanOrEqualTo(1);
        (delivery.GetProperty("sent").GetInt32() + delivery.GetProperty("parked").GetInt32()).ShouldBe(run.GetProperty("written").GetInt32());

        var since = Uri.EscapeDataString($"{before:o}");
        Ids(await GetAsync($"/runs?kind=weekly&since={since}")).ShouldContain(runId);
        Ids(await GetAsync($"/runs?kind=monthly&since={since}")).ShouldNotContain(runId);
        Ids(await GetAsync("/runs?limit=1")).Count.ShouldBe(1);
        foreach (var bad in new[] { "kind=hourly", "since=yesterday", "limit=0", "limit=101" })
            (await SendAsync($"/runs?{bad}")).StatusCode.ShouldBe(HttpStatusCode.BadRequest, bad);
    }

    private static List<string> Ids(JsonElement runs) => [.. runs.EnumerateArray().Select(run => run.GetProperty("runId").GetString()!)];

    private async Task<JsonElement> GetAsync(string path) =>
        await (await SendAsync(path)).EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);

    private async Task<HttpResponseMessage> SendAsync(string path)
    {
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Add("X-Api-Key", app.Host.OperatorKey);
        return await http.GetAsync(new Uri(app.Host.Services[ServiceNames.Summarizer].ManagementUrl, path), TestContext.Current.CancellationToken);
    }
}
