using Npgsql;
using StudyTracker.Contracts;

namespace StudyTracker.Storage;

/// <summary>
/// The tables of a schema that hold something about a member. They are asked of the database: a table with the columns
/// <c>team_id</c> and <c>user_id</c> is one, so a table that is added later is forgotten neither by an export nor by an erasure.
/// </summary>
public static class MemberTables
{
    private const string Find = """
        SELECT quote_ident(t.table_schema) || '.' || quote_ident(t.table_name), t.table_name
        FROM information_schema.tables t JOIN information_schema.columns c USING (table_schema, table_name)
        WHERE t.table_schema = $1 AND t.table_type = 'BASE TABLE' AND c.column_name IN ('team_id', 'user_id')
        GROUP BY t.table_schema, t.table_name HAVING count(*) = 2
        ORDER BY t.table_name
        """;

    /// <summary>The tables, by name.</summary>
    /// <param name="connection">An open connection.</param>
    /// <param name="schema">The schema of the service that asks.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Each table's name, as SQL takes it and as it is called.</returns>
    public static async Task<IReadOnlyList<(string Sql, string Name)>> FindAsync(
        NpgsqlConnection connection, string schema, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Find, connection) { Parameters = { new() { Value = schema } } };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var tables = new List<(string, string)>();
        while (await reader.ReadAsync(cancellationToken)) tables.Add((reader.GetString(0), reader.GetString(1)));
        return tables;
    }

    /// <summary>A statement about a member, whose key is $1 and $2 in it.</summary>
    public static NpgsqlCommand Command(NpgsqlConnection connection, string sql, MemberKey member) => new(sql, connection)
    {
        Parameters = { new() { Value = member.TeamId }, new() { Value = member.UserId } },
    };

    /// <summary>Deletes a member's rows of every table, in the transaction of the connection.</summary>
    /// <returns>How many, by table.</returns>
    public static async Task<IReadOnlyDictionary<string, int>> EraseAsync(
        NpgsqlConnection connection, string schema, MemberKey member, CancellationToken cancellationToken)
    {
        var rows = new Dictionary<string, int>();
        foreach (var (sql, name) in await FindAsync(connection, schema, cancellationToken))
        {
            await using var delete = Command(connection, $"DELETE FROM {sql} WHERE team_id = $1 AND user_id = $2", member);
            rows[name] = await delete.ExecuteNonQueryAsync(cancellationToken);
        }

        return rows;
    }
}
