using Npgsql;
using StudyTracker.Contracts;
using StudyTracker.Summarizer.Days;
using StudyTracker.Summarizer.Members;

namespace StudyTracker.Summarizer.Scheduling;

/// <summary>One member while a page of a run is planned: what is known, and what is found out.</summary>
internal sealed class PlannedMember
{
    private readonly Preferences _preferences;
    private readonly LocalDays _days;
    private readonly DateTimeOffset? _coveredUntil;

    private PlannedMember(string teamId, string userId, Preferences preferences, LocalDays days, DateTimeOffset? coveredUntil)
    {
        (TeamId, UserId) = (teamId, userId);
        (_preferences, _days, _coveredUntil) = (preferences, days, coveredUntil);
    }

    public Guid JobId { get; } = Guid.CreateVersion7();

    public string TeamId { get; }

    public string UserId { get; }

    /// <summary>Messages up to this one are covered.</summary>
    public long AfterSeq { get; private init; }

    /// <summary>Up to which message the job covers them; null: there is nothing new, so no job.</summary>
    public long? ToSeq { get; private set; }

    public DateTimeOffset? WindowStart { get; private set; }

    /// <summary>Null: no window ends now.</summary>
    public DateTimeOffset? WindowEnd { get; private set; }

    /// <summary>The last due time that is met.</summary>
    public DateTimeOffset? LastDue { get; private set; }

    /// <summary>When the next summary is due; null: not until the member wants one again.</summary>
    public DateTimeOffset? NextDue { get; private set; }

    /// <summary>Whether nothing is due because the member wants it so.</summary>
    public bool Held { get; private set; }

    /// <summary>Up to when it is only asked whether there is something new, because the member wants no such summary now; null: they do.</summary>
    public DateTimeOffset? HeldBackUntil { get; private set; }

    /// <summary>Whether there is something new that the member gets no summary of now.</summary>
    public bool IsHeldBack { get; private set; }

    /// <summary>Whether there is time that no summary covers yet.</summary>
    public bool IsOpen => WindowEnd is not null && (_coveredUntil is null || _coveredUntil < WindowEnd);

    /// <summary>Reads team, user, the clock, the preferences, and the coverage's seq, window end and last due time.</summary>
    public static PlannedMember Read(NpgsqlDataReader row, MemberZones zones) => new(
        row.GetString(0),
        row.GetString(1),
        Preferences.Read(row, 5),
        zones.DaysOf(row.GetString(0), ClockSettings.Read(row, 2)),
        row.IsDBNull(13) ? null : row.GetFieldValue<DateTimeOffset>(13))
    {
        AfterSeq = row.IsDBNull(12) ? 0 : row.GetInt64(12),
        LastDue = row.IsDBNull(14) ? null : row.GetFieldValue<DateTimeOffset>(14),
    };

    /// <summary>The member's own due time has come.</summary>
    public void MeetDue(SummaryKind kind, DateTimeOffset due, DateTimeOffset now, ScheduleOptions schedule)
    {
        var rhythm = _preferences.RhythmOf(kind, schedule);
        Held = rhythm is null;
        // A vacation may have begun since the due time was computed.
        if (rhythm is null || _preferences.HoldsBack(kind, now)) HeldBackUntil = due;
        if (rhythm is null) return;
        if (HeldBackUntil is null) LastDue = WindowEnd = DueTimes.WindowEnd(rhythm, _days, due, now);
        NextDue = DueTimes.NextOf(rhythm, _days, LastDue, since: due, _preferences.PausedUntil);
    }

    /// <summary>Somebody wants a summary of everybody.</summary>
    public void MeetOrder(SummaryKind kind, DateTimeOffset at)
    {
        if (_preferences.HoldsBack(kind, at)) HeldBackUntil = at.ToUniversalTime();
        else WindowEnd = at.ToUniversalTime();
    }

    /// <summary>There are new messages.</summary>
    public void Found(long toSeq, DateTimeOffset firstPostedAt)
    {
        IsHeldBack = HeldBackUntil is not null;
        if (IsHeldBack) return;
        ToSeq = toSeq;
        WindowStart = _coveredUntil ?? _days.StartOf(_days.DayOf(firstPostedAt));
    }

    /// <summary>The job of a member who has something new.</summary>
    public SummaryJob Job(TriggerRecord trigger) =>
        new(JobId, trigger.RunId, TeamId, UserId, trigger.Kind, WindowStart!.Value, WindowEnd!.Value, trigger.RequestedAt);
}
