using Npgsql;
using StudyTracker.Contracts;
using StudyTracker.Summarizer.Storage;

namespace StudyTracker.Summarizer.Runs;

/// <summary>Reads how runs go: two statements, however many runs.</summary>
internal sealed class RunQueries(NpgsqlDataSource database)
{
    private const string SelectRuns = """
        SELECT
            r.run_id, r.kind, r.requested_by, r.requested_at, r.planned_at, r.members, r.jobs,
            j.pending, j.empty, j.parked, j.last_end, j.late, j.latest, s.written, s.cached, s.rewritings, r.held_back
        FROM (
            SELECT * FROM study.runs
            WHERE ($1 IS NULL OR run_id = $1) AND ($2 IS NULL OR kind = $2) AND ($3 IS NULL OR requested_at >= $3)
            ORDER BY requested_at DESC, run_id
            LIMIT $4) AS r
        CROSS JOIN LATERAL (
            SELECT
                count(*) FILTER (WHERE finished_at IS NULL)::int AS pending,
                count(*) FILTER (WHERE state = 'Empty')::int AS empty,
                count(*) FILTER (WHERE state = 'Parked')::int AS parked,
                max(finished_at) AS last_end,
                percentile_cont(ARRAY[0.5, 0.95]) WITHIN GROUP (ORDER BY extract(epoch FROM finished_at - due_at)::float8)
                    FILTER (WHERE state = 'Done') AS late,
                max(extract(epoch FROM finished_at - due_at)::float8) FILTER (WHERE state = 'Done') AS latest
            FROM study.jobs WHERE run_id = r.run_id) AS j
        CROSS JOIN LATERAL (
            SELECT count(*)::int AS written, count(*) FILTER (WHERE cached)::int AS cached, coalesce(sum(revision), 0)::int AS rewritings
            FROM study.summaries WHERE run_id = r.run_id) AS s
        ORDER BY r.requested_at DESC, r.run_id
        """;

    private const string SelectReasons = """
        SELECT run_id, coalesce(error, ''), count(*)::int FROM study.jobs
        WHERE run_id = ANY ($1) AND state = 'Parked'
        GROUP BY 1, 2
        """;

    private const string SelectFailed = """
        SELECT job_id, team_id, user_id, coalesce(error, '') FROM study.jobs
        WHERE run_id = $1 AND state = 'Parked'
        ORDER BY team_id, user_id
        LIMIT $2
        """;

    /// <summary>The newest runs that fit, or the one with an id.</summary>
    public async Task<List<RunStatus>> RunsAsync(
        string? runId, SummaryKind? kind, DateTimeOffset? since, int limit, CancellationToken cancellationToken)
    {
        var runs = new List<RunStatus>();
        await using (var command = database.CreateCommand(SelectRuns))
        {
            command.Parameters.AddRange(new[]
            {
                SqlParameters.Text(runId), SqlParameters.Text(kind?.ToString()), SqlParameters.Time(since), SqlParameters.Number(limit),
            });
            await using var row = await command.ExecuteReaderAsync(cancellationToken);
            while (await row.ReadAsync(cancellationToken)) runs.Add(Read(row));
        }

        var withParked = runs.Where(run => run.Parked > 0).Select(run => run.RunId).ToList();
        if (withParked.Count == 0) return runs;
        var reasons = await ReasonsAsync(withParked, cancellationToken);
        return [.. runs.Select(run => run with { ParkedReasons = reasons.GetValueOrDefault(run.RunId, []) })];
    }

    /// <summary>The first members of a run whose jobs were given up.</summary>
    public async Task<List<FailedJob>> FailedAsync(string runId, int limit, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(SelectFailed);
        command.Parameters.AddRange(new[] { SqlParameters.Text(runId), SqlParameters.Number(limit) });
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var failed = new List<FailedJob>();
        while (await row.ReadAsync(cancellationToken))
            failed.Add(new FailedJob(row.GetGuid(0), row.GetString(1), row.GetString(2), row.GetString(3)));
        return failed;
    }

    private async Task<Dictionary<string, Dictionary<string, int>>> ReasonsAsync(List<string> runIds, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(SelectReasons);
        command.Parameters.Add(SqlParameters.Texts(runIds));
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var reasons = new Dictionary<string, Dictionary<string, int>>();
        while (await row.ReadAsync(cancellationToken))
        {
            if (!reasons.TryGetValue(row.GetString(0), out var ofRun)) reasons[row.GetString(0)] = ofRun = [];
            ofRun[row.GetString(1)] = row.GetInt32(2);
        }

        return reasons;
    }

    private static RunStatus Read(NpgsqlDataReader row)
    {
        var plannedAt = Time(row, 4);
        var pending = row.GetInt32(7);
        var isFinished = plannedAt is not null && pending == 0;
        return new RunStatus(
            row.GetString(0),
            Enum.Parse<SummaryKind>(row.GetString(1)),
            isFinished ? "finished" : plannedAt is not null ? "writing" : "planning",
            row.GetString(2),
            row.GetFieldValue<DateTimeOffset>(3),
            plannedAt,
            isFinished ? Time(row, 10) ?? plannedAt : null,
            row.GetInt32(5),
            row.GetInt32(6),
            pending,
            row.GetInt32(13),
            row.GetInt32(14),
            row.GetInt32(8),
            row.GetInt32(9),
            new Dictionary<string, int>(),
            row.IsDBNull(11) ? null : Lateness(row.GetFieldValue<double[]>(11), row.GetDouble(12)))
        {
            Rewritings = row.GetInt32(15),
            HeldBack = row.GetInt32(16),
        };
    }

    private static Lateness Lateness(double[] percentiles, double max) =>
        new(Math.Round(percentiles[0], 3), Math.Round(percentiles[1], 3), Math.Round(max, 3));

    private static DateTimeOffset? Time(NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);
}
