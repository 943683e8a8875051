using StudyTracker.Sandbox.Events;

namespace StudyTracker.UnitTests.Sandbox;

public sealed class ComposerTests
{
    [Theory]
    [InlineData("a < b && c > d", "a &lt; b &amp;&amp; c &gt; d")]
    [InlineData("&lt; is an entity", "&amp;lt; is an entity")]
    [InlineData("see https://x.example/a?b=1&c=2.", "see <https://x.example/a?b=1&amp;c=2>.")]
    [InlineData("(https://x.example/a)", "(<https://x.example/a>)")]
    [InlineData("see example.com and asp.net", "see <http://example.com|example.com> and <http://asp.net|asp.net>")]
    [InlineData("main.py, System.net.Http, v1.2.3", "main.py, System.net.Http, v1.2.3")]
    [InlineData("mail a.b@example.com", "mail <mailto:a.b@example.com|a.b@example.com>")]
    [InlineData("thanks @minjun, not @nobody", "thanks <@U0SEOULMINJ>, not @nobody")]
    [InlineData("in #알고리즘 not in #nowhere", "in <#C0SEOULALG1|알고리즘> not in #nowhere")]
    [InlineData("@here @channel", "<!here> <!channel>")]
    [InlineData("typed <@U0SEOULMINJ> by hand", "typed &lt;@U0SEOULMINJ&gt; by hand")]
    [InlineData("done 🎉", "done :tada:")]
    [InlineData("`Vec<u8> @minjun https://x.example`", "`Vec&lt;u8&gt; @minjun https://x.example`")]
    [InlineData("```\nif (a < b) // example.com\n``` and example.com", "```\nif (a &lt; b) // example.com\n``` and <http://example.com|example.com>")]
    public void What_is_typed_becomes_what_Slack_sends(string typed, string sent)
    {
        using var sandbox = new SandboxFixture();

        Composer.Compose(typed, sandbox.Workspace).ShouldBe(sent);
    }

    [Theory]
    [InlineData("a.")]
    [InlineData("a-b@")]
    [InlineData("*a ")]
    [InlineData("_a")]
    [InlineData(":a")]
    [InlineData("<a")]
    [InlineData("`a\n")]
    [InlineData("@a#")]
    [InlineData("http://")]
    public void A_long_text_of_anything_takes_no_longer_than_its_length(string piece)
    {
        using var sandbox = new SandboxFixture();
        var typed = string.Concat(Enumerable.Repeat(piece, 40_000 / piece.Length));

        // A pattern that starts again at every character would take minutes.
        Should.CompleteIn(() => RichText.Of(Composer.Compose(typed, sandbox.Workspace), "1.2"), TimeSpan.FromSeconds(10));
    }

    [Theory]
    [InlineData("plain", """[{"type":"rich_text_section","elements":[{"type":"text","text":"plain"}]}]""")]
    [InlineData("a &amp;lt; b", """[{"type":"rich_text_section","elements":[{"type":"text","text":"a &lt; b"}]}]""")]
    [InlineData("*b* _i_ ~s~ 2*3*4", """[{"type":"rich_text_section","elements":[{"type":"text","text":"b","style":{"bold":true}},{"type":"text","text":" "},{"type":"text","text":"i","style":{"italic":true}},{"type":"text","text":" "},{"type":"text","text":"s","style":{"strike":true}},{"type":"text","text":" 2*3*4"}]}]""")]
    [InlineData("<@U1> <#C1|x> <!here> :tada:", """[{"type":"rich_text_section","elements":[{"type":"user","user_id":"U1"},{"type":"text","text":" "},{"type":"channel","channel_id":"C1"},{"type":"text","text":" "},{"type":"broadcast","range":"here"},{"type":"text","text":" "},{"type":"emoji","name":"tada"}]}]""")]
    [InlineData("<https://x.example/?a=1&amp;b=2|the doc>", """[{"type":"rich_text_section","elements":[{"type":"link","url":"https://x.example/?a=1&b=2","text":"the doc"}]}]""")]
    [InlineData("```\na &lt; b\n```", """[{"type":"rich_text_preformatted","elements":[{"type":"text","text":"a < b"}],"border":0}]""")]
    [InlineData("list\n• one\n• two", """[{"type":"rich_text_section","elements":[{"type":"text","text":"list\n"}]},{"type":"rich_text_list","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"one"}]},{"type":"rich_text_section","elements":[{"type":"text","text":"two"}]}],"style":"bullet","indent":0,"border":0}]""")]
    [InlineData("&gt; said\nmine", """[{"type":"rich_text_quote","elements":[{"type":"text","text":"said"}]},{"type":"rich_text_section","elements":[{"type":"text","text":"mine"}]}]""")]
    public void Beside_the_text_stands_the_same_as_rich_text(string text, string elements) =>
        RichText.Of(text, "1.2")[0]!["elements"]!.ToJsonString(new(System.Text.Json.JsonSerializerDefaults.Web) { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping })
            .ShouldBe(elements);
}
