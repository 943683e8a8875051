using System.Text.Json;
using StudyTracker.AppHost.Demo;

namespace StudyTracker.UnitTests.AppHost;

public sealed class BlockTextTests
{
    [Fact]
    public void Blocks_are_shown_without_markup()
    {
        var blocks = JsonSerializer.Deserialize<JsonElement>("""
            [
              { "type": "header", "text": { "type": "plain_text", "text": "Summary" } },
              { "type": "section", "text": { "type": "mrkdwn", "text": "*Feedback*\n•  a &lt; b <https://slack.com/x|[1]>" } },
              { "type": "divider" },
              { "type": "context", "elements": [ { "type": "mrkdwn", "text": "small print" } ] }
            ]
            """);

        BlockText.Lines(blocks, "ignored").ShouldBe(["Summary", "", "Feedback", "•  a < b [1]", "", "────", "small print"]);
    }

    [Fact]
    public void What_a_learner_wrote_is_shown_as_written() =>
        BlockText.Lines(blocks: null, "a &lt; b &amp;&amp; \u2060*c* &amp;lt; `List&lt;int&gt;` 🧠 &quot; <https://slack.com/x|[1]>")
            .ShouldBe(["a < b && *c* &lt; `List<int>` 🧠 &quot; [1]"]);

    [Fact]
    public void A_message_without_blocks_is_its_text() =>
        BlockText.Lines(blocks: null, "one\ntwo 2*3*4").ShouldBe(["one", "two 2*3*4"]);

    [Fact]
    public void Lines_are_broken_at_spaces_and_hangul_counts_double()
    {
        BlockText.Wrap("one two three", 7).ShouldBe(["one two", "three"]);
        BlockText.Wrap("공부 기록", 8).ShouldBe(["공부", "기록"]);
        BlockText.Wrap("공부 기록", 9).ShouldBe(["공부 기록"]);
        BlockText.Wrap("", 9).ShouldBe([""]);
    }
}
