using StudyTracker.Summarizer.Storage;

namespace StudyTracker.Summarizer.Days;

/// <summary>
/// On which local day each message of a member was written. A message keeps its day: it is counted by the clock that was known when it was
/// stored, or by the first that became known after that, whatever the member's clock is now.
/// </summary>
internal sealed class MessageDays
{
    private readonly (long UntilSeq, LocalDays Days)[] _past;

    /// <summary>Of a member.</summary>
    /// <param name="teamId">The member's workspace.</param>
    /// <param name="clock">The member's clock now.</param>
    /// <param name="past">The clocks before.</param>
    /// <param name="zones">What zones there are.</param>
    public MessageDays(string teamId, ClockSettings clock, IEnumerable<PastClock> past, MemberZones zones)
    {
        (Now, IsKnown) = (zones.DaysOf(teamId, clock), MemberZones.Known(clock) is not null);
        var zone = Now.Zone;
        var resolved = new List<(long, LocalDays)>();
        foreach (var one in past.OrderByDescending(one => one.UntilSeq))
        {
            zone = MemberZones.Known(new ClockSettings(one.TimeZone, one.OffsetSeconds, one.DayStart)) ?? zone;
            resolved.Add((one.UntilSeq, new LocalDays(zone, one.DayStart)));
        }

        resolved.Reverse();
        _past = [.. resolved];
    }

    /// <summary>The member's days from now on.</summary>
    public LocalDays Now { get; }

    /// <summary>Whether the member's clock is known; else the schedule's zone is assumed.</summary>
    public bool IsKnown { get; }

    /// <summary>The day of a message.</summary>
    /// <param name="seq">Its place: <see cref="Message.Seq"/>.</param>
    /// <param name="postedAt">When it was written.</param>
    public DateOnly DayOf(long seq, DateTimeOffset postedAt)
    {
        foreach (var (untilSeq, days) in _past)
        {
            if (seq <= untilSeq) return days.DayOf(postedAt);
        }

        return Now.DayOf(postedAt);
    }
}
