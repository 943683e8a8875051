using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;
using StudyTracker.Contracts;
using StudyTracker.Summarizer.Revisions;

namespace StudyTracker.Summarizer.Intake;

/// <summary>How many of a batch were new, changed a stored message, or said nothing new.</summary>
internal readonly record struct StoreCounts(int Stored, int Changed, int Repeated);

/// <summary>
/// Writes a batch of messages with four statements, and one more when it has edits or deletions, in one transaction and one
/// round trip.
/// </summary>
internal sealed class MessageStore(NpgsqlDataSource database, ChannelIds channels, EditNotes notes, IOptions<IntakeOptions> options)
{
    // Locking the members first, in one order, keeps two writers from deadlocking and gives Message.Seq its promise:
    // within a member it is drawn and committed in the same order. The members come each once and in order: telling them
    // apart in here, a thousand rows for some twenty members, cost a tenth of the rows a second.
    private const string AddMembers = """
        INSERT INTO study.members (team_id, user_id)
        SELECT team_id, user_id FROM unnest($1::text[], $2::text[]) AS new (team_id, user_id)
        ON CONFLICT DO NOTHING
        """;

    private const string LockMembers = $"""
        SELECT count(*), {ChannelIds.Version} FROM (
            SELECT 1 FROM study.members
            WHERE (team_id, user_id) IN (SELECT * FROM unnest($1::text[], $2::text[]))
            ORDER BY team_id, user_id
            FOR NO KEY UPDATE) AS locked
        """;

    // A row is written only when there is news, so a redelivery costs no write.
    private static readonly string _upsertMessages = $"""
        WITH written AS (
            INSERT INTO study.messages AS m
                (team_id, user_id, channel, ts, text, attached, says_something, is_cut, version, told_ts, deleted_ts, thread_ts,
                posted_at, event_id, received_at)
            SELECT * FROM unnest(
                $1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::boolean[], $8::boolean[], $9::numeric[],
                $10::numeric[], $11::numeric[], $12::text[], $13::timestamptz[], $14::text[], $15::timestamptz[])
            ON CONFLICT (team_id, channel, ts) DO UPDATE SET {MessageSql.Merge("excluded")}
            WHERE {MessageSql.IsNews("excluded")}
            RETURNING xmax = 0 AS inserted)
        SELECT count(*) FILTER (WHERE inserted), count(*) FILTER (WHERE NOT inserted) FROM written
        """;

    /// <summary>Stores the changes; durable when it returns.</summary>
    /// <exception cref="TimeoutException">A member is being erased: to be tried again.</exception>
    public async Task<StoreCounts> StoreAsync(IReadOnlyCollection<MessageChange> changes, CancellationToken cancellationToken)
    {
        while (true)
        {
            var known = channels.Known;
            if (await TryStoreAsync(known.Merge(changes), known.Version, cancellationToken) is var (stored, changed))
                return new StoreCounts(stored, changed, changes.Count - stored - changed);
            await channels.RefreshAsync(cancellationToken);
        }
    }

    /// <summary>Stores the changes, of which each message has at most one; null, and nothing, when a channel has got another id meanwhile.</summary>
    private async Task<(int Stored, int Changed)?> TryStoreAsync(
        IReadOnlyCollection<MessageChange> changes, long channelsVersion, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        // A member's messages after each other, in the order of their time: their places in both indexes are neighbours then.
        MessageChange[] rows = [.. changes];
        Array.Sort(rows, Compare);
        var members = Members(rows);
        await using var batch = Batch(connection, transaction, members, rows);
        var note = notes.Command(rows);
        if (note is not null) batch.BatchCommands.Insert(batch.BatchCommands.Count - 1, note);
        // Parsed once a connection, which the pool remembers.
        await batch.PrepareAsync(cancellationToken);
        long locked, version, stored, changed;
        await using (var reader = await batch.ExecuteReaderAsync(cancellationToken))
        {
            await reader.NextResultAsync(cancellationToken);
            await reader.ReadAsync(cancellationToken);
            (locked, version) = (reader.GetInt64(0), reader.GetInt64(1));
            await reader.NextResultAsync(cancellationToken);
            await reader.ReadAsync(cancellationToken);
            (stored, changed) = (reader.GetInt64(0), reader.GetInt64(1));
        }

        // A member who was there to be added and was gone to be locked: messages without a member would be in no summary.
        if (locked < members.Count) throw new TimeoutException("A member of the batch is being erased.");
        if (version != channelsVersion) return null;
        await transaction.CommitAsync(cancellationToken);
        EditNotes.Count(note);
        return ((int)stored, (int)changed);
    }

    private NpgsqlBatch Batch(
        NpgsqlConnection connection, NpgsqlTransaction transaction, List<MemberKey> members, MessageChange[] rows) =>
        new(connection, transaction)
        {
            Timeout = options.Value.StatementTimeoutSeconds,
            BatchCommands =
            {
                new(ChannelIds.LockShared),
                new(AddMembers) { Parameters = { Text(members, member => member.TeamId), Text(members, member => member.UserId) } },
                new(LockMembers) { Parameters = { Text(members, member => member.TeamId), Text(members, member => member.UserId) } },
                new(_upsertMessages)
                {
                    Parameters =
                    {
                        Text(rows, row => row.Key.TeamId),
                        Text(rows, row => row.UserId),
                        Text(rows, row => row.Key.Channel),
                        Text(rows, row => row.Key.Ts),
                        Text(rows, row => row.Content.Text),
                        Text(rows, row => row.Content.Attached),
                        Column(rows, row => row.Content.SaysSomething, NpgsqlDbType.Boolean),
                        Column(rows, row => row.Content.IsCut, NpgsqlDbType.Boolean),
                        Column(rows, row => row.Version, NpgsqlDbType.Numeric),
                        Column(rows, row => row.ToldTs, NpgsqlDbType.Numeric),
                        Column(rows, row => row.DeletedTs, NpgsqlDbType.Numeric),
                        Text(rows, row => row.ThreadTs),
                        Column(rows, row => row.PostedAt, NpgsqlDbType.TimestampTz),
                        Text(rows, row => row.EventId),
                        Column(rows, row => row.ReceivedAt, NpgsqlDbType.TimestampTz),
                    },
                },
            },
        };

    /// <summary>The members of rows that are sorted by member, each once.</summary>
    private static List<MemberKey> Members(MessageChange[] rows)
    {
        var members = new List<MemberKey>();
        foreach (var row in rows)
        {
            var member = new MemberKey(row.Key.TeamId, row.UserId);
            if (members.Count == 0 || members[^1] != member) members.Add(member);
        }

        return members;
    }

    private static int Compare(MessageChange one, MessageChange other) =>
        string.CompareOrdinal(one.Key.TeamId, other.Key.TeamId) is var teams and not 0 ? teams
        : string.CompareOrdinal(one.UserId, other.UserId) is var users and not 0 ? users
        : string.CompareOrdinal(one.Key.Ts, other.Key.Ts);

    private static NpgsqlParameter<string?[]> Text<T>(IReadOnlyCollection<T> rows, Func<T, string?> column) => Column(rows, column, NpgsqlDbType.Text);

    private static NpgsqlParameter<T[]> Column<TRow, T>(IReadOnlyCollection<TRow> rows, Func<TRow, T> column, NpgsqlDbType type)
    {
        var values = new T[rows.Count];
        var index = 0;
        foreach (var row in rows) values[index++] = column(row);
        return new NpgsqlParameter<T[]> { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | type };
    }
}
