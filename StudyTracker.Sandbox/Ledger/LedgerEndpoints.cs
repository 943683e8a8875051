using StudyTracker.Sandbox.OpenAI;
using StudyTracker.Sandbox.WebApi;

namespace StudyTracker.Sandbox.Ledger;

/// <summary><c>/sandbox/ledger</c> and <c>/sandbox/posts</c>: what was sent and received, for tests to check against.</summary>
internal static class LedgerEndpoints
{
    private const int MaxPage = 10_000;

    public static void MapLedger(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/sandbox/ledger", (SandboxLedger ledger) => ledger.Counts());
        endpoints.MapDelete("/sandbox/ledger", (SandboxLedger ledger, RateLimits limits, Tokens tokens, RequestLimit modelLimit) =>
        {
            ledger.Reset();
            limits.Reset();
            tokens.Reset();
            modelLimit.Reset();
            return Results.NoContent();
        });
        endpoints.MapGet("/sandbox/posts", (SandboxLedger ledger, long? after, int? limit, string? teamId, string? userId, string? summaryId) =>
        {
            var isSelection = teamId is not null || userId is not null || summaryId is not null;
            return ledger.Posts(after ?? 0, Math.Clamp(limit ?? 1_000, 1, MaxPage), !isSelection ? null : post =>
                (teamId is null || post.TeamId == teamId)
                && (userId is null || post.UserId == userId)
                && (summaryId is null || post.SummaryId == summaryId));
        });
    }
}
