using System.Text;
using StudyTracker.Texts;

namespace StudyTracker.Summarizer.Summaries;

/// <summary>
/// How many tokens a text costs, estimated on the high side for every tokenizer in use, without their tables. English
/// words have some four letters to a token and are counted with three; a Hangul syllable costs half a token to two and is
/// counted with one and a half; everything else is counted by its bytes in UTF-8, which no tokenizer exceeds.
/// </summary>
internal static class TokenEstimate
{
    // In sixths of a token, so that everything stays whole.
    private const int Letter = 2;
    private const int Syllable = 9;
    private const int Byte = 6;

    // Backslash, u and four digits for each half of a surrogate pair.
    private const int JsonEscapeLength = 6;

    /// <summary>Tokens of a text, rounded up.</summary>
    public static int Of(string text)
    {
        long sixths = 0;
        foreach (var rune in text.EnumerateRunes()) sixths += Sixths(rune);
        return (int)Math.Min(int.MaxValue, (sixths + 5) / 6);
    }

    /// <summary>Tokens of a text as a JSON string, in which some characters are escaped.</summary>
    public static int OfJson(string text)
    {
        long sixths = 0;
        foreach (var rune in text.EnumerateRunes()) sixths += JsonSixths(rune);
        return (int)Math.Min(int.MaxValue, (sixths + 5) / 6);
    }

    /// <summary>
    /// The longest beginning of a text that costs no more than so many tokens as a JSON string; no character is cut in two, nor
    /// what is read as one.
    /// </summary>
    public static string Cut(string text, int tokens)
    {
        long left = tokens * 6L;
        var length = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            left -= JsonSixths(rune);
            if (left < 0) break;
            length += rune.Utf16SequenceLength;
        }

        return Graphemes.Beginning(text, Math.Min(length, text.Length));
    }

    private static int JsonSixths(Rune rune) => rune.Value switch
    {
        '"' or '\\' or '\n' or '\r' or '\t' or '\b' or '\f' => 2 * Byte,
        _ when PromptJson.Encoder.WillEncode(rune.Value) => JsonEscapeLength * rune.Utf16SequenceLength * Byte,
        _ => Sixths(rune),
    };

    private static int Sixths(Rune rune) => rune.Value switch
    {
        ' ' or (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') => Letter,
        >= '가' and <= '힣' => Syllable,
        _ => rune.Utf8SequenceLength * Byte,
    };
}
