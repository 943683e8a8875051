using CsCheck;
using StudyTracker.Texts;

namespace StudyTracker.UnitTests.ServiceDefaults.Texts;

/// <summary>What Slack sends is read as its writer saw it.</summary>
public sealed class SlackMarkupTests
{
    [Theory]
    [InlineData("오늘은 BFS", "오늘은 BFS")]
    [InlineData("Vec&lt;u8&gt; &amp;&amp; a &amp;lt; b <@U2> <https://x.example/a|doc>", "Vec<u8> && a &lt; b @someone doc (x.example)")]
    [InlineData("&amp;amp;lt; &quot; &#39; &nbsp; & &; &am", "&amp;lt; &quot; &#39; &nbsp; & &; &am")]
    [InlineData("<@U2> <@U2|bob> <@W2|@bob> <@U2|>", "@someone @bob @bob @someone")]
    [InlineData("<#C1|general> <#C1> <#C1|>", "#general #a-channel #a-channel")]
    [InlineData("<!here> <!channel|channel> <!everyone|@everyone>", "@here @channel @everyone")]
    [InlineData("<!subteam^S1|@study> <!subteam^S1>", "@study @a-group")]
    [InlineData("<!date^1392734382^Posted {date_num}^https://x.example|Feb 18> <!date^1392734382^{date}> <!date^x^y>", "Feb 18 2014-02-18 ")]
    [InlineData("<!new^thing|shown> <!new^thing>", "shown <!new^thing>")]
    [InlineData("<https://x.example/a>", "x.example/a")]
    [InlineData("<https://www.x.example/a/b/?token=secret#part>", "x.example/a/b")]
    [InlineData("<https://bob:secret@x.example/a|doc>", "doc (x.example)")]
    [InlineData("<http://x.example|x.example>", "x.example")]
    [InlineData("<https://x.example/a?b=1&amp;c=2|https://x.example/a?b=1&amp;c=2>", "x.example/a")]
    [InlineData("<https://x.example/a&amp;b>", "x.example/a&b")]
    [InlineData("<https://x.example|C&lt;T&gt; &amp;amp;>", "C<T> &amp; (x.example)")]
    [InlineData("<mailto:a@b.example|a@b.example> <mailto:a@b.example|write me> <tel:+123|+123>", "a@b.example write me +123")]
    [InlineData("slack <slack://open?team=T1|open>", "slack open")]
    [InlineData("a < b <@U2 <@U3> > c", "a < b <@U2 @someone > c")]
    [InlineData("<<@U2>>", "<@someone>")]
    [InlineData("<> <@> <#> <!> <|x> <:> < @U2>", "<> <@> <#> <!> <|x> <:> < @U2>")]
    [InlineData("std::vector<std::string> <!-- --> <!DOCTYPE html> List<@Nullable T>", "std::vector<std::string> <!-- --> <!DOCTYPE html> List<@Nullable T>")]
    [InlineData("&lt;@U2&gt; &lt;!here&gt;", "<@U2> <!here>")]
    [InlineData("&<@U2>lt;", "&@someonelt;")]
    [InlineData("<@U2", "<@U2")]
    [InlineData("&lt", "&lt")]
    [InlineData("", "")]
    public void Markup_is_resolved_first_and_entities_are_decoded_once(string text, string plain) => SlackMarkup.Read(text).Text.ShouldBe(plain);

    [Theory]
    [InlineData("BFS", true)]
    [InlineData("7", true)]
    [InlineData("<https://x.example/a>", true)]
    [InlineData("<@U2> thanks", true)]
    [InlineData("<@U2> <#C1|general> <!here> <!subteam^S1|@group>", false)]
    [InlineData("<@U2|bob> :+1: &lt;&gt;&amp;", false)]
    [InlineData("&lt;a&gt;", true)]
    public void A_name_alone_says_nothing(string text, bool says) => SlackMarkup.Read(text).SaysSomething.ShouldBe(says);

    [Fact]
    public void Nobodys_id_is_left_of_any_text() => AnyText.Short.Sample(text =>
    {
        var plain = SlackMarkup.Read($"{text}<@U0SECRET>{text}<#C0SECRET|>").Text;
        plain.Contains("0SECRET", StringComparison.Ordinal).ShouldBeFalse();
    });

    [Fact]
    public void What_was_escaped_comes_back_as_written() => AnyText.Short.Sample(text =>
        SlackMarkup.Read(SlackEntities.Escape(text)).Text.ShouldBe(text));

    [Fact]
    public void The_length_of_an_escaped_text_is_known_before() => AnyText.Short.Sample(text =>
        SlackEntities.EscapedLength(text).ShouldBe(SlackEntities.Escape(text).Length));
}
