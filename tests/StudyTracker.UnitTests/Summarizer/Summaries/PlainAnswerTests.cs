using System.Text;
using System.Text.RegularExpressions;
using CsCheck;
using StudyTracker.Notifier.Messages;
using StudyTracker.Summarizer.Summaries;
using StudyTracker.Texts;
using StudyTracker.UnitTests.ServiceDefaults.Texts;

namespace StudyTracker.UnitTests.Summarizer.Summaries;

/// <summary>Of a model's text nothing acts in Slack, and all else stays.</summary>
public sealed partial class PlainAnswerTests
{
    [Theory]
    [InlineData("Hello <@U123>, well done", "Hello @someone, well done")]
    [InlineData("Hello <@U123|bob> in <#C123|general>", "Hello @bob in #general")]
    [InlineData("<!channel> <!here|here> <!subteam^S1|@all> look", "channel here @all look")]
    [InlineData("since <!date^1392734382^{date}|Feb 18>", "since Feb 18")]
    [InlineData("read <https://evil.example/x|this page> now", "read this page now")]
    [InlineData("read <https://evil.example/x> now", "read evil.example/x now")]
    [InlineData("read <http://evil.example/x|> now", "read evil.example/x now")]
    [InlineData("see https://evil.example/x?y=1 now", "see evil.example/x?y=1 now")]
    [InlineData("자세한 내용은 https://evil.example/x를 보세요", "자세한 내용은 evil.example/x를 보세요")]
    [InlineData("링크www.evil.example 참고", "링크evil.example 참고")]
    [InlineData("write to mailto:boss@evil.example today", "write to boss@evil.example today")]
    [InlineData("slack://user?team=T1 ftp://a.b", "user?team=T1 a.b")]
    [InlineData("hey @channel and ＠here, @everyone를 불러요", "hey channel and here, everyone를 불러요")]
    [InlineData("```bash rm``` **bold** and `code`", "`bash rm` bold and `code`")]
    [InlineData("a\u202Eb\u2066c\uFEFFd", "abcd")]
    [InlineData("<<!here>!channel>", "<here!channel>")]
    [InlineData("<!ch\u202Eannel> https://https://x.example @\u2066here", "channel x.example here")]
    [InlineData("<!here<!here>> @@here", "<!here@here> here")]
    [InlineData("one\r\ntwo\tthree\u0007\u2028four", "one two three four")]
    [InlineData("  much   space  ", "much space")]
    [InlineData("\u200B\u2060\u3164\u2800", "")]
    public void Nothing_in_a_text_acts_in_Slack(string text, string clean) => PlainAnswer.Clean(text).ShouldBe(clean);

    [Theory]
    [InlineData("Vec<u8> && a &lt; b, a < b && c > d")]
    [InlineData("List<@Nullable T>, Map<string, int>, std::vector<std::string>, foo::<http::Request>()")]
    [InlineData("f(*args, **kwargs), a ** b, 2**10, **/*.cs, /** doc */, __init__, _x, a_b_c")]
    [InlineData("<!-- comment --> <!DOCTYPE html> <!ELEMENT note (to|from)> <br/> <T> <>")]
    [InlineData("JavaScript: closures; O(n): fine; key: value; 10:30; a::b; x ? y : z")]
    [InlineData("http, HTTP/2, http2 and httpd; https is safer; ftp too; httpx::get")]
    [InlineData("jdbc:postgresql://localhost:5432/db and s3://bucket/key")]
    [InlineData("@Override @Nullable @herebert me@here.example @someone #general #define")]
    [InlineData("`code` and ``double``, ~/bin, ~80%, $x_1$, 100%, C#, F#, \\n, \"quoted\", 'it''s'")]
    [InlineData("family 👩\u200D👩\u200D👧 👍🏽 🇰🇷 🏴\U000E0067\U000E0062\U000E0065\U000E006E\U000E0067\U000E007F 1\uFE0F\u20E3 ❤\uFE0F :+1:")]
    [InlineData("می\u200Cخواهم क्\u200Dष العربية \u200Fעברית\u200E ภาษา\u200Bไทย 한글 ᄒ\u1161\u11AB 漢字 e\u0301 \u0600١")]
    [InlineData("한\u1100\u1161")]
    [InlineData("@someone wrote doc (x.example) in #a-channel")]
    [InlineData("soft\u00ADhyphen, a\u2060b, ﷺ, 𝒜, \U0001F9D1\u200D🚀")]
    public void What_a_learner_wrote_comes_back_as_written(string text)
    {
        PlainAnswer.Clean(text).ShouldBe(text);
        SlackEntities.Decode(SlackText.Literal(text, 3_000)).Replace("\u2060", "", StringComparison.Ordinal).ShouldBe(text.Replace("\u2060", "", StringComparison.Ordinal));
    }

    [Fact]
    public void A_text_has_a_longest_length_and_nothing_is_torn_at_its_end()
    {
        PlainAnswer.Clean(new string('x', 600)).ShouldBe(new string('x', 600));
        PlainAnswer.Clean(new string('x', 601)).ShouldBe(new string('x', 599) + "…");
        PlainAnswer.Clean(new string('x', 598) + "😀😀").ShouldBe(new string('x', 598) + "…");
        PlainAnswer.Clean(new string('x', 595) + "👩\u200D👩\u200D👧 yes").ShouldBe(new string('x', 595) + "…");
        PlainAnswer.Clean("a" + new string('\u0301', 10_000)).Length.ShouldBeInRange(500, 600);
    }

    [Fact]
    public void Any_text_is_cleaned_once_and_for_all() => AnyText.Short.Sample(text =>
    {
        var clean = PlainAnswer.Clean(text);

        clean.Length.ShouldBeLessThanOrEqualTo(600);
        PlainAnswer.Clean(clean).ShouldBe(clean);
        Acting().IsMatch(clean).ShouldBeFalse(clean);
        Should.NotThrow(() => new UTF8Encoding(false, throwOnInvalidBytes: true).GetBytes(clean));
    });

    [Fact]
    public void Whatever_is_piled_up_is_cleaned_in_bounded_time()
    {
        string[] piles = ["<", "<@U1", "<!he<!here>re>", "https://", "@", "＠", "`", "**x", "<https://x|", "\uD800", "🏴\U000E0067", "www.", "mailto:a@"];
        foreach (var pile in piles) PlainAnswer.Clean(string.Concat(Enumerable.Repeat(pile, 40_000 / pile.Length))).Length.ShouldBeLessThanOrEqualTo(600);
    }

    [GeneratedRegex(
        "<@[UW][A-Z0-9]+[|>]|<#[CDG][A-Z0-9]+[|>]|<!(here|channel|everyone)[|>]|<!subteam|<!date|(?<![a-z0-9])https?://|(?<![a-z0-9_])@(here|channel|everyone)(?![a-z0-9_])|```|[\\u202A-\\u202E\\u2066-\\u2069\\p{Cc}]",
        RegexOptions.IgnoreCase)]
    private static partial Regex Acting();
}
