using System.Net.Http.Json;
using System.Text.Json;

namespace StudyTracker.AppHost.Demo;

/// <summary>The Sandbox's HTTP interface, as far as the demo uses it.</summary>
internal sealed class SandboxClient(Uri url) : IDisposable
{
    // A trigger waits up to 10 s for Ingress inside the Sandbox.
    private readonly HttpClient _http = new() { BaseAddress = url, Timeout = TimeSpan.FromSeconds(15) };

    /// <summary>Hands in an event; the same id is never sent as a second event.</summary>
    public async Task<string> SendAsync(DemoEvent written, CancellationToken cancel) =>
        await PostAsync("/sandbox/events?wait=false", written, cancel);

    /// <summary>Triggers a run; the same id is never a second run.</summary>
    public async Task<string> TriggerAsync(string kind, string id, CancellationToken cancel) =>
        await PostAsync("/sandbox/trigger", new { kind, id }, cancel);

    /// <summary>Every event and what came of its delivery.</summary>
    public async Task<IReadOnlyList<SentEvent>> EventsAsync(CancellationToken cancel) =>
        (await _http.GetFromJsonAsync<Page<SentEvent>>("/sandbox/events?limit=10000", cancel))!.Items;

    /// <summary>Every message that the app posted.</summary>
    public async Task<IReadOnlyList<Post>> PostsAsync(CancellationToken cancel) =>
        (await _http.GetFromJsonAsync<Page<Post>>("/sandbox/posts?limit=10000", cancel))!.Items;

    /// <summary>How often the model was called.</summary>
    public async Task<ModelCalls> ModelCallsAsync(CancellationToken cancel) =>
        (await _http.GetFromJsonAsync<Totals>("/sandbox/ledger", cancel))!.Model;

    /// <inheritdoc />
    public void Dispose() => _http.Dispose();

    private async Task<string> PostAsync<T>(string path, T body, CancellationToken cancel)
    {
        using var response = await _http.PostAsJsonAsync(path, body, cancel);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadAsStringAsync(cancel);
    }

    private sealed record Page<T>(IReadOnlyList<T> Items);

    private sealed record Totals(ModelCalls Model);
}

/// <summary>An event and what came of its delivery.</summary>
/// <param name="EventId">Slack's id of the event.</param>
/// <param name="Kind">study, bot or wrongSignature.</param>
/// <param name="State">pending, retrying, accepted, refused or failed.</param>
/// <param name="Attempts">The deliveries.</param>
internal sealed record SentEvent(string EventId, string Kind, string State, IReadOnlyList<Delivery> Attempts)
{
    /// <summary>Whether the Sandbox will not deliver it any more.</summary>
    public bool IsSettled(int times) => State is "refused" or "failed"
        || (State == "accepted" && Attempts.Count(attempt => attempt.Accepted) >= times);
}

/// <summary>One delivery.</summary>
/// <param name="Status">HTTP status; null when there was no answer.</param>
internal sealed record Delivery(int? Status)
{
    /// <summary>Whether it was answered with success.</summary>
    public bool Accepted => Status is >= 200 and < 300;

    /// <summary>Whether it was turned away for good.</summary>
    public bool Refused => Status is >= 400 and < 500;
}

/// <summary>A message that the app posted.</summary>
/// <param name="At">When Slack took it.</param>
/// <param name="TeamId">Workspace.</param>
/// <param name="UserId">Who got it.</param>
/// <param name="Text">Its text.</param>
/// <param name="Blocks">Its Block Kit.</param>
/// <param name="SummaryId">The summary that it carries.</param>
internal sealed record Post(DateTimeOffset At, string TeamId, string? UserId, string Text, JsonElement? Blocks, string? SummaryId);

/// <summary>How often the model was called.</summary>
/// <param name="Answered">Calls that it answered as asked.</param>
internal sealed record ModelCalls(int Answered);
