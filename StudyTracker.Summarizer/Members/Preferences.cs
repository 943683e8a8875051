using Npgsql;
using StudyTracker.Contracts;
using StudyTracker.Summarizer.Days;
using StudyTracker.Summarizer.Scheduling;

namespace StudyTracker.Summarizer.Members;

/// <summary>What a member wants of their summaries.</summary>
/// <param name="Paused">Hold all back until the member asks for them again.</param>
/// <param name="PausedUntil">Hold all back until then, such as the end of a vacation; may lie in the past.</param>
/// <param name="Stopped">Kinds that the member does not want.</param>
/// <param name="DailyTime">Local time of the daily summary; null: the schedule's.</param>
/// <param name="WeeklyTime">Local time of the weekly summary; null: the schedule's.</param>
/// <param name="MonthlyTime">Local time of the monthly summary; null: the schedule's.</param>
/// <param name="DayStart">Local time at which their day begins; null: the schedule's.</param>
internal sealed record Preferences(
    bool Paused,
    DateTimeOffset? PausedUntil,
    IReadOnlyList<SummaryKind> Stopped,
    TimeOnly? DailyTime,
    TimeOnly? WeeklyTime,
    TimeOnly? MonthlyTime,
    TimeOnly? DayStart)
{
    /// <summary>The columns of <c>study.members m</c> that <see cref="Read"/> reads.</summary>
    public const string Columns = "m.paused, m.paused_until, m.stopped, m.daily_time, m.weekly_time, m.monthly_time, m.day_start";

    /// <summary>Of a member who has said nothing.</summary>
    public static Preferences None { get; } = new(false, null, [], null, null, null, null);

    /// <summary>Whether summaries of a kind are held back at a moment.</summary>
    public bool HoldsBack(SummaryKind kind, DateTimeOffset at) => Paused || PausedUntil > at || Stopped.Contains(kind);

    /// <summary>When a kind is due; null: not as long as these preferences hold.</summary>
    public Rhythm? RhythmOf(SummaryKind kind, ScheduleOptions schedule)
    {
        if (Paused || Stopped.Contains(kind) || schedule.RhythmOf(kind) is not { } rhythm) return null;
        return rhythm with { Time = TimeOf(kind) ?? rhythm.Time };
    }

    /// <summary>When the next summary of a kind is due; null: it is held back.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="schedule">When it is due unless the member has chosen otherwise.</param>
    /// <param name="days">The member's days.</param>
    /// <param name="lastDue">The last due time that was met; null: none yet.</param>
    /// <param name="since">Since when a member without any is waiting.</param>
    /// <param name="wasHeld">Whether it was held back until now.</param>
    /// <param name="now">The present.</param>
    public DateTimeOffset? NextDue(
        SummaryKind kind, ScheduleOptions schedule, LocalDays days, DateTimeOffset? lastDue, DateTimeOffset since, bool wasHeld, DateTimeOffset now)
    {
        if (RhythmOf(kind, schedule) is not { } rhythm) return null;
        // What was held back begins anew from now on; what was not keeps even a due time that has just passed.
        return DueTimes.NextOf(rhythm, days, lastDue, since, wasHeld && !(PausedUntil > now) ? now : PausedUntil);
    }

    /// <summary>The member's own time for a kind.</summary>
    public TimeOnly? TimeOf(SummaryKind kind) => kind switch
    {
        SummaryKind.Daily => DailyTime,
        SummaryKind.Weekly => WeeklyTime,
        _ => MonthlyTime,
    };

    /// <summary>Reads <see cref="Columns"/>, of which the first is at <paramref name="column"/>.</summary>
    public static Preferences Read(NpgsqlDataReader row, int column) => new(
        row.GetBoolean(column),
        row.IsDBNull(column + 1) ? null : row.GetFieldValue<DateTimeOffset>(column + 1),
        [.. row.GetFieldValue<string[]>(column + 2).Select(Enum.Parse<SummaryKind>)],
        Time(row, column + 3),
        Time(row, column + 4),
        Time(row, column + 5),
        Time(row, column + 6));

    private static TimeOnly? Time(NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetFieldValue<TimeOnly>(column);
}
