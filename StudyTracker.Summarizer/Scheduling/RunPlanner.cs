using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;
using StudyTracker.Contracts;

namespace StudyTracker.Summarizer.Scheduling;

/// <summary>
/// Turns a trigger into a run with one job per member who has something new, in one transaction: either the run is
/// planned whole or not at all. The windows of a member meet without gap or overlap, because each starts where the last
/// one of its kind ended.
/// </summary>
internal sealed class RunPlanner(NpgsqlDataSource database, IOptions<ScheduleOptions> schedule)
{
    // Two runs of one kind must not look at the same coverage: they are planned one after the other.
    private const string Lock = "SELECT pg_advisory_xact_lock(hashtextextended('study.plan.' || $1, 0))";

    private const string AddRun = """
        INSERT INTO study.runs (run_id, kind, requested_at, requested_by, members, jobs)
        VALUES ($1, $2, $3, $4, 0, 0)
        ON CONFLICT DO NOTHING
        """;

    private const string IsPlanned = "SELECT planned_at IS NOT NULL FROM study.runs WHERE run_id = $1 FOR UPDATE";

    // New is what has a seq above the covered one. A message posted at or after the trigger's time closes the range just
    // before itself, so that it, and whatever came after it, is left whole to the next run.
    private const string AddJobs = """
        INSERT INTO study.jobs
            (job_id, run_id, team_id, user_id, kind, window_start, window_end, after_seq, to_seq, state)
        SELECT
            gen_random_uuid(), $1, m.team_id, m.user_id, $2,
            coalesce(c.window_end, date_trunc('day', new.first_posted_at, coalesce(m.time_zone, $4))),
            $3, coalesce(c.seq, 0), new.to_seq, 'Pending'
        FROM study.members m
        LEFT JOIN study.coverage c ON (c.team_id, c.user_id, c.kind) = (m.team_id, m.user_id, $2)
        CROSS JOIN LATERAL (
            SELECT min(x.seq) AS seq FROM study.messages x
            WHERE (x.team_id, x.user_id) = (m.team_id, m.user_id) AND x.seq > coalesce(c.seq, 0) AND x.posted_at >= $3) AS later
        CROSS JOIN LATERAL (
            SELECT max(x.seq) AS to_seq, min(x.posted_at) AS first_posted_at FROM study.messages x
            WHERE (x.team_id, x.user_id) = (m.team_id, m.user_id)
                AND x.seq > coalesce(c.seq, 0) AND x.seq < coalesce(later.seq, 9223372036854775807)
                AND x.deleted_ts IS NULL AND x.version >= 0 AND btrim(x.text) <> '') AS new
        WHERE NOT m.paused AND new.to_seq IS NOT NULL AND (c.window_end IS NULL OR c.window_end < $3)
        """;

    private const string MoveCoverage = """
        INSERT INTO study.coverage AS c (team_id, user_id, kind, seq, window_end)
        SELECT team_id, user_id, kind, to_seq, window_end FROM study.jobs WHERE run_id = $1
        ON CONFLICT (team_id, user_id, kind) DO UPDATE SET seq = excluded.seq, window_end = excluded.window_end
        """;

    private const string FinishPlan = """
        UPDATE study.runs SET
            planned_at = now(),
            members = (SELECT count(*) FROM study.members),
            jobs = (SELECT count(*) FROM study.jobs WHERE run_id = $1)
        WHERE run_id = $1
        """;

    /// <summary>Plans the run, or finds that it has been planned already; durable when it returns.</summary>
    /// <returns>Whether it was planned by this call.</returns>
    public async Task<bool> PlanAsync(TriggerRecord trigger, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var (runId, kind) = (Text(trigger.RunId), Text($"{trigger.Kind}"));
        var end = new NpgsqlParameter { Value = trigger.RequestedAt.ToUniversalTime(), NpgsqlDbType = NpgsqlDbType.TimestampTz };

        await ExecuteAsync(Lock, kind);
        await ExecuteAsync(AddRun, runId, kind, end, Text(trigger.RequestedBy));
        await using (var planned = Command(IsPlanned, runId))
        {
            if (await planned.ExecuteScalarAsync(cancellationToken) is true) return false;
        }

        await ExecuteAsync(AddJobs, runId, kind, end, Text(schedule.Value.TimeZone));
        await ExecuteAsync(MoveCoverage, runId);
        await ExecuteAsync(FinishPlan, runId);
        await transaction.CommitAsync(cancellationToken);
        return true;

        async Task ExecuteAsync(string sql, params NpgsqlParameter[] parameters)
        {
            await using var command = Command(sql, parameters);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }

        NpgsqlCommand Command(string sql, params NpgsqlParameter[] parameters)
        {
            var command = new NpgsqlCommand(sql, connection, transaction);
            foreach (var parameter in parameters) command.Parameters.Add(parameter.Clone());
            return command;
        }

        static NpgsqlParameter Text(string value) => new() { Value = value, NpgsqlDbType = NpgsqlDbType.Text };
    }
}
