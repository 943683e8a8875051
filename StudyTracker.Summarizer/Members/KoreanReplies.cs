using StudyTracker.Contracts;

namespace StudyTracker.Summarizer.Members;

/// <summary>The answers in Korean.</summary>
internal sealed class KoreanReplies : ReplyWording
{
    public override string BadPause(int maxDays) => $"쉬는 기간은 오늘 이후부터 최대 {maxDays}일까지 정할 수 있습니다. 예: {Usage(Verb.Pause)}";

    public override string Resume => "요약 다시 받기";

    protected override string Resumed => "다시 요약을 보내 드리겠습니다. 쉬는 동안 쓴 내용은 다음 요약에 담깁니다.";

    protected override string Noted => "알려 주셔서 고맙습니다. 의견을 기록했습니다.";

    protected override string NotUnderstood => "알 수 없는 명령입니다.";

    protected override string Help =>
        "사용법: `/study 상태` · `/study 일시중지 [2026-12-01까지 | 7일]` · `/study 재개` · `/study 중지 주간` · `/study 시작 주간` · `/study 시간 [일간|주간|월간] 21:30` · `/study 하루 04:00`";

    protected override string OwnData =>
        "저장된 내용을 내보내거나 완전히 지우는 일은 이 워크스페이스의 StudyTracker 관리자가 합니다. 관리자에게 요청해 주세요. 요약만 멈추려면 `/study 일시중지`를 쓰세요.";

    protected override string Off => "받지 않음";

    protected override string UnknownZone => "시간대: 아직 알 수 없습니다. Slack 프로필에서 가져옵니다.";

    protected override string DidYouMean(string usage) => $"명령을 이해하지 못했습니다. 혹시 {usage}? 모든 명령은 `/study 도움말`로 볼 수 있습니다.";

    protected override string Usage(Verb verb) => verb switch
    {
        Verb.Pause => "`/study 일시중지`, `/study 일시중지 7일`, `/study 일시중지 2026-12-01까지`",
        Verb.Resume => "`/study 재개`",
        Verb.Status => "`/study 상태`",
        Verb.Stop => "`/study 중지 일간`, `/study 중지 주간`, `/study 중지 월간`",
        Verb.Start => "`/study 시작 일간`, `/study 시작 주간`, `/study 시작 월간`",
        Verb.Time => "`/study 시간 21:30`, `/study 시간 주간 21:30` (00:00부터 23:59까지)",
        Verb.Day => "`/study 하루 04:00` (00:00부터 12:00까지)",
        Verb.Data => "`/study 내보내기`, `/study 삭제`",
        _ => "`/study 도움말`",
    };

    protected override string Zone(string zone) => $"시간대: {zone}";

    protected override string DayStart(string time) => $"하루의 시작: {time}";

    protected override string Next(string moment) => $"다음 {moment}";

    protected override string Paused(string? until) => until is null
        ? "요약을 멈췄습니다. `/study 재개`로 다시 받을 수 있습니다."
        : $"{until}까지 요약을 쉽니다. `/study 재개`로 먼저 끝낼 수 있습니다.";

    protected override string Stopped(string kind) => $"{kind} 요약을 더 이상 보내지 않습니다. `/study 시작 {kind}`으로 다시 받을 수 있습니다.";

    protected override string Started(string kind) => $"{kind} 요약을 다시 보내 드리겠습니다.";

    protected override string StartedWhilePaused(string kind, string? until) => until is null
        ? $"{kind} 요약을 다시 보내 드리겠습니다. 다만 지금은 모든 요약을 멈춘 상태이니, `/study 재개`를 하시면 시작됩니다."
        : $"{kind} 요약을 다시 보내 드리겠습니다. 다만 {until}까지는 모든 요약을 쉬며, `/study 재개`로 먼저 끝낼 수 있습니다.";

    protected override string Kind(SummaryKind kind) => kind switch
    {
        SummaryKind.Daily => "일간",
        SummaryKind.Weekly => "주간",
        _ => "월간",
    };

    protected override string Weekday(DayOfWeek day) => "일월화수목금토".Substring((int)day, 1);
}
