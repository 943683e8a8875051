using System.Globalization;
using StudyTracker.Contracts;
using StudyTracker.Summarizer.Scheduling;
using StudyTracker.Summarizer.Summaries;

namespace StudyTracker.Summarizer.Members;

/// <summary>The words in which commands and buttons are answered.</summary>
internal abstract class ReplyWording
{
    private static readonly KoreanReplies _korean = new();
    private static readonly EnglishReplies _english = new();

    /// <summary>Korean or English, as the member reads; as long as Slack has not told, as they write.</summary>
    /// <param name="locale">Slack's locale; null: not known.</param>
    /// <param name="texts">What they wrote.</param>
    public static ReplyWording For(string? locale, IEnumerable<string> texts) => Language.Of(locale, texts) == Language.Korean ? _korean : _english;

    /// <summary>A pause that lies in the past, or lasts too long.</summary>
    public abstract string BadPause(int maxDays);

    /// <summary>What was done.</summary>
    public string Answer(Wish wish, MemberView member, ScheduleOptions schedule, DateTimeOffset now) => wish switch
    {
        Wish.Pause => Paused(PauseEnd(member, now)),
        Wish.Resume => Resumed,
        Wish.Stop stop => Stopped(Kind(stop.Kind)),
        Wish.Start start when IsPaused(member, now) => StartedWhilePaused(Kind(start.Kind), PauseEnd(member, now)),
        Wish.Start start => Started(Kind(start.Kind)),
        Wish.NotHelpful => Noted,
        Wish.At or Wish.DayFrom or Wish.Status => Status(member, schedule, now),
        Wish.OwnData => OwnData,
        Wish.Unclear { Nearest: { } verb and not Verb.Help } => DidYouMean(Usage(verb)),
        Wish.Unclear { Nearest: null } => $"{NotUnderstood}\n{Help}",
        _ => Help,
    };

    /// <summary>The label of the button that turns paused summaries on again.</summary>
    public abstract string Resume { get; }

    /// <summary>Whether an answer tells of a pause, so that the way back belongs below it.</summary>
    public static bool OffersResume(Wish wish, MemberView member, DateTimeOffset now) =>
        wish is Wish.Pause or Wish.Start or Wish.Status && IsPaused(member, now);

    protected abstract string Resumed { get; }

    protected abstract string Noted { get; }

    protected abstract string NotUnderstood { get; }

    protected abstract string Help { get; }

    protected abstract string OwnData { get; }

    protected abstract string Off { get; }

    protected abstract string UnknownZone { get; }

    protected abstract string DidYouMean(string usage);

    protected abstract string Usage(Verb verb);

    protected abstract string Zone(string zone);

    protected abstract string DayStart(string time);

    protected abstract string Next(string moment);

    protected abstract string Paused(string? until);

    protected abstract string Stopped(string kind);

    protected abstract string Started(string kind);

    protected abstract string StartedWhilePaused(string kind, string? until);

    protected abstract string Kind(SummaryKind kind);

    protected abstract string Weekday(DayOfWeek day);

    private static bool IsPaused(MemberView member, DateTimeOffset now) => member.Preferences.Paused || member.Preferences.PausedUntil > now;

    private string Status(MemberView member, ScheduleOptions schedule, DateTimeOffset now)
    {
        var lines = Enum.GetValues<SummaryKind>().Select(kind => Line(kind, member, schedule)).ToList();
        lines.Add(member.IsClockKnown ? Zone(member.Days.Zone.Id) : UnknownZone);
        lines.Add(DayStart(Clock(member.Days.DayStart)));
        if (IsPaused(member, now)) lines.Add(Paused(PauseEnd(member, now)));
        return string.Join('\n', lines);
    }

    private string Line(SummaryKind kind, MemberView member, ScheduleOptions schedule)
    {
        var rhythm = (member.Preferences with { Paused = false }).RhythmOf(kind, schedule);
        var next = member.NextDue.TryGetValue(kind, out var due) ? $", {Next(Moment(member, due))}" : "";
        return $"•  {Kind(kind)}: {(rhythm is null ? Off : Clock(rhythm.Time))}{next}";
    }

    private string? PauseEnd(MemberView member, DateTimeOffset now) =>
        !member.Preferences.Paused && member.Preferences.PausedUntil is { } until && until > now ? Moment(member, until) : null;

    /// <summary>A moment by the member's clock. As long as it is not known, Slack shows it by the clock of whoever reads it.</summary>
    private string Moment(MemberView member, DateTimeOffset moment)
    {
        if (!member.IsClockKnown)
            return string.Create(CultureInfo.InvariantCulture, $"<!date^{moment.ToUnixTimeSeconds()}^{{date_num}} {{time}}|{moment.UtcDateTime:yyyy-MM-dd HH:mm} UTC>");
        var clock = member.Days.ClockAt(moment);
        return string.Create(CultureInfo.InvariantCulture, $"{clock:yyyy-MM-dd} ({Weekday(clock.DayOfWeek)}) {clock:HH:mm}");
    }

    private static string Clock(TimeOnly time) => time.ToString("HH:mm", CultureInfo.InvariantCulture);
}
