using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using StudyTracker.AppHost.Local;

namespace StudyTracker.FunctionalTests.Support;

internal sealed record RunStatus(
    string RunId, string Kind, string State, string RequestedBy, DateTimeOffset RequestedAt, int Members, int Jobs, int Pending, int Written, int Empty, int Parked, int Rewritings, int HeldBack);

internal sealed record Parked(Guid SummaryId, string RunId, string TeamId, string UserId, string? Reason, int Attempts);

internal sealed record ParkedJob(Guid JobId, string RunId, string TeamId, string UserId, string Reason, DateTimeOffset? RetryAt, int Revision);

internal sealed record ParkedList(int Count, IReadOnlyList<ParkedReason> Reasons, IReadOnlyList<Parked> Items);

internal sealed record ParkedReason(string Reason, int Count, double OldestSeconds);

internal sealed record RunDeliveries(string RunId, int Pending, int Sent, int Parked, int Dropped, Lateness? Lateness);

internal sealed record Lateness(double P50Seconds, double P95Seconds, double MaxSeconds);

internal sealed record DeadLetters(int Count, IReadOnlyDictionary<string, int> ByTopic, IReadOnlyList<DeadLetterGroup> Groups);

internal sealed record DeadLetterGroup(string Topic, string Stage, string Reason, int Count, double OldestSeconds);

/// <summary>What operators do.</summary>
internal sealed class Operator : IDisposable
{
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(10) };
    private readonly Uri _ingress;
    private readonly Uri _summarizer;
    private readonly Uri _notifier;

    public Operator(LocalHost host)
    {
        _ingress = host.Services[ServiceNames.Ingress].Url;
        _summarizer = host.Services[ServiceNames.Summarizer].ManagementUrl;
        _notifier = host.Services[ServiceNames.Notifier].ManagementUrl;
        _http.DefaultRequestHeaders.Add("X-Api-Key", host.OperatorKey);
    }

    public static string NewRun() => $"test-{Guid.NewGuid():n}";

    /// <summary>Asks for a run and returns its id; it is accepted, not done.</summary>
    public async Task<string> TriggerAsync(string? runId = null, string kind = "daily", string? traceParent = null)
    {
        runId ??= NewRun();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_ingress, "/scheduler/trigger"))
        {
            Content = JsonContent.Create(new { kind, id = runId }),
        };
        if (traceParent is not null) request.Headers.Add("traceparent", traceParent);
        using var answer = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        body.GetProperty("runId").GetString().ShouldBe(runId);
        return runId;
    }

    public Task<RunStatus> RunAsync(string runId) => GetAsync<RunStatus>(new Uri(_summarizer, $"/runs/{runId}"));

    /// <summary>Waits until all jobs of a run have ended.</summary>
    public Task<RunStatus> FinishedAsync(string runId) => Eventually.GetsAsync(() => RunAsync(runId), run => run.State == "finished");

    public async Task<IReadOnlyList<Parked>> ParkedAsync() => (await ParkedListAsync()).Items;

    public Task<ParkedList> ParkedListAsync(string? reason = null) =>
        GetAsync<ParkedList>(new Uri(_notifier, $"/parked{(reason is null ? "" : $"?reason={Uri.EscapeDataString(reason)}")}"));

    public Task<RunDeliveries> DeliveriesAsync(string runId) => GetAsync<RunDeliveries>(new Uri(_notifier, $"/deliveries/runs/{runId}"));

    public Task<DeadLetters> DeadLettersAsync() => GetAsync<DeadLetters>(new Uri(_notifier, "/dead-letters"));

    /// <summary>Posts to the Notifier and returns the one number that it answers with.</summary>
    public async Task<int> NotifierAsync(string path)
    {
        using var answer = await _http.PostAsync(new Uri(_notifier, path), null, TestContext.Current.CancellationToken);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        var body = await answer.Content.ReadFromJsonAsync<Dictionary<string, int>>(TestContext.Current.CancellationToken);
        return body!.First().Value;
    }

    public async Task ReplayAsync(Guid summaryId)
    {
        using var answer = await _http.PostAsync(
            new Uri(_notifier, $"/parked/replay?summaryId={summaryId}"), null, TestContext.Current.CancellationToken);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    /// <summary>The jobs of a workspace that were given up.</summary>
    public Task<List<ParkedJob>> ParkedJobsAsync(string teamId) => GetAsync<List<ParkedJob>>(new Uri(_summarizer, $"/jobs/parked?teamId={teamId}"));

    /// <summary>Puts given up jobs on their way again and returns how many.</summary>
    public async Task<int> ReplayJobsAsync(string which)
    {
        using var answer = await _http.PostAsync(new Uri(_summarizer, $"/jobs/replay?{which}"), null, TestContext.Current.CancellationToken);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        return (await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken)).GetProperty("replayed").GetInt32();
    }

    public void Dispose() => _http.Dispose();

    private async Task<T> GetAsync<T>(Uri address) => (await _http.GetFromJsonAsync<T>(address, TestContext.Current.CancellationToken))!;
}
