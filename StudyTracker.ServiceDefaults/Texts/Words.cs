using System.Globalization;
using System.Text;

namespace StudyTracker.Texts;

/// <summary>
/// The one definition of a text that says something: it has a letter or a digit. White space, punctuation, symbols, emoji (as
/// characters or as <c>:names:</c>) and characters that show nothing do not.
/// </summary>
public static class Words
{
    private const int MaxEmojiNameLength = 100;
    private const char VariationSelector16 = '\uFE0F';
    private const char Keycap = '\u20E3';

    /// <summary>Whether a text says something.</summary>
    public static bool AreIn(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            if (text[0] == ':' && EmojiNameLength(text) is var name and > 0)
            {
                text = text[name..];
                continue;
            }

            Rune.DecodeFromUtf16(text, out var rune, out var length);
            text = text[length..];
            if (IsOfAWord(rune) && !IsKeycap(rune, text)) return true;
        }

        return false;
    }

    private static bool IsOfAWord(Rune rune) => rune.Value switch
    {
        // Letters by Unicode's book that show nothing: Hangul's fillers.
        0x115F or 0x1160 or 0x3164 or 0xFFA0 => false,
        0x2139 => false, // the letter i in a box, an emoji
        > 0x2800 and <= 0x28FF => true, // Braille, of which the first pattern is blank, counts as symbols
        _ => Rune.GetUnicodeCategory(rune) is UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
            or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter or UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber
            or UnicodeCategory.OtherNumber,
    };

    /// <summary>Whether a digit is one on a key, which is an emoji.</summary>
    private static bool IsKeycap(Rune rune, ReadOnlySpan<char> rest) =>
        Rune.IsDigit(rune) && (rest is [Keycap, ..] || rest is [VariationSelector16, Keycap, ..]);

    /// <summary>The length of <c>:name:</c> at the beginning of a text; 0 when there is none.</summary>
    private static int EmojiNameLength(ReadOnlySpan<char> text)
    {
        var end = text[1..Math.Min(text.Length, MaxEmojiNameLength + 2)].IndexOf(':') + 1;
        if (end < 2) return 0;
        foreach (var rune in text[1..end].EnumerateRunes())
        {
            if (!Rune.IsLetterOrDigit(rune) && rune.Value is not ('_' or '-' or '+' or '\'')) return 0;
        }

        return end + 1;
    }
}
