using System.Text.Json;
using System.Text.Json.Nodes;
using StudyTracker.Sandbox.WebApi.Blocks;

namespace StudyTracker.UnitTests.Sandbox;

public sealed class BlockRulesTests
{
    private const string Button = """{"type":"button","action_id":"a","text":{"type":"plain_text","text":"Go"}}""";

    [Fact]
    public void The_messages_that_StudyTracker_sends_are_fine() => Problems(
        """
        [{"type":"header","text":{"type":"plain_text","text":"Today"}},
         {"type":"context","elements":[{"type":"mrkdwn","text":"3 notes"}]},
         {"type":"section","text":{"type":"mrkdwn","text":"•  You compared BFS &amp; DFS."}},
         {"type":"divider"},
         {"type":"actions","elements":[{"type":"button","action_id":"x","value":"1","text":{"type":"plain_text","text":"Not helpful"}}]}]
        """).ShouldBeEmpty();

    [Theory]
    [InlineData("""[{"type":"nonsense"}]""", "unsupported type: nonsense [json-pointer:/blocks/0/type]")]
    [InlineData("""[{"type":"divider"},5]""", "must provide an object [json-pointer:/blocks/1]")]
    [InlineData("""[{}]""", "missing required field: type [json-pointer:/blocks/0]")]
    [InlineData("""[{"type":"divider","colour":"red"}]""", "invalid additional property: colour [json-pointer:/blocks/0]")]
    [InlineData("""[{"type":"divider","block_id":null}]""", "must provide a string [json-pointer:/blocks/0/block_id]")]
    [InlineData("""[{"type":"section"}]""", "must define either `text` or `fields` [json-pointer:/blocks/0/type]")]
    [InlineData("""[{"type":"section","text":"bare"}]""", "must provide an object [json-pointer:/blocks/0/text]")]
    [InlineData("""[{"type":"section","text":{"type":"mrkdwn","text":""}}]""", "must be more than 0 characters [json-pointer:/blocks/0/text/text]")]
    [InlineData("""[{"type":"section","text":{"type":"plain_text","text":"x","verbatim":true}}]""", "invalid additional property: verbatim [json-pointer:/blocks/0/text]")]
    [InlineData("""[{"type":"header","text":{"type":"mrkdwn","text":"x"}}]""", "unsupported type: mrkdwn [json-pointer:/blocks/0/text/type]")]
    [InlineData("""[{"type":"image","alt_text":"x"}]""", "missing required field: image_url [json-pointer:/blocks/0]")]
    [InlineData("""[{"type":"image","image_url":"https://x.example/a.png"}]""", "missing required field: alt_text [json-pointer:/blocks/0]")]
    [InlineData("""[{"type":"input","element":{"type":"plain_text_input"}}]""", "missing required field: label [json-pointer:/blocks/0]")]
    [InlineData("""[{"type":"actions","elements":[]}]""", "must provide at least 1 items [json-pointer:/blocks/0/elements]")]
    [InlineData("""[{"type":"actions","elements":[{"type":"dial"}]}]""", "unsupported type: dial [json-pointer:/blocks/0/elements/0/type]")]
    [InlineData("""[{"type":"actions","elements":[{"type":"static_select"}]}]""", "must define either `options` or `option_groups` [json-pointer:/blocks/0/elements/0/type]")]
    [InlineData("""[{"type":"divider","block_id":"a"},{"type":"divider","block_id":"a"}]""", "`block_id` \"a\" already exists [json-pointer:/blocks/1/block_id]")]
    [InlineData($$"""[{"type":"actions","elements":[{{Button}}, {{Button}}]}]""", "`action_id` \"a\" already exists [json-pointer:/blocks/0/elements/1/action_id]")]
    [InlineData("""[{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"x","bold":true}]}]}]""", "invalid additional property: bold [json-pointer:/blocks/0/elements/0/elements/0]")]
    public void What_is_wrong_is_said_in_Slacks_words_and_with_its_place(string blocks, string problem) => Problems(blocks).ShouldBe([problem]);

    [Fact]
    public void The_same_action_id_in_two_blocks_is_fine() =>
        Problems($$"""[{"type":"actions","elements":[{{Button}}]},{"type":"actions","elements":[{{Button}}]}]""").ShouldBeEmpty();

