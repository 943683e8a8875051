using StudyTracker.Contracts;

namespace StudyTracker.Summarizer.Scheduling;

/// <summary>The local dates and the local time at which one kind of summary is due.</summary>
internal sealed record Rhythm
{
    private Rhythm(SummaryKind kind, TimeOnly time, TimeSpan rest) => (Kind, Time, Rest) = (kind, time, rest);

    public SummaryKind Kind { get; }

    public TimeOnly Time { get; init; }

    /// <summary>Of weekly summaries.</summary>
    public DayOfWeek DayOfWeek { get; private init; }

    /// <summary>Of monthly summaries; the last day in months that are shorter.</summary>
    public int DayOfMonth { get; private init; }

    /// <summary>
    /// How long after one due time the next comes at the earliest: a third of the period. Only a member who changes hour or
    /// time zone meets it, so that moving 22:00 to 23:00 at half past ten does not bring a second summary that evening.
    /// </summary>
    public TimeSpan Rest { get; }

    public static Rhythm Daily(TimeOnly time) => new(SummaryKind.Daily, time, TimeSpan.FromHours(8));

    public static Rhythm Weekly(TimeOnly time, DayOfWeek day) => new(SummaryKind.Weekly, time, TimeSpan.FromHours(56)) { DayOfWeek = day };

    public static Rhythm Monthly(TimeOnly time, int day) => new(SummaryKind.Monthly, time, TimeSpan.FromDays(10)) { DayOfMonth = day };

    /// <summary>The local dates on which it is due, in order, starting no later than a whole period before the given one.</summary>
    public IEnumerable<DateOnly> DatesAround(DateOnly date)
    {
        for (var step = 0; ; step++)
        {
            yield return Kind switch
            {
                SummaryKind.Daily => date.AddDays(step - 3),
                SummaryKind.Weekly => date.AddDays(DayOfWeek - date.DayOfWeek + 7 * (step - 2)),
                _ => InMonth(date.AddDays(1 - date.Day).AddMonths(step - 2)),
            };
        }
    }

    private DateOnly InMonth(DateOnly first) =>
        first.AddDays(Math.Min(DayOfMonth, DateTime.DaysInMonth(first.Year, first.Month)) - 1);
}
