using Microsoft.Extensions.Options;
using NodaTime;
using StudyTracker.Summarizer.Scheduling;

namespace StudyTracker.Summarizer.Days;

/// <summary>By which zone a member's hours and days are counted: their own, their offset from UTC, or else the schedule's.</summary>
internal sealed class MemberZones(IOptions<ScheduleOptions> schedule)
{
    // Clocks are 12 hours behind UTC to 14 ahead, by quarters of an hour; anything else is a mistake of whoever said it.
    private const int MaxOffsetSeconds = 14 * 3600;
    private const int OffsetStepSeconds = 15 * 60;

    /// <summary>The zone of members whose own is not known.</summary>
    public DateTimeZone Default { get; } = TimeZones.Find(schedule.Value.TimeZone)!;

    /// <summary>Whether an offset is one that clocks have.</summary>
    public static bool IsOffset(int? seconds) => seconds is >= -MaxOffsetSeconds and <= MaxOffsetSeconds && seconds % OffsetStepSeconds == 0;

    /// <summary>The zone that is known of a member: their own, or their offset; null: neither.</summary>
    public static DateTimeZone? Known(ClockSettings clock) =>
        TimeZones.Find(clock.TimeZone)
        ?? (clock.OffsetSeconds is { } seconds && IsOffset(seconds) ? DateTimeZone.ForOffset(Offset.FromSeconds(seconds)) : null);

    /// <summary>The days of a member of a workspace.</summary>
    public LocalDays DaysOf(string teamId, ClockSettings clock) =>
        new(Known(clock) ?? Default, clock.DayStart ?? schedule.Value.DayStartOf(teamId));
}
