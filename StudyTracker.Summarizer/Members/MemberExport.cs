using System.Data;
using System.Text.Json;
using Npgsql;
using StudyTracker.Contracts;
using StudyTracker.Storage;
using StudyTracker.Summarizer.Storage;

namespace StudyTracker.Summarizer.Members;

/// <summary>
/// Everything that is stored about a member, as one JSON object with an array for each table. All of it is of one moment, and
/// it is streamed: a member with many messages needs no more memory than one with few.
/// </summary>
internal sealed class MemberExport(NpgsqlDataSource database)
{
    private const int FlushBytes = 32 * 1024;

    /// <summary>Whether anything is stored about the member.</summary>
    public async Task<bool> ExistsAsync(MemberKey member, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        foreach (var (table, _) in await MemberTables.FindAsync(connection, StudyDbContext.Schema, cancellationToken))
        {
            var sql = $"SELECT EXISTS (SELECT 1 FROM {table} WHERE team_id = $1 AND user_id = $2)";
            await using var command = MemberTables.Command(connection, sql, member);
            if (await command.ExecuteScalarAsync(cancellationToken) is true) return true;
        }

        return false;
    }

    /// <summary>Writes the export.</summary>
    public async Task WriteAsync(MemberKey member, Stream stream, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var moment = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        await using var json = new Utf8JsonWriter(stream);
        json.WriteStartObject();
        json.WriteString("teamId", member.TeamId);
        json.WriteString("userId", member.UserId);
        foreach (var (table, name) in await MemberTables.FindAsync(connection, StudyDbContext.Schema, cancellationToken))
        {
            json.WriteStartArray(name);
            await WriteAsync(json, connection, table, member, cancellationToken);
            json.WriteEndArray();
        }

        json.WriteEndObject();
        await json.FlushAsync(cancellationToken);
    }

    private static async Task WriteAsync(
        Utf8JsonWriter json, NpgsqlConnection connection, string table, MemberKey member, CancellationToken cancellationToken)
    {
        var sql = $"SELECT to_jsonb(row)::text FROM {table} AS row WHERE team_id = $1 AND user_id = $2";
        await using var command = MemberTables.Command(connection, sql, member);
        await using var reader = await command.ExecuteReaderAsync(CommandBehavior.SequentialAccess, cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            json.WriteRawValue(reader.GetString(0));
            if (json.BytesPending > FlushBytes) await json.FlushAsync(cancellationToken);
        }
    }
}
