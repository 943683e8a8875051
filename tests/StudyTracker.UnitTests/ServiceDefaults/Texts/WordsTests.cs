using CsCheck;
using StudyTracker.Texts;

namespace StudyTracker.UnitTests.ServiceDefaults.Texts;

public sealed class WordsTests
{
    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData(" \t\r\n\u00A0\u2003\u3000\u2028\u0085")]
    [InlineData("\u200B\u200C\u200D\u2060\uFEFF\u00AD\u180E\u202E")]
    [InlineData("\u3164")]
    [InlineData("\u115F\u1160\uFFA0\u2800")]
    [InlineData(":+1:")]
    [InlineData(":thumbsup::skin-tone-3: :커스텀_이모지:")]
    [InlineData("👍🏽 👩‍👩‍👧 🇰🇷 ❤️ ©️ ℹ️ 1️⃣ #️⃣ 2⃣")]
    [InlineData("... ?! — • * _ ~ ` \" '")]
    [InlineData("→ = + ∑ $ €")]
    [InlineData("\uFFFD\u0301\uFE0F")]
    [InlineData("\uD800")]
    public void What_shows_no_letter_and_no_digit_says_nothing(string text) => Words.AreIn(text).ShouldBeFalse();

    [Theory]
    [InlineData("a")]
    [InlineData("7")]
    [InlineData("ㅋ")]
    [InlineData("漢")]
    [InlineData("я")]
    [InlineData("ع")]
    [InlineData("ก")]
    [InlineData("②")]
    [InlineData("Ⅷ")]
    [InlineData("𝒜")]
    [InlineData("⠓⠑⠇⠇⠕")]
    [InlineData("\u200B\u200Bx")]
    [InlineData(":+1: 12:30")]
    [InlineData("10:30:45")]
    [InlineData("a:b:c")]
    [InlineData(":not an emoji:")]
    [InlineData("C++")]
    public void A_letter_or_a_digit_says_something(string text) => Words.AreIn(text).ShouldBeTrue();

    [Fact]
    public void Any_text_is_judged_and_a_letter_decides() => AnyText.Short.Sample(text =>
    {
        Words.AreIn(text);
        Words.AreIn($"{text} x").ShouldBeTrue();
    });
}
