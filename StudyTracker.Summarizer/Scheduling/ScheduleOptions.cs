using System.ComponentModel.DataAnnotations;
using System.Globalization;
using StudyTracker.Contracts;
using StudyTracker.Summarizer.Days;

namespace StudyTracker.Summarizer.Scheduling;

/// <summary>When summaries are due, unless a member has chosen otherwise (section <c>Schedule</c>).</summary>
internal sealed class ScheduleOptions : IValidatableObject
{
    public const string Section = "Schedule";

    private const string TimeFormat = "HH:mm";

    /// <summary>The latest hour at which a day may begin.</summary>
    public static readonly TimeOnly LatestDayStart = new(12, 0);

    /// <summary>Whether this replica takes part in the schedule; on by default. Any number may: what is due is due once.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>IANA time zone of members whose own is not known; Asia/Seoul by default.</summary>
    public string TimeZone { get; set; } = "Asia/Seoul";

    /// <summary>
    /// When a day begins, as HH:mm local time; 00:00 by default, up to 12:00. With 04:00, a note at 00:40 belongs to the day before, for
    /// the date of summaries and for streaks; a summary at 00:40 comes at the end of its day. Members may choose their own.
    /// </summary>
    public string DayStart { get; set; } = "00:00";

    /// <summary>The same by workspace id, for workspaces that want another hour.</summary>
    public IDictionary<string, string> DayStarts { get; } = new Dictionary<string, string>();

    /// <summary>Local time of the daily summary, as HH:mm; 22:00 by default. Empty: there is none.</summary>
    public string Daily { get; set; } = "22:00";

    /// <summary>Local time of the weekly summary, as HH:mm; 22:10 by default. Empty: there is none.</summary>
    public string Weekly { get; set; } = "22:10";

    /// <summary>Day of the weekly summary; Sunday by default.</summary>
    [EnumDataType(typeof(DayOfWeek), ErrorMessage = "must be a day of the week such as Sunday.")]
    public DayOfWeek WeeklyDay { get; set; } = DayOfWeek.Sunday;

    /// <summary>Local time of the monthly summary, as HH:mm; 22:20 by default. Empty: there is none.</summary>
    public string Monthly { get; set; } = "22:20";

    /// <summary>Day of the monthly summary, in shorter months the last one; 31 by default, 1 to 31.</summary>
    [Range(1, 31, ErrorMessage = "must be a day of the month, 1 to 31.")]
    public int MonthlyDay { get; set; } = 31;

    /// <summary>How often the database is asked what is due, in seconds; 15 by default, 1 to 300. A summary is late by up to this.</summary>
    [Range(1, 300, ErrorMessage = "must be 1 to 300 seconds.")]
    public int TickSeconds { get; set; } = 15;

    /// <summary>
    /// After how many seconds a run whose planning does not go on is asked for again; 60 by default, 1 to 3,600. Asking for it
    /// once too often does no harm.
    /// </summary>
    [Range(1, 3_600, ErrorMessage = "must be 1 to 3,600 seconds.")]
    public int AskAgainSeconds { get; set; } = 60;

    /// <summary>Members planned in one transaction; 500 by default, 1 to 10,000.</summary>
    [Range(1, 10_000, ErrorMessage = "must be 1 to 10,000 members.")]
    public int PageSize { get; set; } = 500;

    /// <summary>All that due times are computed from: when it changes, they have to be computed anew.</summary>
    public string Fingerprint => string.Create(
        CultureInfo.InvariantCulture,
        $"{TimeZone}|{Daily}|{Weekly}|{WeeklyDay}|{Monthly}|{MonthlyDay}|{DayStart}{string.Concat(DayStarts.Order().Select(own => $"|{own.Key}={own.Value}"))}");

    /// <summary>When a day begins in a workspace.</summary>
    public TimeOnly DayStartOf(string teamId) => Time(DayStarts.TryGetValue(teamId, out var own) ? own : DayStart) ?? TimeOnly.MinValue;

    /// <summary>When a kind of summary is due; null: never.</summary>
    public Rhythm? RhythmOf(SummaryKind kind) => kind switch
    {
        SummaryKind.Daily => Time(Daily) is { } time ? Rhythm.Daily(time) : null,
        SummaryKind.Weekly => Time(Weekly) is { } time ? Rhythm.Weekly(time, WeeklyDay) : null,
        _ => Time(Monthly) is { } time ? Rhythm.Monthly(time, MonthlyDay) : null,
    };

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (TimeZones.Find(TimeZone) is null)
            yield return new ValidationResult($"'{TimeZone}' is no time zone; use an IANA name such as Asia/Seoul.", [nameof(TimeZone)]);
        foreach (var (name, start) in DayStarts.Select(own => (nameof(DayStarts), own.Value)).Prepend((nameof(DayStart), DayStart)))
        {
            if (Time(start) is not { } time || time > LatestDayStart)
                yield return new ValidationResult($"'{start}' is no hour at which a day may begin, 00:00 to 12:00.", [name]);
        }

        foreach (var (name, time) in new[] { (nameof(Daily), Daily), (nameof(Weekly), Weekly), (nameof(Monthly), Monthly) })
        {
            if (time.Length > 0 && Time(time) is null)
                yield return new ValidationResult($"'{time}' is no time of day such as 22:00.", [name]);
        }
    }

    private static TimeOnly? Time(string text) =>
        TimeOnly.TryParseExact(text, TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time : null;
}
