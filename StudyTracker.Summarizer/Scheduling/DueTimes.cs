using StudyTracker.Summarizer.Days;

namespace StudyTracker.Summarizer.Scheduling;

/// <summary>When summaries are due: the arithmetic of rhythms on a member's days.</summary>
internal static class DueTimes
{
    /// <summary>The first due time after a moment.</summary>
    public static DateTimeOffset Next(Rhythm rhythm, LocalDays days, DateTimeOffset after) =>
        Instants(rhythm, days, after).First(due => due > after);

    /// <summary>The last due time up to and including a moment.</summary>
    public static DateTimeOffset Last(Rhythm rhythm, LocalDays days, DateTimeOffset upTo) =>
        Instants(rhythm, days, upTo).TakeWhile(due => due <= upTo).Last();

    /// <summary>When a member's next summary is due.</summary>
    /// <param name="rhythm">The rhythm that holds from now on.</param>
    /// <param name="days">The member's days from now on.</param>
    /// <param name="lastDue">The last due time that was met, in whatever rhythm and zone; null: none yet.</param>
    /// <param name="since">Since when a member without any is waiting.</param>
    /// <param name="notBefore">A moment up to which nothing is due; null: there is none.</param>
    public static DateTimeOffset NextOf(
        Rhythm rhythm, LocalDays days, DateTimeOffset? lastDue, DateTimeOffset since, DateTimeOffset? notBefore)
    {
        // A moment before, so that the end of the rest is due itself.
        var after = lastDue is { } last ? last + rhythm.Rest - TimeSpan.FromTicks(1) : since;
        return Next(rhythm, days, notBefore > after ? notBefore.Value : after);
    }

    /// <summary>
    /// Where the window of a summary that was due ends: at the last due time that has passed. After an outage over several
    /// of them there is so one summary, which covers them all.
    /// </summary>
    public static DateTimeOffset WindowEnd(Rhythm rhythm, LocalDays days, DateTimeOffset due, DateTimeOffset now)
    {
        var last = Last(rhythm, days, now);
        return last > due ? last : due;
    }

    private static IEnumerable<DateTimeOffset> Instants(Rhythm rhythm, LocalDays days, DateTimeOffset around) =>
        rhythm.DatesAround(days.DayOf(around)).Select(date => days.At(date, rhythm.Time));
}
