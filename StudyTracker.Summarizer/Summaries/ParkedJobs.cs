using Npgsql;

namespace StudyTracker.Summarizer.Summaries;

/// <summary>A job that was given up.</summary>
/// <param name="JobId">Identity of the job.</param>
/// <param name="RunId">Its run.</param>
/// <param name="TeamId">The member's workspace.</param>
/// <param name="UserId">The member.</param>
/// <param name="Kind"><c>daily</c>, <c>weekly</c> or <c>monthly</c>.</param>
/// <param name="Reason">Why it was given up.</param>
/// <param name="ParkedAt">When.</param>
/// <param name="RetryAt">When it goes on by itself; null: when an operator replays it.</param>
/// <param name="Revision">0: the summary is missing; else which rewriting of it was given up.</param>
internal sealed record ParkedJob(
    Guid JobId, string RunId, string TeamId, string UserId, string Kind, string? Reason, DateTimeOffset? ParkedAt, DateTimeOffset? RetryAt, int Revision);

/// <summary>Which parked jobs: those that fit everything that is given.</summary>
/// <param name="RunId">Of one run.</param>
/// <param name="TeamId">Of one workspace.</param>
/// <param name="Reason">Whose reason begins like this.</param>
/// <param name="JobId">This one.</param>
internal sealed record ParkedFilter(string? RunId, string? TeamId, string? Reason, Guid? JobId)
{
    public bool IsEmpty => RunId is null && TeamId is null && Reason is null && JobId is null;
}

/// <summary><c>GET /jobs/parked</c> and <c>POST /jobs/replay</c>, for operators.</summary>
internal sealed class ParkedJobs(NpgsqlDataSource database, ReplayLoop loop)
{
    private const int MaxListed = 1_000;

    private const string Parked = """
        SELECT job_id, 0 AS revision, run_id, team_id, user_id, kind, error, finished_at, retry_at FROM study.jobs
        WHERE state = 'Parked' AND error IS NOT NULL
        UNION ALL
        SELECT j.job_id, r.number, j.run_id, j.team_id, j.user_id, j.kind, r.error, r.finished_at, r.retry_at
        FROM study.revisions r JOIN study.jobs j ON j.job_id = r.summary_id
        WHERE r.state = 'Parked' AND r.error IS NOT NULL
        """;

    private const string Which = """
        ($1::text IS NULL OR run_id = $1) AND ($2::text IS NULL OR team_id = $2)
            AND ($3::text IS NULL OR starts_with(error, $3)) AND ($4::uuid IS NULL OR job_id = $4)
        """;

    private const string List = $"""
        SELECT job_id, run_id, team_id, user_id, lower(kind), error, finished_at, retry_at, revision FROM ({Parked}) parked
        WHERE {Which} ORDER BY finished_at DESC, job_id LIMIT $5
        """;

    // Who is due already was replayed before, and has only not been fetched yet.
    private const string Replay = $"""
        WITH chosen AS (SELECT job_id, revision FROM ({Parked}) parked WHERE {Which}),
        jobs AS (
            UPDATE study.jobs j SET retry_at = now() FROM chosen c
            WHERE c.revision = 0 AND j.job_id = c.job_id AND j.state = 'Parked' AND (j.retry_at IS NULL OR j.retry_at > now())
            RETURNING 1),
        revisions AS (
            UPDATE study.revisions r SET retry_at = now() FROM chosen c
            WHERE r.summary_id = c.job_id AND r.number = c.revision AND r.state = 'Parked' AND (r.retry_at IS NULL OR r.retry_at > now())
            RETURNING 1)
        SELECT (SELECT count(*)::int FROM jobs) + (SELECT count(*)::int FROM revisions)
        """;

    public async Task<IResult> ListAsync(ParkedFilter filter, int? limit, CancellationToken cancellationToken)
    {
        if (limit is < 1 or > MaxListed) return Results.Problem($"limit must be 1 to {MaxListed}.", statusCode: 400);
        await using var command = Command(List, filter);
        command.Parameters.Add(new() { Value = limit ?? MaxListed });
        var jobs = new List<ParkedJob>();
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            jobs.Add(new ParkedJob(
                row.GetGuid(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4),
                row.IsDBNull(5) ? null : row.GetString(5),
                row.IsDBNull(6) ? null : row.GetFieldValue<DateTimeOffset>(6),
                row.IsDBNull(7) ? null : row.GetFieldValue<DateTimeOffset>(7),
                row.GetInt32(8)));
        }

        return Results.Ok(jobs);
    }

    /// <summary>Marks parked jobs as due and answers at once; the loop, here or in another replica, puts them on their way.</summary>
    public async Task<IResult> ReplayAsync(ParkedFilter filter, bool? all, CancellationToken cancellationToken)
    {
        if (filter.IsEmpty && all is not true)
            return Results.Problem("Say which: runId, teamId, reason (its beginning), jobId, or all=true.", statusCode: 400);
        await using var command = Command(Replay, filter);
        var replayed = (int)(await command.ExecuteScalarAsync(cancellationToken))!;
        loop.Wake();
        return Results.Ok(new { replayed });
    }

    private NpgsqlCommand Command(string sql, ParkedFilter filter)
    {
        var command = database.CreateCommand(sql);
        foreach (var text in new[] { filter.RunId, filter.TeamId, filter.Reason }) command.Parameters.Add(new NpgsqlParameter { Value = (object?)text ?? DBNull.Value });
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)filter.JobId ?? DBNull.Value });
        return command;
    }
}
