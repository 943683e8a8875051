using System.Net.Http.Json;

namespace StudyTracker.LoadTests.Ledger;

/// <summary>Calls that the Sandbox's Slack and model have counted, for everybody who uses them.</summary>
/// <param name="Calls">Calls of chat.postMessage.</param>
/// <param name="RateLimited">Of these, answered with 429.</param>
/// <param name="Summaries">Different summaries that they brought into Slack.</param>
/// <param name="ModelCalls">Calls of the model that it answered.</param>
internal sealed record SlackCalls(long Calls, long RateLimited, long Summaries, long ModelCalls)
{
    /// <summary>What was counted since then.</summary>
    public SlackCalls Since(SlackCalls then) => new(
        Calls - then.Calls, RateLimited - then.RateLimited, Summaries - then.Summaries, ModelCalls - then.ModelCalls);
}

/// <summary>Messages that Slack took for the workspaces of a run.</summary>
/// <param name="Summaries">Different summaries among them.</param>
/// <param name="Again">Messages that told a summary again.</param>
internal sealed record SlackPosts(int Summaries, int Again);

/// <summary>The Sandbox, which plays Slack: its ledger, and what goes wrong on purpose.</summary>
internal sealed class SlackSide(Uri sandbox) : IDisposable
{
    private const int PageSize = 10_000;

    private readonly HttpClient _http = new() { BaseAddress = sandbox, Timeout = TimeSpan.FromSeconds(20) };

    /// <summary>What has been counted so far.</summary>
    public async Task<SlackCalls> CallsAsync(CancellationToken cancel)
    {
        var ledger = (await _http.GetFromJsonAsync<SandboxLedger>("/sandbox/ledger", cancel))!;
        return new(ledger.Posts.Calls, ledger.Posts.RateLimited, ledger.Posts.BySummary.Distinct, ledger.Model.Answered);
    }

    /// <summary>What it took for some workspaces.</summary>
    public async Task<SlackPosts> PostsAsync(IEnumerable<string> teams, CancellationToken cancel)
    {
        var summaries = new List<string>();
        foreach (var team in teams)
        {
            for (long? after = 0; after is not null;)
            {
                var page = (await _http.GetFromJsonAsync<Page>($"/sandbox/posts?teamId={team}&limit={PageSize}&after={after}", cancel))!;
                summaries.AddRange(page.Items.Select(post => post.SummaryId).OfType<string>());
                after = page.Next;
            }
        }

        var distinct = summaries.Distinct().Count();
        return new(distinct, summaries.Count - distinct);
    }

    /// <summary>Has a share of Slack's answers be 429.</summary>
    public async Task Set429Async(double share, CancellationToken cancel)
    {
        using var answer = await _http.PutAsJsonAsync("/sandbox/settings", new { slack = new { rateLimited = share } }, cancel);
        answer.EnsureSuccessStatusCode();
    }

    public void Dispose() => _http.Dispose();

    private sealed record SandboxLedger(PostCounts Posts, ModelCounts Model);

    private sealed record PostCounts(long Calls, long RateLimited, SummaryCounts BySummary);

    private sealed record SummaryCounts(long Distinct);

    private sealed record ModelCounts(long Answered);

    private sealed record Page(IReadOnlyList<Post> Items, long? Next);

    private sealed record Post(string? SummaryId);
}
