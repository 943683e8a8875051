namespace StudyTracker.Summarizer.Scheduling;

/// <summary>
/// All arithmetic with time zones. A local time that a clock change skips is due as much later as the clock jumps; one
/// that a clock change repeats is due the first time only.
/// </summary>
internal static class DueTimes
{
    /// <summary>The first due time after a moment.</summary>
    public static DateTimeOffset Next(Rhythm rhythm, TimeZoneInfo zone, DateTimeOffset after) =>
        Instants(rhythm, zone, after).First(due => due > after);

    /// <summary>The last due time up to and including a moment.</summary>
    public static DateTimeOffset Last(Rhythm rhythm, TimeZoneInfo zone, DateTimeOffset upTo) =>
        Instants(rhythm, zone, upTo).TakeWhile(due => due <= upTo).Last();

    /// <summary>When a member's next summary is due.</summary>
    /// <param name="rhythm">The rhythm that holds from now on.</param>
    /// <param name="zone">The zone that holds from now on.</param>
    /// <param name="lastDue">The last due time that was met, in whatever rhythm and zone; null: none yet.</param>
    /// <param name="since">Since when a member without any is waiting.</param>
    /// <param name="notBefore">A moment up to which nothing is due; null: there is none.</param>
    public static DateTimeOffset NextOf(
        Rhythm rhythm, TimeZoneInfo zone, DateTimeOffset? lastDue, DateTimeOffset since, DateTimeOffset? notBefore)
    {
        // A moment before, so that the end of the rest is due itself.
        var after = lastDue is { } last ? last + rhythm.Rest - TimeSpan.FromTicks(1) : since;
        return Next(rhythm, zone, notBefore > after ? notBefore.Value : after);
    }

    /// <summary>
    /// Where the window of a summary that was due ends: at the last due time that has passed. After an outage over several
    /// of them there is so one summary, which covers them all.
    /// </summary>
    public static DateTimeOffset WindowEnd(Rhythm rhythm, TimeZoneInfo zone, DateTimeOffset due, DateTimeOffset now)
    {
        var last = Last(rhythm, zone, now);
        return last > due ? last : due;
    }

    /// <summary>When the local day began to which a moment belongs.</summary>
    public static DateTimeOffset StartOfDay(DateTimeOffset moment, TimeZoneInfo zone) =>
        Instant(TimeZoneInfo.ConvertTime(moment, zone).Date, zone);

    /// <summary>When the clocks of a zone show a local time, in UTC.</summary>
    public static DateTimeOffset Instant(DateTime local, TimeZoneInfo zone)
    {
        // Clocks are never changed twice within two days, so one of these two offsets holds.
        var asUtc = DateTime.SpecifyKind(local, DateTimeKind.Utc);
        var before = zone.GetUtcOffset(asUtc.AddDays(-1));
        var after = zone.GetUtcOffset(asUtc.AddDays(1));
        var first = asUtc - before;
        if (zone.GetUtcOffset(first) == before) return first;
        var second = asUtc - after;
        return zone.GetUtcOffset(second) == after ? second : first;
    }

    private static IEnumerable<DateTimeOffset> Instants(Rhythm rhythm, TimeZoneInfo zone, DateTimeOffset around) =>
        rhythm.DatesAround(DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(around, zone).DateTime))
            .Select(date => Instant(date.ToDateTime(rhythm.Time), zone));
}
