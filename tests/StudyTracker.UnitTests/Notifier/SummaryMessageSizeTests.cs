using System.Text;
using StudyTracker.Contracts;
using StudyTracker.Notifier.Messages;
using StudyTracker.Sandbox.WebApi.Blocks;

namespace StudyTracker.UnitTests.Notifier;

public sealed class SummaryMessageSizeTests
{
    private static readonly Uri _archive = new("https://slack.com/archives/");

    [Theory]
    [InlineData("x")]
    [InlineData("é")]
    [InlineData("한")]
    [InlineData("😀")]
    [InlineData("&")]
    public void The_text_takes_the_room_that_an_update_has_in_any_script_and_not_more(string letter)
    {
        var written = Feedback([new SummarySentence(string.Concat(Enumerable.Repeat(letter, 5_000)), [])], "", []);

        foreach (var text in (string[])[SummaryMessage.Render(written, _archive).Text, SummaryMessage.RenderPlain(written).Text])
            Encoding.UTF8.GetByteCount(text).ShouldBeInRange(FallbackText.MaxBytes - 10, FallbackText.MaxBytes);
    }

    [Theory]
    [InlineData("Short.", "Short.")]
    [InlineData("짧아요.", "짧아요.")]
    [InlineData("a < b & c", "a &lt; b &amp; c")]
    public void A_short_text_is_all_there(string text, string shown) => FallbackText.Within(text).ShouldBe(shown);

    [Fact]
    public void The_blocks_of_the_longest_summary_are_not_too_long_in_all()
    {
        var sentences = Enumerable.Repeat(new SummarySentence(new string('x', 900), [.. Enumerable.Range(0, 3).Select(i => new MessageRef("C0123456789", $"170000000{i}.000100"))]), 50);

        var blocks = SummaryMessage.Render(Feedback([.. sentences], new string('y', 9_000), [.. Enumerable.Repeat(new string('z', 900), 10)]), _archive).Blocks;

        var characters = blocks.Sum(block => block switch
        {
            HeaderBlock header => header.Text.Length,
            SectionBlock section => section.Markdown.Length,
            ContextBlock context => context.Markdown.Length,
            ActionsBlock actions => actions.Buttons.Sum(button => button.Text.Length),
            _ => 0,
        });
        (characters + 125 * (blocks.Count - 1)).ShouldBeInRange(10_000, BlockRules.MaxCharacters);
    }

    private static FeedbackRecord Feedback(IReadOnlyList<SummarySentence> sentences, string feedback, IReadOnlyList<string> steps) => new(
        Guid.Empty, "run", "T1", "U1", SummaryKind.Daily, new DateOnly(2026, 11, 22), "ko", new SummaryContent(sentences, feedback, steps), 3, "gpt", DateTimeOffset.UnixEpoch);
}
