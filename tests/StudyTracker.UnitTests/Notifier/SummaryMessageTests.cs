using CsCheck;
using StudyTracker.Contracts;
using StudyTracker.Notifier.Messages;
using StudyTracker.Texts;
using StudyTracker.UnitTests.ServiceDefaults.Texts;

namespace StudyTracker.UnitTests.Notifier;

public sealed class SummaryMessageTests
{
    private static readonly SummaryContent _korean = new(
        [
            new SummarySentence("BFS와 DFS의 차이를 정리했습니다.", [new MessageRef("C1", "1700000000.000100"), new MessageRef("C2", "1700000001.000200")]),
            new SummarySentence("큐로 직접 구현했습니다.", [new MessageRef("C1", "1700000002.000300", "1700000000.000100")]),
        ],
        "직접 구현해 본 점이 훌륭합니다.",
        ["다익스트라를 공부해 보세요.", "시간 복잡도를 비교해 보세요."]);

    private static readonly Uri _archive = new("https://slack.com/archives/");

    [Fact]
    public void A_Korean_summary_reads_like_this()
    {
        var message = SummaryMessage.Render(Feedback(_korean, "ko") with
        {
            StreakDays = 5,
            LeftOut = 2,
            WrittenAt = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000),
        }, _archive);

        message.Blocks.ShouldBe(
        [
            new HeaderBlock("📚 11월 22일 (일) 학습 요약"),
            new ContextBlock("✍️ 메시지 3개  ·  🔥 5일 연속"),
            new SectionBlock(
                "•  BFS와 DFS의 차이를 정리했습니다. <https://slack.com/archives/C1/p1700000000000100|[1]> <https://slack.com/archives/C2/p1700000001000200|[2]>\n"
                + "•  큐로 직접 구현했습니다. <https://slack.com/archives/C1/p1700000002000300?thread_ts=1700000000.000100&amp;cid=C1|[1]>"),
            new SectionBlock("*💬 피드백*\n직접 구현해 본 점이 훌륭합니다."),
            new SectionBlock("*👉 다음 단계*\n•  다익스트라를 공부해 보세요.\n•  시간 복잡도를 비교해 보세요."),
            new DividerBlock(),
            Buttons("도움이 안 됐어요", "요약 잠시 멈추기"),
            new ContextBlock(
                "gpt 작성, <!date^1700000000^{date_short_pretty} {time}|2023-11-14 22:13 UTC>  ·  너무 길어 메시지 2개는 빠졌습니다  ·  [번호]를 누르면 원문이 열립니다"),
        ]);
        message.Text.ShouldBe("📚 11월 22일 (일) 학습 요약: BFS와 DFS의 차이를 정리했습니다. 큐로 직접 구현했습니다.");
    }

    [Fact]
    public void An_English_summary_reads_like_this()
    {
        var content = new SummaryContent([new SummarySentence("You compared BFS & DFS.", [new MessageRef("C1", "1.2")])], "Well <done>.", []);

        var message = SummaryMessage.Render(Feedback(content, "en", count: 1) with { Revision = 2 }, _archive);

        message.Blocks.ShouldBe(
        [
            new HeaderBlock("📚 Your study summary for Sunday, November 22"),
            new ContextBlock("✍️ 1 message"),
            new SectionBlock("•  You compared BFS &amp; DFS. <https://slack.com/archives/C1/p12|[1]>"),
            new SectionBlock("*💬 Feedback*\nWell &lt;done&gt;."),
            new DividerBlock(),
            Buttons("Not helpful", "Pause summaries"),
            new ContextBlock("Written by gpt  ·  Rewritten, because your messages changed  ·  The [numbers] lead to your messages"),
        ]);
        message.Text.ShouldBe("📚 Your study summary for Sunday, November 22: You compared BFS &amp; DFS.");
        message.Revision.ShouldBe(2);
    }

    [Theory]
    [InlineData("en", "📚 Your study summary for Sunday, November 22", "The messages that this summary rested on were deleted, so it was removed too.")]
    [InlineData("ko", "📚 11월 22일 (일) 학습 요약", "요약의 바탕이 된 메시지가 모두 삭제되어 요약도 지웠습니다.")]
    public void A_summary_whose_messages_are_all_deleted_says_so_and_nothing_else(string language, string title, string said)
    {
        var retracted = Feedback(new SummaryContent([], "", []), language, count: 0) with { Revision = 1 };

        var message = SummaryMessage.Render(retracted, _archive);

        message.Blocks.ShouldBe([new HeaderBlock(title), new SectionBlock(said)]);
        message.Text.ShouldBe($"{title}: {said}");
        SummaryMessage.RenderPlain(retracted).Text.ShouldBe($"{title}\n{said}");
    }

    [Fact]
    public void The_text_alone_says_the_same_without_blocks()
    {
        var message = SummaryMessage.RenderPlain(Feedback(_korean, "ko"));

        message.Blocks.ShouldBeEmpty();
        message.Text.ShouldBe(
            "📚 11월 22일 (일) 학습 요약\n•  BFS와 DFS의 차이를 정리했습니다.\n•  큐로 직접 구현했습니다.\n직접 구현해 본 점이 훌륭합니다.\n다익스트라를 공부해 보세요.\n시간 복잡도를 비교해 보세요.");
    }

    [Theory]
    [InlineData(SummaryKind.Weekly, "ko", "📚 11월 22일까지의 주간 학습 요약")]
    [InlineData(SummaryKind.Monthly, "ko", "📚 2026년 11월 월간 학습 요약")]
    [InlineData(SummaryKind.Weekly, "en", "📚 Your study week up to November 22")]
    [InlineData(SummaryKind.Monthly, "en", "📚 Your study month: November 2026")]
    [InlineData(SummaryKind.Daily, "fr", "📚 Your study summary for Sunday, November 22")]
    public void Every_kind_has_its_title(SummaryKind kind, string language, string title) =>
        SummaryMessage.Render(Feedback(_korean, language, kind), _archive).Blocks[0].ShouldBe(new HeaderBlock(title));

    [Fact]
    public void At_most_three_messages_of_a_sentence_are_linked()
    {
        var sentence = new SummarySentence("s", [.. Enumerable.Range(0, 9).Select(i => new MessageRef("C1", $"{i}.0"))]);

        var section = Section(new SummaryContent([sentence], "f", []));

        section.ShouldContain("|[3]>");
        section.ShouldNotContain("|[4]>");
    }

    [Fact]
    public void An_odd_id_does_not_break_out_of_its_link() =>
        Section(new SummaryContent([new SummarySentence("s", [new MessageRef("C1|x> <!channel>", "1&2")])], "f", []))
            .ShouldBe("•  s <https://slack.com/archives/C1%7Cx%3E%20%3C%21channel%3E/p1%262|[1]>");

    [Theory]
    [InlineData("<!channel> & <@U1> <https://evil.example|x>", "&lt;!channel&gt; &amp; &lt;@U1&gt; &lt;https://evil.example|x&gt;")]
    [InlineData("&lt;", "&amp;lt;")]
    public void What_has_a_meaning_in_Slack_is_escaped(string text, string escaped) => SlackText.Literal(text, 3_000).ShouldBe(escaped);

    [Theory]
    [InlineData("**kwargs, *args and __name", "**kwargs, *args and __name")]
    [InlineData("a * b * c, 2*3*4, snake_case_name, ~/bin ~", "a * b * c, 2*3*4, snake_case_name, ~/bin ~")]
    [InlineData("`*x*` and `__init__`", "`*x*` and `__init__`")]
    [InlineData("*x* (_y_) ~z~", "\u2060*x* (\u2060_y_) \u2060~z~")]
    [InlineData("__init__.py", "\u2060__init__.py")]
    [InlineData("> no quotation", "\u2060&gt; no quotation")]
    public void What_would_format_is_kept_from_it_and_code_is_left_alone(string text, string shown) => SlackText.Literal(text, 3_000).ShouldBe(shown);

    [Fact]
    public void Any_text_is_escaped_within_its_limit_and_comes_back_as_far_as_it_goes() => Gen.Select(AnyText.Short, Gen.Int[1, 400]).Sample((text, length) =>
    {
        var escaped = SlackText.EscapeWithin(text, length);
        var shown = SlackEntities.Decode(escaped);

        escaped.Length.ShouldBeLessThanOrEqualTo(length);
        escaped.AsSpan().IndexOfAny('<', '>').ShouldBe(-1);
        if (shown != text) text.StartsWith(shown[..^1], StringComparison.Ordinal).ShouldBeTrue();
        SlackEntities.Decode(SlackText.Literal(text, 100_000)).Replace("\u2060", "", StringComparison.Ordinal)
            .ShouldBe(text.Replace("\u2060", "", StringComparison.Ordinal));
    });

    [Fact]
    public void Whatever_a_summary_says_Slacks_limits_hold()
    {
        var text = Gen.OneOf<string>(
            Gen.String[0, 200],
            Gen.Select(Gen.OneOf('&', '<', 'x', '한', '\ud83d'), Gen.Int[0, 5_000]).Select((letter, count) => new string(letter, count)),
            AnyText.Short,
            Gen.Int[0, 3_000].Select(count => string.Concat(Enumerable.Repeat("😀", count))));
        var sentence = Gen.Select(text, Gen.Int[0, 5]).Select((words, sources) =>
            new SummarySentence(words, [.. Enumerable.Range(0, sources).Select(i => new MessageRef("C1", $"{i}.0"))]));
        var content = Gen.Select(sentence.List[0, 120], text, text.List[0, 8]).Select((sentences, feedback, steps) => new SummaryContent(sentences, feedback, steps));

        content.Sample(
            written =>
            {
                var message = SummaryMessage.Render(Feedback(written, "en"), _archive);

                message.Blocks.Count.ShouldBeLessThanOrEqualTo(50);
                message.Text.Length.ShouldBeLessThanOrEqualTo(4_000); // what chat.update takes
                SummaryMessage.RenderPlain(Feedback(written, "ko")).Text.Length.ShouldBeLessThanOrEqualTo(4_000);
                message.Blocks.OfType<ContextBlock>().ShouldAllBe(block => block.Markdown.Length <= 2_000);
                message.Blocks.Sum(block => block is SectionBlock section ? section.Markdown.Length : 0).ShouldBeLessThanOrEqualTo(13_000);
                message.Blocks.OfType<HeaderBlock>().ShouldAllBe(block => block.Text.Length <= 150);
                foreach (var section in message.Blocks.OfType<SectionBlock>())
                {
                    section.Markdown.Length.ShouldBeInRange(1, 3_000);
                    // Nothing is torn apart: every link is whole, and every ampersand outside of a link begins an entity.
                    var unlinked = System.Text.RegularExpressions.Regex.Replace(section.Markdown, @"<https://slack\.com/[^<>|]*\|\[\d\]>", "");
                    unlinked.ShouldNotContain('<');
                    System.Text.RegularExpressions.Regex.IsMatch(unlinked, "&(?!(amp|lt|gt);)").ShouldBeFalse();
                }
            },
            iter: 200);
    }

    private static ActionsBlock Buttons(string notHelpful, string pause) => new(
        new MessageButton("not_helpful", notHelpful, $"{Guid.Empty}"), new MessageButton("pause", pause, $"{Guid.Empty}"));

    private static string Section(SummaryContent content) =>
        SummaryMessage.Render(Feedback(content, "en"), _archive).Blocks.OfType<SectionBlock>().First().Markdown;

    private static FeedbackRecord Feedback(SummaryContent content, string language, SummaryKind kind = SummaryKind.Daily, int count = 3) => new(
        Guid.Empty, "run", "T1", "U1", kind, new DateOnly(2026, 11, 22), language, content, count, "gpt", DateTimeOffset.UnixEpoch);
}
