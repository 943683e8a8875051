using System.Globalization;
using StudyTracker.Contracts;

namespace StudyTracker.Notifier.Messages;

/// <summary>The fixed words of a message in one language.</summary>
/// <param name="Title">Title by kind and local date.</param>
/// <param name="FeedbackHeading">Above the feedback.</param>
/// <param name="NextStepsHeading">Above the next steps.</param>
/// <param name="Footer">Small print by number of messages and model.</param>
internal sealed record Wording(
    Func<SummaryKind, DateOnly, string> Title,
    string FeedbackHeading,
    string NextStepsHeading,
    Func<int, string, string> Footer)
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
        "피드백",
        "다음 단계",
        (count, model) => $"메시지 {count}개를 바탕으로 {model} 모델이 작성했습니다. 원문은 [번호]를 누르면 볼 수 있습니다.");

    private static readonly Wording _en = new(
        (kind, date) => kind switch
        {
            SummaryKind.Daily => $"📚 Your study summary for {date.ToString("dddd, MMMM d", CultureInfo.InvariantCulture)}",
            SummaryKind.Weekly => $"📚 Your study week up to {date.ToString("MMMM d", CultureInfo.InvariantCulture)}",
            _ => $"📚 Your study month: {date.ToString("MMMM yyyy", CultureInfo.InvariantCulture)}",
        },
        "Feedback",
        "Next steps",
        (count, model) => $"Written by {model} from {count} {(count == 1 ? "message" : "messages")} of yours. The [numbers] lead to them.");

    /// <summary>Korean for <c>ko</c>, English otherwise.</summary>
    public static Wording For(string language) => language == "ko" ? _ko : _en;
}
