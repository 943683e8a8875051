using Npgsql;

namespace StudyTracker.Summarizer.Retention;

/// <summary>
/// Deletes rows that are too old, a few at a time: each statement is a transaction of its own, locks nothing but its rows,
/// and passes over rows that somebody else has locked, which the next round finds again.
/// </summary>
internal sealed class OldRows(NpgsqlDataSource database)
{
    private const string TryLock = "SELECT pg_try_advisory_lock(hashtextextended('study.retention', 0))";
    private const string Unlock = "SELECT pg_advisory_unlock(hashtextextended('study.retention', 0))";

    /// <summary>The tables and what is too old in each; a run goes when the last of its jobs has gone.</summary>
    public static IReadOnlyList<(string Table, string IsOld)> Tables { get; } =
    [
        ("messages", "row.posted_at < $1"),
        ("summaries", "row.created_at < $1"),
        ("message_edits", "row.first_at < $1"),
        ("revisions", "row.created_at < $1"),
        ("jobs", "row.finished_at < $1"),
        ("runs", "row.requested_at < $1 AND NOT EXISTS (SELECT 1 FROM study.jobs j WHERE j.run_id = row.run_id)"),
    ];

    /// <summary>Deletes everything from before a time, unless another replica is at it.</summary>
    /// <returns>Whether this replica did.</returns>
    public async Task<bool> DeleteAsync(
        DateTimeOffset before, int batchRows, TimeSpan pause, Action<string, int> deleted, CancellationToken cancellationToken)
    {
        // The lock belongs to the session: it ends with this connection, whatever becomes of this process.
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var tryLock = new NpgsqlCommand(TryLock, connection);
        if (await tryLock.ExecuteScalarAsync(cancellationToken) is not true) return false;
        try
        {
            foreach (var (table, isOld) in Tables)
            {
                int rows;
                do
                {
                    await using var delete = new NpgsqlCommand(Delete(table, isOld), connection)
                    {
                        Parameters = { new() { Value = before.ToUniversalTime() }, new() { Value = batchRows } },
                    };
                    rows = await delete.ExecuteNonQueryAsync(cancellationToken);
                    if (rows > 0) deleted(table, rows);
                    if (rows > 0) await Task.Delay(pause, cancellationToken);
                }
                while (rows == batchRows);
            }
        }
        finally
        {
            await using var unlock = new NpgsqlCommand(Unlock, connection);
            await unlock.ExecuteNonQueryAsync(CancellationToken.None);
        }

        return true;
    }

    // By where the rows lie, so that each is found once and not once more by its key.
    private static string Delete(string table, string isOld) => $"""
        DELETE FROM study.{table} WHERE ctid = ANY (ARRAY(
            SELECT row.ctid FROM study.{table} AS row WHERE {isOld} LIMIT $2 FOR UPDATE SKIP LOCKED))
        """;
}
