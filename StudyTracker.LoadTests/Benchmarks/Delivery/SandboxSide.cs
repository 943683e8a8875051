using System.Net.Http.Json;
using System.Text.Json;

namespace StudyTracker.LoadTests.Benchmarks.Delivery;

/// <summary>What Slack received, as the Sandbox tells.</summary>
internal sealed class SandboxSide(Uri url) : IDisposable
{
    private const int PageSize = 10_000;
    private readonly HttpClient _http = new() { BaseAddress = url, Timeout = TimeSpan.FromSeconds(30) };

    /// <summary>A message that was posted.</summary>
    public sealed record Post(DateTimeOffset At, string? SummaryId);

    public async Task SetAsync(object settings, CancellationToken cancel)
    {
        using var answer = await _http.PutAsJsonAsync("/sandbox/settings", settings, cancel);
        answer.EnsureSuccessStatusCode();
    }

    public Task<JsonElement> LedgerAsync(CancellationToken cancel) => _http.GetFromJsonAsync<JsonElement>("/sandbox/ledger", cancel);

    public async Task<IReadOnlyList<Post>> PostsAsync(CancellationToken cancel)
    {
        var posts = new List<Post>();
        for (long? after = 0; after is not null;)
        {
            var page = (await _http.GetFromJsonAsync<Page>($"/sandbox/posts?limit={PageSize}&after={after}", cancel))!;
            posts.AddRange(page.Items);
            after = page.Next;
        }

        return posts;
    }

    public void Dispose() => _http.Dispose();

    private sealed record Page(IReadOnlyList<Post> Items, long? Next);
}
