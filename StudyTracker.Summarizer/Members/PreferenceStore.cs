using Microsoft.Extensions.Options;
using Npgsql;
using StudyTracker.Contracts;
using StudyTracker.Storage;
using StudyTracker.Summarizer.Days;
using StudyTracker.Summarizer.Scheduling;
using StudyTracker.Summarizer.Storage;

namespace StudyTracker.Summarizer.Members;

/// <summary>A member with what they want.</summary>
/// <param name="Preferences">What they want.</param>
/// <param name="Days">Their days.</param>
/// <param name="IsClockKnown">Whether these are days of the member's own clock; else the schedule's zone is assumed.</param>
/// <param name="Locale">Slack's locale; null: not known.</param>
/// <param name="NextDue">When their next summaries are due, by kind; what is held back is not in it.</param>
internal sealed record MemberView(
    Preferences Preferences, LocalDays Days, bool IsClockKnown, string? Locale, IReadOnlyDictionary<SummaryKind, DateTimeOffset> NextDue)
{
    /// <summary>The newest texts of a member whose locale is not known; else none.</summary>
    public IReadOnlyList<string> RecentTexts { get; init; } = [];
}

/// <summary>Reads and writes preferences. An older wish never undoes a newer one, and one that comes twice changes nothing.</summary>
internal sealed class PreferenceStore(
    NpgsqlDataSource database, MemberZones zones, ClockChanges clocks, IOptions<ScheduleOptions> schedule, TimeProvider time)
{
    private const string AddMember = "INSERT INTO study.members (team_id, user_id) VALUES ($1, $2) ON CONFLICT DO NOTHING";

    private const string Select = $"""
        SELECT m.locale, m.preferences_at, m.created_at, {ClockSettings.Columns}, {Preferences.Columns} FROM study.members m
        WHERE (m.team_id, m.user_id) = ($1, $2)
        """;

    private const string SelectCoverage = "SELECT kind, next_due, last_due, window_end, held FROM study.coverage WHERE (team_id, user_id) = ($1, $2)";

    private const string SelectTexts = "SELECT text FROM study.messages WHERE (team_id, user_id) = ($1, $2) AND deleted_ts IS NULL ORDER BY seq DESC LIMIT 20";

    private const string SelectUnknown = """
        SELECT (time_zone IS NULL AND offset_seconds IS NULL) OR (locale IS NULL AND profile_due IS NULL) FROM study.members
        WHERE (team_id, user_id) = ($1, $2)
        """;

    // The due times are computed anew.
    private const string Update = """
        UPDATE study.members SET
            paused = $3, paused_until = $4, stopped = $5, daily_time = $6, weekly_time = $7, monthly_time = $8, day_start = $9,
            preferences_at = $10, schedule = NULL
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
        if (await ReadAsync(connection, member, "", cancellationToken) is not { } found) return null;
        var cycles = await CyclesAsync(connection, member, cancellationToken);
        return View(found) with { NextDue = Due(cycles, (_, cycle) => cycle?.NextDue) };
    }

    /// <summary>Makes a member known if need be, and tells whether nothing is known yet of their clock or language.</summary>
    public async Task<bool> IsUnknownAsync(MemberKey member, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using (var add = MemberTables.Command(connection, AddMember, member)) await add.ExecuteNonQueryAsync(cancellationToken);
        await using var select = MemberTables.Command(connection, SelectUnknown, member);
        return await select.ExecuteScalarAsync(cancellationToken) is true;
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
        await using (var add = MemberTables.Command(connection, AddMember, member)) await add.ExecuteNonQueryAsync(cancellationToken);
        var found = await ReadAsync(connection, member, " FOR NO KEY UPDATE", cancellationToken);
        if (found is null || found.ChangedAt > at) return null;
        var view = View(found);
        if (change(view) is { } changed)
        {
            await UpdateAsync(connection, found, changed, at, cancellationToken);
            view = View(found with { Preferences = changed, Clock = found.Clock with { DayStart = changed.DayStart } });
        }

        var cycles = await CyclesAsync(connection, member, cancellationToken);
        var texts = found.Locale is null ? await TextsAsync(connection, member, cancellationToken) : [];
        await transaction.CommitAsync(cancellationToken);
        // What is stored is computed anew in a moment; this is what will be found.
        var now = time.GetUtcNow();
        return view with
        {
            RecentTexts = texts,
            NextDue = Due(cycles, (kind, cycle) => view.Preferences.NextDue(
                kind, schedule.Value, view.Days, cycle?.LastDue, cycle?.WindowEnd ?? found.CreatedAt, cycle?.Held ?? false, now)),
        };
    }

    /// <summary>Notes that a summary did not help its reader; somebody else's summary is left alone.</summary>
    public async Task RateAsync(MemberKey member, Guid summaryId, DateTimeOffset at, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var command = MemberTables.Command(connection, Rate, member);
        command.Parameters.AddRange(new[] { SqlParameters.Id(summaryId), SqlParameters.Time(at) });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task UpdateAsync(
        NpgsqlConnection connection, Found found, Preferences changed, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var clock = found.Clock with { DayStart = changed.DayStart };
        if (clock != found.Clock) await clocks.PrepareAsync(connection, found.Member, found.Clock, clock, cancellationToken);
        await using var update = MemberTables.Command(connection, Update, found.Member);
        update.Parameters.AddRange(new[]
        {
            SqlParameters.Flag(changed.Paused), SqlParameters.Time(changed.PausedUntil), SqlParameters.Texts(changed.Stopped.Select(kind => $"{kind}")),
            SqlParameters.TimeOfDay(changed.DailyTime), SqlParameters.TimeOfDay(changed.WeeklyTime), SqlParameters.TimeOfDay(changed.MonthlyTime),
            SqlParameters.TimeOfDay(changed.DayStart), SqlParameters.Time(at),
        });
        await update.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task<Found?> ReadAsync(
        NpgsqlConnection connection, MemberKey member, string locking, CancellationToken cancellationToken)
    {
        await using var command = MemberTables.Command(connection, Select + locking, member);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return !await row.ReadAsync(cancellationToken) ? null : new Found(
            member,
            row.IsDBNull(0) ? null : row.GetString(0),
            Time(row, 1),
            row.GetFieldValue<DateTimeOffset>(2),
            ClockSettings.Read(row, 3),
            Preferences.Read(row, 6));
    }

    private static async Task<Dictionary<SummaryKind, Cycle>> CyclesAsync(
        NpgsqlConnection connection, MemberKey member, CancellationToken cancellationToken)
    {
        await using var command = MemberTables.Command(connection, SelectCoverage, member);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var cycles = new Dictionary<SummaryKind, Cycle>();
        while (await row.ReadAsync(cancellationToken))
            cycles[Enum.Parse<SummaryKind>(row.GetString(0))] = new Cycle(Time(row, 1), Time(row, 2), Time(row, 3), row.GetBoolean(4));
        return cycles;
    }

    private static async Task<List<string>> TextsAsync(NpgsqlConnection connection, MemberKey member, CancellationToken cancellationToken)
    {
        await using var command = MemberTables.Command(connection, SelectTexts, member);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var texts = new List<string>();
        while (await row.ReadAsync(cancellationToken)) texts.Add(row.GetString(0));
        return texts;
    }

    private static Dictionary<SummaryKind, DateTimeOffset> Due(
        Dictionary<SummaryKind, Cycle> cycles, Func<SummaryKind, Cycle?, DateTimeOffset?> nextOf)
    {
        var due = new Dictionary<SummaryKind, DateTimeOffset>();
        foreach (var kind in Enum.GetValues<SummaryKind>())
        {
            if (nextOf(kind, cycles.GetValueOrDefault(kind)) is { } next) due[kind] = next;
        }

        return due;
    }

    private MemberView View(Found found) => new(
        found.Preferences,
        zones.DaysOf(found.Member.TeamId, found.Clock),
        MemberZones.Known(found.Clock) is not null,
        found.Locale,
        new Dictionary<SummaryKind, DateTimeOffset>());

    private static DateTimeOffset? Time(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);

    /// <summary>A member's row.</summary>
    private sealed record Found(
        MemberKey Member, string? Locale, DateTimeOffset? ChangedAt, DateTimeOffset CreatedAt, ClockSettings Clock, Preferences Preferences);

    /// <summary>How far the summaries of one kind are.</summary>
    private sealed record Cycle(DateTimeOffset? NextDue, DateTimeOffset? LastDue, DateTimeOffset? WindowEnd, bool Held);
}
