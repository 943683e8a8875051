using Microsoft.Extensions.Options;
using Npgsql;
using StudyTracker.Hosting;
using StudyTracker.Summarizer.Storage;

namespace StudyTracker.Summarizer.Revisions;

/// <summary>What a step has settled.</summary>
/// <param name="Members">Members whose changes were looked at.</param>
/// <param name="Revisions">Rewritings that are to be done because of them.</param>
internal readonly record struct Settled(int Members, int Revisions);

/// <summary>
/// Turns changes that have settled into rewritings of the summaries that rest on them, all or nothing and one replica at a
/// time. A change is kept as long as somebody may be writing from what was there before it.
/// </summary>
internal sealed class Settlement(NpgsqlDataSource database, FailPoint failPoint, IOptions<RevisionOptions> options)
{
    private const string TryLock = "SELECT pg_try_advisory_xact_lock(hashtextextended('study.revisions', 0))";

    // $1 members, $2 longest patience, $3 how long summaries follow their messages, $4 wait. A change is visible here only after its
    // message, and a job that read the message before that is visible too: whoever is not finished is waited for, and no summary
    // of an older text is missed. The number is the next one: a rewriting under it that came to nothing is taken up again.
    private const string Settle = """
        WITH settled AS (
            SELECT team_id, user_id FROM study.message_edits
            GROUP BY team_id, user_id
            HAVING max(due_at) <= now() OR min(first_at) <= now() - $2
            ORDER BY min(first_at) LIMIT $1),
        taken AS (
            SELECT e.team_id, e.user_id, e.seq, e.changed_at FROM study.message_edits e JOIN settled USING (team_id, user_id)
            FOR UPDATE OF e SKIP LOCKED),
        affected AS (
            SELECT
                j.job_id, j.team_id, j.user_id, s.revision, min(t.changed_at) AS changed_at,
                j.finished_at IS NULL
                    OR EXISTS (SELECT FROM study.revisions r WHERE r.summary_id = j.job_id AND r.finished_at IS NULL) AS busy
            FROM taken t
            JOIN study.jobs j ON (j.team_id, j.user_id) = (t.team_id, t.user_id) AND t.seq > j.after_seq AND t.seq <= j.to_seq
            LEFT JOIN study.summaries s ON s.summary_id = j.job_id
            WHERE CASE WHEN s.summary_id IS NULL THEN j.finished_at IS NULL ELSE t.changed_at <= s.created_at + $3 END
            GROUP BY j.job_id, s.summary_id),
        waiting AS (SELECT DISTINCT team_id, user_id FROM affected WHERE busy),
        postponed AS (
            UPDATE study.message_edits e SET first_at = now(), due_at = now() + $4
            FROM taken t
            WHERE (e.team_id, e.user_id, e.seq) = (t.team_id, t.user_id, t.seq)
                AND EXISTS (SELECT FROM waiting w WHERE (w.team_id, w.user_id) = (t.team_id, t.user_id))),
        gone AS (
            DELETE FROM study.message_edits e USING taken t
            WHERE (e.team_id, e.user_id, e.seq) = (t.team_id, t.user_id, t.seq)
                AND NOT EXISTS (SELECT FROM waiting w WHERE (w.team_id, w.user_id) = (t.team_id, t.user_id))),
        added AS (
            INSERT INTO study.revisions AS r (summary_id, number, team_id, user_id, state, changed_at, retry_at)
            SELECT a.job_id, a.revision + 1, a.team_id, a.user_id, 'Pending', a.changed_at, now()
            FROM affected a
            WHERE a.revision IS NOT NULL
                AND NOT EXISTS (SELECT FROM waiting w WHERE (w.team_id, w.user_id) = (a.team_id, a.user_id))
            ON CONFLICT (summary_id, number) DO UPDATE SET
                state = excluded.state, error = NULL, changed_at = excluded.changed_at, finished_at = NULL, retry_at = excluded.retry_at
            WHERE r.finished_at IS NOT NULL
            RETURNING 1)
        SELECT (SELECT count(*)::int FROM settled), (SELECT count(*)::int FROM added)
        """;

    /// <summary>Deals with the members whose changes settled first; durable when it returns.</summary>
    /// <returns>Nothing while another replica is at it.</returns>
    public async Task<Settled> StepAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using (var tryLock = new NpgsqlCommand(TryLock, connection, transaction))
        {
            if (await tryLock.ExecuteScalarAsync(cancellationToken) is not true) return default;
        }

        var settled = await SettleAsync(connection, transaction, cancellationToken);
        if (settled.Members == 0) return default;
        failPoint.Hit("revisions-before-commit");
        await transaction.CommitAsync(cancellationToken);
        failPoint.Hit("revisions-after-commit");
        return settled;
    }

    private async Task<Settled> SettleAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Settle, connection, transaction)
        {
            Parameters =
            {
                SqlParameters.Number(options.Value.BatchSize),
                SqlParameters.Length(TimeSpan.FromSeconds(options.Value.SettleAtMostSeconds)),
                SqlParameters.Length(TimeSpan.FromHours(options.Value.WithinHours)),
                // With no time to settle, this is for those who wait for somebody else.
                SqlParameters.Length(TimeSpan.FromSeconds(Math.Max(1, options.Value.SettleSeconds))),
            },
        };
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        return new Settled(row.GetInt32(0), row.GetInt32(1));
    }
}
