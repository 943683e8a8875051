using Npgsql;
using StudyTracker.Contracts;
using StudyTracker.Summarizer.Scheduling;
using StudyTracker.Summarizer.Storage;

namespace StudyTracker.Summarizer.Members;

/// <summary>A member with what they want.</summary>
/// <param name="Preferences">What they want.</param>
/// <param name="TimeZone">Where they live.</param>
/// <param name="Locale">Slack's locale; null: not known.</param>
/// <param name="NextDue">When their next summaries are due, by kind; empty as long as that is computed.</param>
internal sealed record MemberView(
    Preferences Preferences, TimeZoneInfo TimeZone, string? Locale, IReadOnlyDictionary<SummaryKind, DateTimeOffset> NextDue);

/// <summary>Reads and writes preferences. An older wish never undoes a newer one, and one that comes twice changes nothing.</summary>
internal sealed class PreferenceStore(NpgsqlDataSource database, MemberZones zones)
{
    private const string AddMember = "INSERT INTO study.members (team_id, user_id) VALUES ($1, $2) ON CONFLICT DO NOTHING";

    private const string Select = $"""
        SELECT m.time_zone, m.locale, m.preferences_at, {Preferences.Columns} FROM study.members m
        WHERE (m.team_id, m.user_id) = ($1, $2)
        """;

    private const string SelectDue = "SELECT kind, next_due FROM study.coverage WHERE (team_id, user_id) = ($1, $2) AND next_due IS NOT NULL";

    // The due times are computed anew.
    private const string Update = """
        UPDATE study.members SET
            paused = $3, paused_until = $4, stopped = $5, daily_time = $6, weekly_time = $7, monthly_time = $8, preferences_at = $9, schedule = NULL
        WHERE (team_id, user_id) = ($1, $2)
        """;

    private const string Rate = """
        UPDATE study.summaries SET not_helpful_at = coalesce(not_helpful_at, $4)
        WHERE summary_id = $3 AND (team_id, user_id) = ($1, $2)
        """;

    /// <summary>The member; null when nobody of that name is known.</summary>
    public async Task<MemberView?> GetAsync(MemberKey member, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var found = await ReadAsync(connection, null, member, "", cancellationToken);
        if (found is null) return null;
        var due = new Dictionary<SummaryKind, DateTimeOffset>();
        await using var command = Command(connection, null, SelectDue, member);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken)) due[Enum.Parse<SummaryKind>(row.GetString(0))] = row.GetFieldValue<DateTimeOffset>(1);
        return found.Value.View with { NextDue = due };
    }

    /// <summary>Changes what a member wants, and makes the member known if need be.</summary>
    /// <param name="member">Who.</param>
    /// <param name="at">When it was wished.</param>
    /// <param name="change">Makes the new preferences; null: they stay.</param>
    /// <param name="cancellationToken">The caller's.</param>
    /// <returns>The member as changed; null when a newer wish was there before.</returns>
    public async Task<MemberView?> ChangeAsync(
        MemberKey member, DateTimeOffset at, Func<MemberView, Preferences?> change, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using (var add = Command(connection, transaction, AddMember, member)) await add.ExecuteNonQueryAsync(cancellationToken);
        var found = await ReadAsync(connection, transaction, member, " FOR NO KEY UPDATE", cancellationToken);
        if (found is not { } known || known.ChangedAt > at) return null;
        var changed = change(known.View);
        if (changed is not null)
        {
            await using var update = Command(connection, transaction, Update, member);
            update.Parameters.AddRange(new[]
            {
                SqlParameters.Flag(changed.Paused), SqlParameters.Time(changed.PausedUntil), SqlParameters.Texts(changed.Stopped.Select(kind => $"{kind}")),
                SqlParameters.TimeOfDay(changed.DailyTime), SqlParameters.TimeOfDay(changed.WeeklyTime), SqlParameters.TimeOfDay(changed.MonthlyTime),
                SqlParameters.Time(at),
            });
            await update.ExecuteNonQueryAsync(cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return changed is null ? known.View : known.View with { Preferences = changed };
    }

    /// <summary>Notes that a summary did not help its reader; somebody else's summary is left alone.</summary>
    public async Task RateAsync(MemberKey member, Guid summaryId, DateTimeOffset at, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var command = Command(connection, null, Rate, member);
        command.Parameters.AddRange(new[] { SqlParameters.Id(summaryId), SqlParameters.Time(at) });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task<(MemberView View, DateTimeOffset? ChangedAt)?> ReadAsync(
        NpgsqlConnection connection, NpgsqlTransaction? transaction, MemberKey member, string locking, CancellationToken cancellationToken)
    {
        await using var command = Command(connection, transaction, Select + locking, member);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        if (!await row.ReadAsync(cancellationToken)) return null;
        var view = new MemberView(
            Preferences.Read(row, 3),
            zones.Find(row.IsDBNull(0) ? null : row.GetString(0)),
            row.IsDBNull(1) ? null : row.GetString(1),
            new Dictionary<SummaryKind, DateTimeOffset>());
        return (view, row.IsDBNull(2) ? null : row.GetFieldValue<DateTimeOffset>(2));
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, NpgsqlTransaction? transaction, string sql, MemberKey member) =>
        new(sql, connection, transaction) { Parameters = { SqlParameters.Text(member.TeamId), SqlParameters.Text(member.UserId) } };
}
