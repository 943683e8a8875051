using System.Globalization;
using StudyTracker.Contracts;
using StudyTracker.Summarizer.Scheduling;
using StudyTracker.Summarizer.Summaries;

namespace StudyTracker.Summarizer.Members;

/// <summary>The words in which commands and buttons are answered.</summary>
internal abstract class ReplyWording
{
    private static readonly Korean _korean = new();
    private static readonly English _english = new();

    /// <summary>Korean for Korean locales, English otherwise.</summary>
    public static ReplyWording For(string? locale) => Language.Of(locale, []) == Language.Korean ? _korean : _english;

    /// <summary>A pause that lies in the past, or lasts too long.</summary>
    public abstract string BadPause(int maxDays);

    /// <summary>What was done.</summary>
    public string Answer(Wish wish, MemberView member, ScheduleOptions schedule, DateTimeOffset now) => wish switch
    {
        Wish.Pause => Paused(member.Preferences.PausedUntil is { } until ? Day(until, member.TimeZone) : null),
        Wish.Resume => Resumed,
        Wish.Stop stop => Stopped(Kind(stop.Kind)),
        Wish.Start start => Started(Kind(start.Kind)),
        Wish.NotHelpful => Noted,
        Wish.At or Wish.Status => Status(member, schedule, now),
        _ => Help,
    };

    protected abstract string Resumed { get; }

    protected abstract string Noted { get; }

    protected abstract string Help { get; }

    protected abstract string Off { get; }

    protected abstract string Zone(string zone);

    protected abstract string Paused(string? until);

    protected abstract string Stopped(string kind);

    protected abstract string Started(string kind);

    protected abstract string Kind(SummaryKind kind);

    private string Status(MemberView member, ScheduleOptions schedule, DateTimeOffset now)
    {
        var wanted = member.Preferences;
        var lines = Enum.GetValues<SummaryKind>().Select(kind =>
        {
            var rhythm = (wanted with { Paused = false }).RhythmOf(kind, schedule);
            return $"•  {Kind(kind)}: {rhythm?.Time.ToString("HH:mm", CultureInfo.InvariantCulture) ?? Off}";
        }).ToList();
        lines.Add(Zone(member.TimeZone.Id));
        if (wanted.Paused) lines.Add(Paused(null));
        else if (wanted.PausedUntil > now) lines.Add(Paused(Day(wanted.PausedUntil.Value, member.TimeZone)));
        return string.Join('\n', lines);
    }

    private static string Day(DateTimeOffset moment, TimeZoneInfo zone) =>
        TimeZoneInfo.ConvertTime(moment, zone).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    private sealed class Korean : ReplyWording
    {
        public override string BadPause(int maxDays) => $"쉬는 기간은 오늘 이후부터 최대 {maxDays}일까지 정할 수 있습니다.";

        protected override string Resumed => "다시 요약을 보내 드리겠습니다. 쉬는 동안 쓴 내용은 다음 요약에 담깁니다.";

        protected override string Noted => "알려 주셔서 고맙습니다. 의견을 기록했습니다.";

        protected override string Help =>
            "사용법: `/study 상태` · `/study 일시중지 [2026-12-01까지 | 7일]` · `/study 재개` · `/study 중지 주간` · `/study 시작 주간` · `/study 시간 [일간|주간|월간] 21:30`";

        protected override string Off => "받지 않음";

        protected override string Zone(string zone) => $"시간대: {zone}";

        protected override string Paused(string? until) => until is null
            ? "요약을 멈췄습니다. `/study 재개`로 다시 받을 수 있습니다."
            : $"{until}까지 요약을 쉽니다.";

        protected override string Stopped(string kind) => $"{kind} 요약을 더 이상 보내지 않습니다.";

        protected override string Started(string kind) => $"{kind} 요약을 다시 보내 드리겠습니다.";

        protected override string Kind(SummaryKind kind) => kind switch
        {
            SummaryKind.Daily => "일간",
            SummaryKind.Weekly => "주간",
            _ => "월간",
        };
    }

    private sealed class English : ReplyWording
    {
        public override string BadPause(int maxDays) => $"A pause can last from today for up to {maxDays} days.";

        protected override string Resumed => "Your summaries are on again. What you wrote in the meantime will be in the next one.";

        protected override string Noted => "Thank you for telling; your opinion is noted.";

        protected override string Help =>
            "Try `/study status` · `/study pause [until 2026-12-01 | 7 days]` · `/study resume` · `/study stop weekly` · `/study start weekly` · `/study time [daily|weekly|monthly] 21:30`";

        protected override string Off => "off";

        protected override string Zone(string zone) => $"Time zone: {zone}";

        protected override string Paused(string? until) => until is null
            ? "Your summaries are paused. `/study resume` turns them on again."
            : $"Your summaries are paused until {until}.";

        protected override string Stopped(string kind) => $"You get no {kind} summaries any more.";

        protected override string Started(string kind) => $"You get {kind} summaries again.";

        protected override string Kind(SummaryKind kind) => $"{kind}".ToLowerInvariant();
    }
}
