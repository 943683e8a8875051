using System.Globalization;
using CsCheck;
using StudyTracker.Texts;

namespace StudyTracker.UnitTests.ServiceDefaults.Texts;

public sealed class GraphemesTests
{
    private const string Family = "👩\u200D👩\u200D👧";
    private const string England = "🏴\U000E0067\U000E0062\U000E0065\U000E006E\U000E0067\U000E007F";

    [Theory]
    [InlineData("abc", 3, "abc")]
    [InlineData("abc", 2, "ab")]
    [InlineData("ab😀", 3, "ab")]
    [InlineData("abe\u0301", 3, "ab")]
    [InlineData("a\r\nb", 2, "a")]
    [InlineData("x" + Family, 8, "x")]
    [InlineData("x" + Family, 9, "x" + Family)]
    [InlineData("🇰🇷🇯🇵", 7, "🇰🇷")]
    [InlineData("👍🏽", 3, "")]
    [InlineData(England, 13, "")]
    [InlineData("한\u1100\u1161\u11A8", 3, "한")]
    [InlineData("कि", 1, "")]
    [InlineData("abc", 0, "")]
    [InlineData("abc", -1, "")]
    public void A_cut_goes_between_what_is_read_as_one(string text, int length, string beginning) => Graphemes.Beginning(text, length).ShouldBe(beginning);

    [Fact]
    public void A_letter_with_ten_thousand_marks_does_not_defeat_the_limit()
    {
        var storm = "a" + new string('\u0301', 10_000);

        Graphemes.Beginning(storm, 600).Length.ShouldBeInRange(536, 600);
        Graphemes.Beginning("😀" + string.Concat(Enumerable.Repeat("\U000E0100", 9_999)), 601).Length.ShouldBeInRange(536, 600);
    }

    [Theory]
    [InlineData("abcdef", 6, "abcdef")]
    [InlineData("abcdefg", 6, "abcde…")]
    [InlineData("abcd😀g", 6, "abcd…")]
    public void What_is_left_out_is_marked(string text, int length, string shortened) => Graphemes.Shorten(text, length).ShouldBe(shortened);

    [Fact]
    public void Any_text_is_cut_to_its_limit_and_no_further_the_second_time() => Gen.Select(AnyText.Short, Gen.Int[0, 500]).Sample((text, length) =>
    {
        var cut = Graphemes.Beginning(text, length);

        cut.Length.ShouldBeLessThanOrEqualTo(length);
        text.StartsWith(cut, StringComparison.Ordinal).ShouldBeTrue();
        if (cut.Length < text.Length) cut.Length.ShouldBeGreaterThan(length - Graphemes.MaxLength);
        Graphemes.Beginning(cut, length).ShouldBe(cut);
        if (cut.Length > 0 && cut.Length < text.Length) char.IsSurrogatePair(text, cut.Length - 1).ShouldBeFalse();
    });

    [Fact]
    public void Clusters_are_those_of_Unicode_up_to_the_longest() => AnyText.Short.Sample(text =>
    {
        for (var at = 0; at < text.Length;)
        {
            var (length, whole) = (Graphemes.Next(text.AsSpan(at)), StringInfo.GetNextTextElementLength(text, at));
            if (whole <= Graphemes.MaxLength) length.ShouldBe(whole);
            else length.ShouldBeInRange(Graphemes.MaxLength - 1, Graphemes.MaxLength);
            at += length;
        }
    });
}
