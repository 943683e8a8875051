using System.Globalization;
using System.Text;
using StudyTracker.Contracts;
using StudyTracker.Summarizer.Scheduling;

namespace StudyTracker.Summarizer.Members;

/// <summary>What <c>/study</c> understands.</summary>
internal enum Verb
{
    Pause,
    Resume,
    Status,
    Stop,
    Start,
    Time,
    Day,
    Help,

    /// <summary>Export or erase what is stored.</summary>
    Data,
}

/// <summary>What a member asks for.</summary>
internal abstract record Wish
{
    private static readonly Dictionary<string, SummaryKind> _kinds = new(StringComparer.OrdinalIgnoreCase)
    {
        ["daily"] = SummaryKind.Daily,
        ["일간"] = SummaryKind.Daily,
        ["weekly"] = SummaryKind.Weekly,
        ["주간"] = SummaryKind.Weekly,
        ["monthly"] = SummaryKind.Monthly,
        ["월간"] = SummaryKind.Monthly,
    };

    private static readonly string[] _dayWords = ["days", "day", "d", "일"];

    private Wish()
    {
    }

    /// <summary>Hold everything back: for some days, until the start of a day, or until I say otherwise.</summary>
    public sealed record Pause(int? Days = null, DateOnly? Until = null) : Wish;

    public sealed record Resume : Wish;

    public sealed record Stop(SummaryKind Kind) : Wish;

    public sealed record Start(SummaryKind Kind) : Wish;

    /// <summary>Have summaries, or one kind of them, at this time.</summary>
    public sealed record At(TimeOnly Time, SummaryKind? Kind) : Wish;

    /// <summary>Have the day begin at this time.</summary>
    public sealed record DayFrom(TimeOnly Time) : Wish;

    public sealed record NotHelpful(Guid SummaryId) : Wish;

    public sealed record Status : Wish;

    public sealed record Help : Wish;

    /// <summary>See or erase what is stored, which is for operators to do.</summary>
    public sealed record OwnData : Wish;

    /// <summary>Something that is not understood, and the command that it is most like; null: none.</summary>
    public sealed record Unclear(Verb? Nearest) : Wish;

    /// <summary>Reads what follows <c>/study</c>, in English or Korean.</summary>
    public static Wish Read(string text)
    {
        // Full-width digits and Hangul in parts are how some keyboards write the same.
        var words = text.Normalize(NormalizationForm.FormKC).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (words is not [var first, .. var rest]) return new Help();
        if (Verbs.Find(first) is not { } verb) return new Unclear(Verbs.Nearest(first));
        return Read(verb, rest) ?? new Unclear(verb);
    }

    private static Wish? Read(Verb verb, string[] rest) => verb switch
    {
        Verb.Pause => ReadPause(rest),
        Verb.Resume when rest is [] => new Resume(),
        Verb.Status when rest is [] => new Status(),
        Verb.Stop when rest is [var kind] && _kinds.TryGetValue(kind, out var stopped) => new Stop(stopped),
        Verb.Start when rest is [var kind] && _kinds.TryGetValue(kind, out var started) => new Start(started),
        Verb.Time when rest is [var at] && ReadTime(at) is { } time => new At(time, null),
        Verb.Time when rest is [var kind, var at] && _kinds.TryGetValue(kind, out var of) && ReadTime(at) is { } time => new At(time, of),
        Verb.Day when rest is [var at] && ReadTime(at) is { } time && time <= ScheduleOptions.LatestDayStart => new DayFrom(time),
        Verb.Help => new Help(),
        Verb.Data => new OwnData(),
        _ => null,
    };

    private static Pause? ReadPause(string[] words)
    {
        var text = string.Join(' ', words).ToLowerInvariant();
        if (text.Length == 0) return new Pause();
        var date = text.StartsWith("until ", StringComparison.Ordinal) ? text["until ".Length..] : text.Replace("까지", "", StringComparison.Ordinal).Trim();
        if (DateOnly.TryParseExact(date, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var until)) return new Pause(Until: until);
        var number = _dayWords.Aggregate(text, (left, word) => left.EndsWith(word, StringComparison.Ordinal) ? left[..^word.Length].Trim() : left);
        return int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var days) && days > 0 ? new Pause(Days: days) : null;
    }

    private static TimeOnly? ReadTime(string text) =>
        TimeOnly.TryParseExact(text, ["HH:mm", "H:mm"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time : null;
}
