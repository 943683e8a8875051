using Microsoft.EntityFrameworkCore;
using StudyTracker.Contracts;
using StudyTracker.Summarizer.Storage;

namespace StudyTracker.Summarizer.Runs;

/// <summary>How a run goes.</summary>
/// <param name="RunId">Identity of the run.</param>
/// <param name="Kind">Which summary.</param>
/// <param name="State"><c>planning</c>, <c>writing</c> or <c>finished</c>.</param>
/// <param name="RequestedBy"><c>schedule</c> or <c>api</c>.</param>
/// <param name="RequestedAt">When it was asked for.</param>
/// <param name="PlannedAt">When its jobs were known.</param>
/// <param name="FinishedAt">When its last job ended; delivery to Slack follows.</param>
/// <param name="Members">Members known when it was planned.</param>
/// <param name="Jobs">Members who had something new.</param>
/// <param name="Pending">Jobs still to do.</param>
/// <param name="Written">Summaries written.</param>
/// <param name="Cached">Of these, how many the prompt cache answered.</param>
/// <param name="Empty">Jobs whose messages had been deleted meanwhile.</param>
/// <param name="Parked">Jobs given up.</param>
/// <param name="ParkedReasons">Why, with how many each.</param>
internal sealed record RunStatus(
    string RunId,
    SummaryKind Kind,
    string State,
    string RequestedBy,
    DateTimeOffset RequestedAt,
    DateTimeOffset? PlannedAt,
    DateTimeOffset? FinishedAt,
    int Members,
    int Jobs,
    int Pending,
    int Written,
    int Cached,
    int Empty,
    int Parked,
    IReadOnlyDictionary<string, int> ParkedReasons);

/// <summary><c>GET /runs/{id}</c> and <c>GET /runs</c>, for operators.</summary>
internal sealed class RunsEndpoint(IDbContextFactory<StudyDbContext> contexts)
{
    private const int MaxListed = 100;

    public async Task<IResult> GetAsync(string id, CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        var run = await database.Runs.AsNoTracking().SingleOrDefaultAsync(run => run.RunId == id, cancellationToken);
        return run is null
            ? Results.Problem($"There is no run '{id}' yet. A trigger that was just accepted shows up within a second.", statusCode: 404)
            : Results.Ok(await DescribeAsync(database, run, cancellationToken));
    }

    public async Task<IResult> ListAsync(int? limit, CancellationToken cancellationToken)
    {
        if (limit is < 1 or > MaxListed) return Results.Problem($"limit must be 1 to {MaxListed}.", statusCode: 400);
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        var runs = await database.Runs.AsNoTracking().OrderByDescending(run => run.RequestedAt).Take(limit ?? 20).ToListAsync(cancellationToken);
        var described = new List<RunStatus>();
        foreach (var run in runs) described.Add(await DescribeAsync(database, run, cancellationToken));
        return Results.Ok(described);
    }

    private static async Task<RunStatus> DescribeAsync(StudyDbContext database, Run run, CancellationToken cancellationToken)
    {
        var states = await database.Jobs.Where(job => job.RunId == run.RunId)
            .GroupBy(job => job.State)
            .Select(group => new { group.Key, Count = group.Count(), LastEnd = group.Max(job => job.FinishedAt) })
            .ToDictionaryAsync(group => group.Key, cancellationToken);
        int Count(JobState state) => states.TryGetValue(state, out var group) ? group.Count : 0;
        var pending = Count(JobState.Pending) + Count(JobState.Written);
        var isFinished = run.PlannedAt is not null && pending == 0;
        var written = await database.Summaries.Where(summary => summary.RunId == run.RunId)
            .GroupBy(summary => summary.Cached)
            .Select(group => new { group.Key, Count = group.Count() })
            .ToDictionaryAsync(group => group.Key, group => group.Count, cancellationToken);
        var reasons = await database.Jobs.Where(job => job.RunId == run.RunId && job.State == JobState.Parked)
            .GroupBy(job => job.Error ?? "")
            .Select(group => new { group.Key, Count = group.Count() })
            .ToDictionaryAsync(group => group.Key, group => group.Count, cancellationToken);
        return new RunStatus(
            run.RunId,
            run.Kind,
            isFinished ? "finished" : run.PlannedAt is not null ? "writing" : "planning",
            run.RequestedBy,
            run.RequestedAt,
            run.PlannedAt,
            isFinished ? states.Values.Max(group => group.LastEnd) ?? run.PlannedAt : null,
            run.Members,
            run.Jobs,
            pending,
            written.Values.Sum(),
            written.GetValueOrDefault(true),
            Count(JobState.Empty),
            Count(JobState.Parked),
            reasons);
    }
}
