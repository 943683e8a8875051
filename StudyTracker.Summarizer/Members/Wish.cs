using System.Globalization;
using StudyTracker.Contracts;

namespace StudyTracker.Summarizer.Members;

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

    public sealed record NotHelpful(Guid SummaryId) : Wish;

    public sealed record Status : Wish;

    /// <summary>Something that is not understood.</summary>
    public sealed record Help : Wish;

    /// <summary>Reads what follows <c>/study</c>, in English or Korean.</summary>
    public static Wish Read(string text)
    {
        var words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return words switch
        {
            [] => new Help(),
            [var verb, .. var rest] => verb.ToLowerInvariant() switch
            {
                "pause" or "쉬기" or "일시중지" => ReadPause(rest),
                "resume" or "재개" when rest is [] => new Resume(),
                "status" or "상태" when rest is [] => new Status(),
                "stop" or "중지" when rest is [var kind] && _kinds.TryGetValue(kind, out var stopped) => new Stop(stopped),
                "start" or "시작" when rest is [var kind] && _kinds.TryGetValue(kind, out var started) => new Start(started),
                "time" or "시간" when rest is [var at] && ReadTime(at) is { } time => new At(time, null),
                "time" or "시간" when rest is [var kind, var at] && _kinds.TryGetValue(kind, out var of) && ReadTime(at) is { } time => new At(time, of),
                _ => new Help(),
            },
        };
    }

    private static Wish ReadPause(string[] words)
    {
        var text = string.Join(' ', words).ToLowerInvariant();
        if (text.Length == 0) return new Pause();
        var date = text.StartsWith("until ", StringComparison.Ordinal) ? text["until ".Length..] : text.Replace("까지", "", StringComparison.Ordinal).Trim();
        if (DateOnly.TryParseExact(date, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var until)) return new Pause(Until: until);
        var number = _dayWords.Aggregate(text, (left, word) => left.EndsWith(word, StringComparison.Ordinal) ? left[..^word.Length].Trim() : left);
        return int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var days) && days > 0 ? new Pause(Days: days) : new Help();
    }

    private static TimeOnly? ReadTime(string text) =>
        TimeOnly.TryParseExact(text, ["HH:mm", "H:mm"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time : null;
}
