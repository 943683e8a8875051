using StudyTracker.Contracts;
using StudyTracker.Summarizer.Summaries;

namespace StudyTracker.UnitTests.Summarizer.Summaries;

public sealed class ModelAnswerTests
{
    private static readonly Prompt _prompt = Prompt.Create(
        SummaryKind.Daily, "en", [PromptTests.Note("a", "1.1"), PromptTests.Note("b", "1.2")], "model", 1_000);

    [Fact]
    public void A_good_answer_becomes_content_with_its_sources()
    {
        var content = Read("""{"sentences":[{"text":"You studied BFS.","sources":["m2","m1","m2"]}],"feedback":"Well done.","nextSteps":["Try DFS."]}""");

        content!.Sentences.ShouldHaveSingleItem().Text.ShouldBe("You studied BFS.");
        content.Sentences[0].Sources.ShouldBe([new MessageRef("C1", "1.2"), new MessageRef("C1", "1.1")]);
        content.Feedback.ShouldBe("Well done.");
        content.NextSteps.ShouldBe(["Try DFS."]);
    }

    [Theory]
    [InlineData("", "not JSON")]
    [InlineData("I am sorry, I cannot do that.", "not JSON")]
    [InlineData("```json\n{}\n```", "not JSON")]
    [InlineData("{\"sentences\":[{\"text\":\"cut off", "not JSON")]
    [InlineData("[]", "not JSON")]
    [InlineData("{\"sentences\":\"all\"}", "not JSON")]
    [InlineData("{\"sentences\":[\"text\"],\"feedback\":\"f\"}", "not JSON")]
    [InlineData("null", "no sentences")]
    [InlineData("{}", "no sentences")]
    [InlineData("""{"sentences":null,"feedback":"f"}""", "no sentences")]
    [InlineData("""{"sentences":[],"feedback":"f"}""", "no sentences")]
    [InlineData("""{"sentences":[null],"feedback":"f"}""", "a sentence is empty")]
    [InlineData("""{"sentences":[{"text":" ","sources":["m1"]}],"feedback":"f"}""", "a sentence is empty")]
    [InlineData("""{"sentences":[{"sources":["m1"]}],"feedback":"f"}""", "a sentence is empty")]
    [InlineData("""{"sentences":[{"text":"<!channel>","sources":["m1"]}],"feedback":"f"}""", "a sentence is empty")]
    [InlineData("""{"sentences":[{"text":"t","sources":["m1"]}]}""", "no feedback")]
    [InlineData("""{"sentences":[{"text":"t","sources":["m1"]}],"feedback":""}""", "no feedback")]
    [InlineData("""{"sentences":[{"text":"t","sources":["m1"]}],"feedback":" \n "}""", "no feedback")]
    [InlineData("""{"sentences":[{"text":"t","sources":[]}],"feedback":"f"}""", "names no message")]
    [InlineData("""{"sentences":[{"text":"t"}],"feedback":"f"}""", "names no message")]
    [InlineData("""{"sentences":[{"text":"t","sources":["m3"]}],"feedback":"f"}""", "not given")]
    [InlineData("""{"sentences":[{"text":"t","sources":["M1"]}],"feedback":"f"}""", "not given")]
    [InlineData("""{"sentences":[{"text":"t","sources":["m1",null]}],"feedback":"f"}""", "not given")]
    [InlineData("""{"sentences":[{"text":"t","sources":["C1/1.1"]}],"feedback":"f"}""", "not given")]
    public void An_answer_of_no_use_has_a_reason(string json, string reason)
    {
        ModelAnswer.Read(json, _prompt, out var fault).ShouldBeNull();
        fault.ShouldNotBeNull().ShouldContain(reason);
    }

    [Theory]
    [InlineData("Hello <@U123>, well done", "Hello , well done")]
    [InlineData("<!channel> <!here|here> <!subteam^S1|@all> look", "look")]
    [InlineData("see <#C1|general>", "see")]
    [InlineData("read <https://evil.example/x|this page> now", "read this page now")]
    [InlineData("read <https://evil.example/x> now", "read now")]
    [InlineData("read <http://evil.example/x|> now", "read now")]
    [InlineData("a < b && c > d", "a < b && c > d")]
    [InlineData("List<int> and Map<string, int>", "List<int> and Map<string, int>")]
    [InlineData("one\r\ntwo\tthree\u0007\u2028four", "one two three four")]
    [InlineData("  much   space  ", "much space")]
    [InlineData("한\u1100\u1161", "한가")]
    public void Nothing_in_a_text_acts_in_Slack(string text, string clean) => ModelAnswer.Clean(text).ShouldBe(clean);

    [Fact]
    public void A_text_has_a_longest_length_and_no_half_emoji_at_its_end()
    {
        ModelAnswer.Clean(new string('x', 600)).ShouldBe(new string('x', 600));
        ModelAnswer.Clean(new string('x', 601)).ShouldBe(new string('x', 599) + "…");
        ModelAnswer.Clean(new string('x', 598) + "😀😀").ShouldBe(new string('x', 598) + "…");
    }

    [Fact]
    public void Too_many_sentences_and_steps_are_cut_and_empty_steps_left_out()
    {
        var sentences = string.Join(',', Enumerable.Range(0, 9).Select(i => $$"""{"text":"s{{i}}","sources":["m1"]}"""));
        var content = Read($$"""{"sentences":[{{sentences}}],"feedback":"f","nextSteps":[null,""," ","a","b","c","d","e","f"]}""")!;

        content.Sentences.Select(sentence => sentence.Text).ShouldBe(["s0", "s1", "s2", "s3", "s4", "s5"]);
        content.NextSteps.ShouldBe(["a", "b", "c", "d", "e"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData(",\"nextSteps\":null")]
    [InlineData(",\"nextSteps\":[]")]
    public void Next_steps_may_be_missing(string nextSteps) =>
        Read($$"""{"sentences":[{"text":"t","sources":["m1"]}],"feedback":"f"{{nextSteps}}}""")!.NextSteps.ShouldBeEmpty();

    private static SummaryContent? Read(string json)
    {
        var content = ModelAnswer.Read(json, _prompt, out var fault);
        fault.ShouldBeNull();
        return content;
    }
}
