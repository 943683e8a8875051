using Npgsql;
using NpgsqlTypes;

namespace StudyTracker.Summarizer.Intake;

/// <summary>How many of a batch were new, changed a stored message, or said nothing new.</summary>
internal readonly record struct StoreCounts(int Stored, int Changed, int Repeated);

/// <summary>Writes a batch of messages with three statements in one transaction and one round trip.</summary>
internal sealed class MessageStore(NpgsqlDataSource database)
{
    // Locking the members first, in one order, keeps two writers from deadlocking and gives Message.Seq its promise:
    // within a member it is drawn and committed in the same order.
    private const string AddMembers = """
        INSERT INTO study.members (team_id, user_id)
        SELECT DISTINCT team_id, user_id FROM unnest($1::text[], $2::text[]) AS new (team_id, user_id)
        ORDER BY team_id, user_id
        ON CONFLICT DO NOTHING
        """;

    private const string LockMembers = """
        SELECT count(*) FROM (
            SELECT 1 FROM study.members
            WHERE (team_id, user_id) IN (SELECT * FROM unnest($1::text[], $2::text[]))
            ORDER BY team_id, user_id
            FOR NO KEY UPDATE) AS locked
        """;

    // Mirrors MessageChange.Merge. A row is written only when there is news, so a redelivery costs no write.
    private const string UpsertMessages = """
        WITH written AS (
            INSERT INTO study.messages AS m
                (team_id, user_id, channel, ts, text, version, deleted_ts, thread_ts, posted_at, event_id, received_at)
            SELECT * FROM unnest(
                $1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::numeric[], $7::numeric[], $8::text[],
                $9::timestamptz[], $10::text[], $11::timestamptz[])
            ON CONFLICT (team_id, channel, ts) DO UPDATE SET
                text = CASE WHEN excluded.version > m.version THEN excluded.text ELSE m.text END,
                user_id = CASE WHEN excluded.version > m.version THEN excluded.user_id ELSE m.user_id END,
                version = greatest(m.version, excluded.version),
                deleted_ts = least(m.deleted_ts, excluded.deleted_ts),
                thread_ts = coalesce(m.thread_ts, excluded.thread_ts)
            WHERE excluded.version > m.version
                OR least(m.deleted_ts, excluded.deleted_ts) IS DISTINCT FROM m.deleted_ts
                OR (m.thread_ts IS NULL AND excluded.thread_ts IS NOT NULL)
            RETURNING xmax = 0 AS inserted)
        SELECT count(*) FILTER (WHERE inserted), count(*) FILTER (WHERE NOT inserted) FROM written
        """;

    /// <summary>Stores the changes, of which each message has at most one; durable when it returns.</summary>
    public async Task<StoreCounts> StoreAsync(IReadOnlyCollection<MessageChange> changes, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var teams = Text(changes, change => change.Key.TeamId);
        var users = Text(changes, change => change.UserId);
        await using var batch = new NpgsqlBatch(connection, transaction)
        {
            BatchCommands =
            {
                new(AddMembers) { Parameters = { teams, users } },
                new(LockMembers) { Parameters = { teams.Clone(), users.Clone() } },
                new(UpsertMessages)
                {
                    Parameters =
                    {
                        teams.Clone(),
                        users.Clone(),
                        Text(changes, change => change.Key.Channel),
                        Text(changes, change => change.Key.Ts),
                        Text(changes, change => change.Text),
                        Array(changes, change => change.Version, NpgsqlDbType.Numeric),
                        Array(changes, change => change.DeletedTs, NpgsqlDbType.Numeric),
                        Text(changes, change => change.ThreadTs),
                        Array(changes, change => change.PostedAt, NpgsqlDbType.TimestampTz),
                        Text(changes, change => change.EventId),
                        Array(changes, change => change.ReceivedAt, NpgsqlDbType.TimestampTz),
                    },
                },
            },
        };
        StoreCounts counts;
        await using (var reader = await batch.ExecuteReaderAsync(cancellationToken))
        {
            await reader.NextResultAsync(cancellationToken); // past the locks
            await reader.ReadAsync(cancellationToken);
            var (stored, changed) = ((int)reader.GetInt64(0), (int)reader.GetInt64(1));
            counts = new StoreCounts(stored, changed, changes.Count - stored - changed);
        }

        await transaction.CommitAsync(cancellationToken);
        return counts;
    }

    private static NpgsqlParameter Text(IReadOnlyCollection<MessageChange> changes, Func<MessageChange, string?> column) =>
        Array(changes, column, NpgsqlDbType.Text);

    private static NpgsqlParameter Array<T>(IReadOnlyCollection<MessageChange> changes, Func<MessageChange, T> column, NpgsqlDbType type) =>
        new() { Value = changes.Select(column).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | type };
}
