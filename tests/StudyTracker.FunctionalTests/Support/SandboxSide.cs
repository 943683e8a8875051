using System.Net.Http.Json;

namespace StudyTracker.FunctionalTests.Support;

internal sealed record SentEvent(string EventId, string State, IReadOnlyList<SentAttempt> Attempts);

internal sealed record SentAttempt(int? Status, int RetryNum);

internal sealed record Post(string Text, string? SummaryId, string Ts);

internal sealed record ModelCounts(long Calls, long Answered, long RateLimited, long Failed);

internal sealed record Message(string Ts, string Text);

internal sealed record Conversation(IReadOnlyList<Message> Messages, IReadOnlyList<Message> Ephemeral);

internal sealed record MethodCounts(long Calls, long RateLimited, long Failed);

/// <summary>The Sandbox: has people write, sets what goes wrong, and tells what Slack received.</summary>
internal sealed class SandboxSide(Uri url) : IDisposable
{
    private readonly HttpClient _http = new() { BaseAddress = url, Timeout = TimeSpan.FromSeconds(40) };

    /// <summary>Hands in events, which the Sandbox delivers with Slack's retries.</summary>
    public async Task SendAsync(IEnumerable<object> events)
    {
        using var answer = await _http.PostAsJsonAsync("/sandbox/events/batch?wait=false", events, TestContext.Current.CancellationToken);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>A message of a learner, for <see cref="SendAsync"/>.</summary>
    public static object Event(Learner learner, string text, string eventId, int times = 1) =>
        new { learner.TeamId, learner.UserId, learner.ChannelId, Text = text, EventId = eventId, Ts = Learner.NewTs(), Times = times };

    /// <summary>What became of a workspace's events.</summary>
    public Task<IReadOnlyList<SentEvent>> EventsAsync(string teamId) => PageAsync<SentEvent>($"/sandbox/events?limit=10000&teamId={teamId}");

    /// <summary>The messages that a learner got from the app.</summary>
    public Task<IReadOnlyList<Post>> PostsAsync(Learner learner) =>
        PageAsync<Post>($"/sandbox/posts?limit=10000&teamId={learner.TeamId}&userId={learner.UserId}");

    /// <summary>How many messages the app posted in a workspace.</summary>
    public async Task<int> PostCountAsync(string teamId) => (await PageAsync<Post>($"/sandbox/posts?limit=10000&teamId={teamId}")).Count;

    /// <summary>What stands in the direct message of the app with a learner.</summary>
    public async Task<IReadOnlyList<Message>> DirectMessagesAsync(Learner learner) => (await ConversationAsync(learner)).Messages;

    /// <summary>What only the learner sees there, oldest first.</summary>
    public async Task<IReadOnlyList<Message>> EphemeralAsync(Learner learner) => (await ConversationAsync(learner)).Ephemeral;

    /// <summary>A learner types a slash command in the direct message with the app; returns what StudyTracker answered.</summary>
    public async Task<int?> CommandAsync(Learner learner, string text)
    {
        using var answer = await _http.PostAsJsonAsync(
            "/sandbox/commands", new { learner.TeamId, learner.UserId, text }, TestContext.Current.CancellationToken);
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<Pressed>(TestContext.Current.CancellationToken))!.Status;
    }

    /// <summary>How often a method of Slack's Web API was called.</summary>
    public async Task<MethodCounts> CallsAsync(string method)
    {
        var ledger = await _http.GetFromJsonAsync<Ledger>("/sandbox/ledger", TestContext.Current.CancellationToken);
        return ledger!.Methods.GetValueOrDefault(method) ?? new MethodCounts(0, 0, 0);
    }

    /// <summary>How often the model was called, and what came of it.</summary>
    public async Task<ModelCounts> ModelAsync() =>
        (await _http.GetFromJsonAsync<Ledger>("/sandbox/ledger", TestContext.Current.CancellationToken))!.Model;

    /// <summary>A learner presses a button below a message of the app; returns what StudyTracker answered.</summary>
    public async Task<int?> PressAsync(Learner learner, string ts, string actionId)
    {
        using var answer = await _http.PostAsJsonAsync(
            "/sandbox/interactions", new { learner.TeamId, learner.UserId, ts, actionId }, TestContext.Current.CancellationToken);
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<Pressed>(TestContext.Current.CancellationToken))!.Status;
    }

    /// <summary>Changes what goes wrong on purpose, until the result is disposed.</summary>
    public async Task<IAsyncDisposable> SetAsync(object change)
    {
        using var answer = await _http.PutAsJsonAsync("/sandbox/settings", change, TestContext.Current.CancellationToken);
        answer.EnsureSuccessStatusCode();
        return new Reset(_http);
    }

    public void Dispose() => _http.Dispose();

    private async Task<Conversation> ConversationAsync(Learner learner) => (await _http.GetFromJsonAsync<Conversation>(
        $"/sandbox/conversations/{learner.TeamId}/{learner.UserId}", TestContext.Current.CancellationToken))!;

    private async Task<IReadOnlyList<T>> PageAsync<T>(string path) =>
        (await _http.GetFromJsonAsync<Page<T>>(path, TestContext.Current.CancellationToken))!.Items;

    private sealed record Pressed(int? Status);

    private sealed record Page<T>(IReadOnlyList<T> Items);

    private sealed record Ledger(ModelCounts Model, Dictionary<string, MethodCounts> Methods);

    private sealed class Reset(HttpClient http) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            using var answer = await http.DeleteAsync(new Uri("/sandbox/settings", UriKind.Relative), CancellationToken.None);
            answer.EnsureSuccessStatusCode();
        }
    }
}
