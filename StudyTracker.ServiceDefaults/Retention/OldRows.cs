using Npgsql;

namespace StudyTracker.Retention;

/// <summary>A table whose rows age.</summary>
/// <param name="Name">The table.</param>
/// <param name="IsOld">Which of its rows, called <c>row</c>, are too old: from before $1.</param>
public sealed record AgingTable(string Name, string IsOld);

/// <summary>
/// Deletes rows that are too old, a few at a time: each statement is a transaction of its own, locks nothing but its rows,
/// and passes over rows that somebody else has locked, which the next round finds again.
/// </summary>
/// <param name="database">Where.</param>
/// <param name="schema">The schema of the service that deletes.</param>
/// <param name="tables">The tables, in this order.</param>
/// <param name="note">What is written down, for good, before anything from before $1 is deleted; null: nothing.</param>
public sealed class OldRows(NpgsqlDataSource database, string schema, IReadOnlyList<AgingTable> tables, string? note = null)
{
    /// <summary>Deletes everything from before a time, unless another replica is at it.</summary>
    /// <param name="before">From before when.</param>
    /// <param name="batchRows">Rows of one statement.</param>
    /// <param name="pause">Pause between two statements.</param>
    /// <param name="deleted">Told of each statement: the table, and how many rows.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Whether this replica did.</returns>
    public async Task<bool> DeleteAsync(
        DateTimeOffset before, int batchRows, TimeSpan pause, Action<string, int> deleted, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(deleted);
        before = before.ToUniversalTime();
        // The lock belongs to the session: it ends with this connection, whatever becomes of this process.
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var tryLock = Lock(connection, "pg_try_advisory_lock");
        if (await tryLock.ExecuteScalarAsync(cancellationToken) is not true) return false;
        try
        {
            if (note is not null)
            {
                await using var write = new NpgsqlCommand(note, connection) { Parameters = { new() { Value = before } } };
                await write.ExecuteNonQueryAsync(cancellationToken);
            }

            foreach (var table in tables)
            {
                int rows;
                do
                {
                    await using var delete = new NpgsqlCommand(Delete(table), connection)
                    {
                        Parameters = { new() { Value = before }, new() { Value = batchRows } },
                    };
                    rows = await delete.ExecuteNonQueryAsync(cancellationToken);
                    if (rows > 0) deleted(table.Name, rows);
                    if (rows > 0) await Task.Delay(pause, cancellationToken);
                }
                while (rows == batchRows);
            }
        }
        finally
        {
            await using var unlock = Lock(connection, "pg_advisory_unlock");
            await unlock.ExecuteNonQueryAsync(CancellationToken.None);
        }

        return true;
    }

    private NpgsqlCommand Lock(NpgsqlConnection connection, string function) =>
        new($"SELECT {function}(hashtextextended($1, 0))", connection) { Parameters = { new() { Value = $"{schema}.retention" } } };

    // By where the rows lie, so that each is found once and not once more by its key.
    private string Delete(AgingTable table) => $"""
        DELETE FROM {schema}.{table.Name} WHERE ctid = ANY (ARRAY(
            SELECT row.ctid FROM {schema}.{table.Name} AS row WHERE {table.IsOld} LIMIT $2 FOR UPDATE SKIP LOCKED))
        """;
}
