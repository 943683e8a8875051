using System.Globalization;
using StudyTracker.Contracts;

namespace StudyTracker.Notifier.Messages;

/// <summary>The fixed words of a message in one language.</summary>
/// <param name="Title">Title by kind and local date.</param>
/// <param name="Count">How many messages it rests on.</param>
/// <param name="Streak">On how many days in a row the reader has written.</param>
/// <param name="FeedbackHeading">Above the feedback.</param>
/// <param name="NextStepsHeading">Above the next steps.</param>
/// <param name="NotHelpful">The button that says that it did not help.</param>
/// <param name="Pause">The button that pauses.</param>
/// <param name="Written">Which model wrote it, and when, if that is known.</param>
/// <param name="Revised">That it was written anew.</param>
/// <param name="Retracted">In place of a summary whose messages are all deleted.</param>
/// <param name="LeftOut">How many messages did not fit.</param>
/// <param name="Links">What the numbers are.</param>
internal sealed record Wording(
    Func<SummaryKind, DateOnly, string> Title,
    Func<int, string> Count,
    Func<int, string> Streak,
    string FeedbackHeading,
    string NextStepsHeading,
    string NotHelpful,
    string Pause,
    Func<string, string?, string> Written,
    string Revised,
    string Retracted,
    Func<int, string> LeftOut,
    string Links)
{
    // Not from a culture of the machine: a container may have none but the invariant one, which happens to be English.
    private const string KoreanWeekdays = "일월화수목금토";

    private static readonly Wording _ko = new(
        (kind, date) => kind switch
        {
            SummaryKind.Daily => $"📚 {date.Month}월 {date.Day}일 ({KoreanWeekdays[(int)date.DayOfWeek]}) 학습 요약",
            SummaryKind.Weekly => $"📚 {date.Month}월 {date.Day}일까지의 주간 학습 요약",
            _ => $"📚 {date.Year}년 {date.Month}월 월간 학습 요약",
        },
        count => $"✍️ 메시지 {count}개",
        days => $"🔥 {days}일 연속",
        "💬 피드백",
        "👉 다음 단계",
        "도움이 안 됐어요",
        "요약 잠시 멈추기",
        (model, at) => at is null ? $"{model} 작성" : $"{model} 작성, {at}",
        "메시지가 바뀌어 다시 썼습니다",
        "요약의 바탕이 된 메시지가 모두 삭제되어 요약도 지웠습니다.",
        count => $"너무 길어 메시지 {count}개는 빠졌습니다",
        "[번호]를 누르면 원문이 열립니다");

    private static readonly Wording _en = new(
        (kind, date) => kind switch
        {
            SummaryKind.Daily => $"📚 Your study summary for {date.ToString("dddd, MMMM d", CultureInfo.InvariantCulture)}",
            SummaryKind.Weekly => $"📚 Your study week up to {date.ToString("MMMM d", CultureInfo.InvariantCulture)}",
            _ => $"📚 Your study month: {date.ToString("MMMM yyyy", CultureInfo.InvariantCulture)}",
        },
        count => $"✍️ {count} {(count == 1 ? "message" : "messages")}",
        days => $"🔥 {days} days in a row",
        "💬 Feedback",
        "👉 Next steps",
        "Not helpful",
        "Pause summaries",
        (model, at) => at is null ? $"Written by {model}" : $"Written by {model}, {at}",
        "Rewritten, because your messages changed",
        "The messages that this summary rested on were deleted, so it was removed too.",
        count => $"{count} {(count == 1 ? "message was" : "messages were")} left out for length",
        "The [numbers] lead to your messages");

    /// <summary>Korean for <c>ko</c>, English otherwise.</summary>
    public static Wording For(string language) => language == "ko" ? _ko : _en;
}