    [Theory]
    [InlineData("""{"type":"section","text":{"type":"mrkdwn","text":"*"}}""", 3_000)]
    [InlineData("""{"type":"section","fields":[{"type":"mrkdwn","text":"*"}]}""", 2_000)]
    [InlineData("""{"type":"header","text":{"type":"plain_text","text":"*"}}""", 150)]
    [InlineData("""{"type":"actions","elements":[{"type":"button","text":{"type":"plain_text","text":"*"}}]}""", 75)]
    [InlineData("""{"type":"actions","elements":[{"type":"button","value":"*","text":{"type":"plain_text","text":"x"}}]}""", 2_000)]
    [InlineData("""{"type":"actions","elements":[{"type":"button","url":"*","text":{"type":"plain_text","text":"x"}}]}""", 3_000)]
    [InlineData("""{"type":"actions","elements":[{"type":"button","action_id":"*","text":{"type":"plain_text","text":"x"}}]}""", 255)]
    [InlineData("""{"type":"divider","block_id":"*"}""", 255)]
    [InlineData("""{"type":"markdown","text":"*"}""", 12_000)]
    public void A_text_has_a_greatest_length_in_characters_of_any_script(string block, int max)
    {
        foreach (var character in (string[])["x", "가", "😀"])
        {
            Problems($"[{block.Replace("*", string.Concat(Enumerable.Repeat(character, max)), StringComparison.Ordinal)}]").ShouldBeEmpty();
            Problems($"[{block.Replace("*", string.Concat(Enumerable.Repeat(character, max + 1)), StringComparison.Ordinal)}]")
                .ShouldContain(problem => problem.StartsWith($"must be less than {max + 1} characters", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("""{"type":"divider"}""", null, 50)]
    [InlineData("""{"type":"mrkdwn","text":"x"}""", """[{"type":"context","elements":[*]}]""", 10)]
    [InlineData("""{"type":"mrkdwn","text":"x"}""", """[{"type":"section","fields":[*]}]""", 10)]
    [InlineData("""{"type":"button","text":{"type":"plain_text","text":"x"}}""", """[{"type":"actions","elements":[*]}]""", 25)]
    [InlineData("""{"value":"v","text":{"type":"plain_text","text":"x"}}""", """[{"type":"actions","elements":[{"type":"overflow","options":[*]}]}]""", 5)]
    [InlineData("""{"value":"v","text":{"type":"plain_text","text":"x"}}""", """[{"type":"actions","elements":[{"type":"checkboxes","options":[*]}]}]""", 10)]
    [InlineData("""{"value":"v","text":{"type":"plain_text","text":"x"}}""", """[{"type":"actions","elements":[{"type":"static_select","options":[*]}]}]""", 100)]
    public void A_list_has_a_greatest_length(string item, string? around, int max)
    {
        Problems(Many(max)).ShouldBeEmpty();
        Problems(Many(max + 1)).ShouldHaveSingleItem().ShouldStartWith($"no more than {max} items allowed");

        string Many(int count) => (around ?? "[*]").Replace("*", string.Join(',', Enumerable.Repeat(item, count)), StringComparison.Ordinal);
    }

    [Fact]
    public void Everything_that_is_wrong_is_told_at_once() => Problems(
        $$$"""[{"type":"section","text":{"type":"mrkdwn","text":"{{{new string('x', 3_001)}}}"}},{"type":"image"}]""").ShouldBe(
    [
        "failed to match all allowed schemas [json-pointer:/blocks/0/text]",
        "must be less than 3001 characters [json-pointer:/blocks/0/text/text]",
        "missing required field: alt_text [json-pointer:/blocks/1]",
    ]);

    [Fact]
    public void Blocks_are_too_long_in_all_from_about_thirteen_thousand_characters()
    {
        BlockRules.AreTooLong(Sections(4, 3_000)).ShouldBeFalse();
        BlockRules.AreTooLong(Sections(5, 3_000)).ShouldBeTrue();
        BlockRules.AreTooLong(Sections(50, 100)).ShouldBeFalse();
        BlockRules.AreTooLong(Sections(50, 200)).ShouldBeTrue();
    }

    [Fact]
    public void A_property_that_is_there_twice_counts_once() =>
        BlockElements.WithIds(Json("""[{"type":"section","type":"divider","block_id":"a"}]"""))[0].GetProperty("type").GetString().ShouldBe("divider");

    private static JsonElement Sections(int count, int length) => JsonSerializer.SerializeToElement(new JsonArray([.. Enumerable.Range(0, count).Select(_ =>
        JsonNode.Parse($$$"""{"type":"section","text":{"type":"mrkdwn","text":"{{{new string('x', length)}}}"}}"""))]));

    private static IReadOnlyList<string> Problems(string blocks) => BlockRules.OfMessage(Json(blocks));

    private static JsonElement Json(string json) => JsonDocument.Parse(json).RootElement;
}
