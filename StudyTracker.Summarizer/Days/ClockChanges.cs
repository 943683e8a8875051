using Npgsql;
using NpgsqlTypes;
using StudyTracker.Contracts;
using StudyTracker.Storage;
using StudyTracker.Summarizer.Storage;

namespace StudyTracker.Summarizer.Days;

/// <summary>
/// Changes a member's clock without changing the days of what was written before. What came while nothing was known of the clock gets its
/// days when something is.
/// </summary>
internal sealed class ClockChanges(MemberZones zones)
{
    // More than anybody writes before their profile is known.
    private const int MostMessages = 10_000;

    // Intake locks the member's row too, so what it stores is before this or after it.
    private const string AddPast = """
        INSERT INTO study.past_clocks (team_id, user_id, until_seq, time_zone, offset_seconds, day_start)
        SELECT $1, $2, max(seq), $3, $4, $5 FROM study.messages WHERE (team_id, user_id) = ($1, $2) HAVING max(seq) IS NOT NULL
        ON CONFLICT DO NOTHING
        """;

    private const string SelectPast =
        "SELECT until_seq, time_zone, offset_seconds, day_start FROM study.past_clocks WHERE (team_id, user_id) = ($1, $2)";

    private const string SelectAssumed = "SELECT day FROM study.days WHERE (team_id, user_id) = ($1, $2) AND assumed";

    private const string SelectPosted = """
        SELECT seq, posted_at FROM study.messages
        WHERE (team_id, user_id) = ($1, $2) AND deleted_ts IS NULL AND version >= 0 AND says_something
        ORDER BY seq DESC LIMIT $3
        """;

    private const string DropAssumed = "DELETE FROM study.days WHERE (team_id, user_id) = ($1, $2) AND day = ANY ($3)";

    private const string ConfirmAssumed = "UPDATE study.days SET assumed = false WHERE (team_id, user_id) = ($1, $2) AND assumed";

    /// <summary>To be called before the member's row gets another clock, by whoever has locked it.</summary>
    public async Task PrepareAsync(
        NpgsqlConnection connection, MemberKey member, ClockSettings from, ClockSettings to, CancellationToken cancellationToken)
    {
        var (before, after) = (zones.DaysOf(member.TeamId, from), zones.DaysOf(member.TeamId, to));
        var wasKnown = MemberZones.Known(from) is not null;
        if (!wasKnown && MemberZones.Known(to) is not null) await TellDaysAsync(connection, member, from, to, cancellationToken);
        if (wasKnown ? before == after : before.DayStart == after.DayStart) return;
        await using var add = Command(connection, AddPast, member);
        add.Parameters.AddRange(new[]
        {
            SqlParameters.Text(from.TimeZone), SqlParameters.Number(from.OffsetSeconds), SqlParameters.TimeOfDay(before.DayStart),
        });
        await add.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Days that were assumed become those of the member's own clock, as far as the messages are still there.</summary>
    private async Task TellDaysAsync(
        NpgsqlConnection connection, MemberKey member, ClockSettings from, ClockSettings to, CancellationToken cancellationToken)
    {
        var assumed = await AssumedAsync(connection, member, cancellationToken);
        if (assumed.Count == 0) return;
        var past = await PastAsync(connection, member, cancellationToken);
        var (wrong, right) = (new MessageDays(member.TeamId, from, past, zones), new MessageDays(member.TeamId, to, past, zones));
        var (dropped, told) = (new HashSet<DateOnly>(), new HashSet<DateOnly>());
        foreach (var (seq, postedAt) in await PostedAsync(connection, member, cancellationToken))
        {
            var day = wrong.DayOf(seq, postedAt);
            if (!assumed.Contains(day)) continue;
            dropped.Add(day);
            told.Add(right.DayOf(seq, postedAt));
        }

        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands = { Batched(DropAssumed, member, SqlParameters.Column(dropped, day => day, NpgsqlDbType.Date)), Batched(ConfirmAssumed, member) },
        };
        if (told.Count > 0) batch.BatchCommands.Add(StudyDays.AddCommand([new WrittenDays(member, told, Assumed: false)]));
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task<HashSet<DateOnly>> AssumedAsync(NpgsqlConnection connection, MemberKey member, CancellationToken cancellationToken)
    {
        await using var command = Command(connection, SelectAssumed, member);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var days = new HashSet<DateOnly>();
        while (await row.ReadAsync(cancellationToken)) days.Add(row.GetFieldValue<DateOnly>(0));
        return days;
    }

    private static async Task<List<PastClock>> PastAsync(NpgsqlConnection connection, MemberKey member, CancellationToken cancellationToken)
    {
        await using var command = Command(connection, SelectPast, member);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var past = new List<PastClock>();
        while (await row.ReadAsync(cancellationToken)) past.Add(PastClock.Read(row, 0, member));
        return past;
    }

    private static async Task<List<(long Seq, DateTimeOffset PostedAt)>> PostedAsync(
        NpgsqlConnection connection, MemberKey member, CancellationToken cancellationToken)
    {
        await using var command = Command(connection, SelectPosted, member);
        command.Parameters.Add(SqlParameters.Number(MostMessages));
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var posted = new List<(long, DateTimeOffset)>();
        while (await row.ReadAsync(cancellationToken)) posted.Add((row.GetInt64(0), row.GetFieldValue<DateTimeOffset>(1)));
        return posted;
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, MemberKey member) => MemberTables.Command(connection, sql, member);

    private static NpgsqlBatchCommand Batched(string sql, MemberKey member, params NpgsqlParameter[] more)
    {
        var command = new NpgsqlBatchCommand(sql) { Parameters = { SqlParameters.Text(member.TeamId), SqlParameters.Text(member.UserId) } };
        command.Parameters.AddRange(more);
        return command;
    }
}
