using StudyTracker.Summarizer.Summaries;

namespace StudyTracker.UnitTests.Summarizer.Summaries;

public sealed class LanguageTests
{
    [Theory]
    [InlineData("ko-KR", "only English words here", "ko")]
    [InlineData("KO", "only English words here", "ko")]
    [InlineData("en-US", "한국어로 썼다", "en")]
    [InlineData("ja-JP", "한국어로 썼다", "en")]
    [InlineData(null, "오늘은 BFS와 DFS를 배웠다", "ko")]
    [InlineData("", "오늘은 배웠다", "ko")]
    [InlineData(null, "오늘은 Spring Boot의 @Transactional을 배웠다", "ko")] // Korean among English terms
    [InlineData(null, "Learned how to say 안녕하세요 to people in a friendly and polite way today", "en")]
    [InlineData(null, "ㅋㅋ ㅎㅎ", "ko")]
    [InlineData(null, "Dynamic programming", "en")]
    [InlineData(null, "1 + 1 = 2 😀", "en")]
    [InlineData(null, "", "en")]
    public void A_member_is_written_to_in_the_members_language(string? locale, string text, string language) =>
        Language.Of(locale, [text]).ShouldBe(language);

    [Fact]
    public void All_messages_count_together() =>
        Language.Of(null, ["English only, and rather a lot of it", "한글로 쓴 메시지입니다. 조금 더 길게."]).ShouldBe("ko");
}
