using NodaTime;

namespace StudyTracker.Summarizer.Days;

/// <summary>
/// A member's days. A day begins at an hour of the member's choice and lasts until that hour of the next date: with 04:00, a note
/// at 00:40 belongs to the evening before.
/// </summary>
/// <param name="Zone">Where the member's clock is.</param>
/// <param name="DayStart">When a day begins.</param>
internal sealed record LocalDays(DateTimeZone Zone, TimeOnly DayStart)
{
    /// <summary>What the member's clock shows.</summary>
    public DateTime ClockAt(DateTimeOffset moment) => Instant.FromDateTimeOffset(moment).InZone(Zone).ToDateTimeUnspecified();

    /// <summary>The day to which a moment belongs.</summary>
    public DateOnly DayOf(DateTimeOffset moment)
    {
        var clock = ClockAt(moment);
        var date = DateOnly.FromDateTime(clock);
        return TimeOnly.FromDateTime(clock) < DayStart ? date.AddDays(-1) : date;
    }

    /// <summary>When a day begins, in UTC.</summary>
    public DateTimeOffset StartOf(DateOnly day) => At(day, DayStart);

    /// <summary>
    /// When it is some time of a day, in UTC; a time before <see cref="DayStart"/> comes at the day's end. A time that a clock change
    /// skips comes as much later as the clock jumps; one that a clock change repeats is the first of the two.
    /// </summary>
    public DateTimeOffset At(DateOnly day, TimeOnly time)
    {
        var date = time < DayStart ? day.AddDays(1) : day;
        return LocalDateTime.FromDateTime(date.ToDateTime(time)).InZoneLeniently(Zone).ToInstant().ToDateTimeOffset();
    }
}
