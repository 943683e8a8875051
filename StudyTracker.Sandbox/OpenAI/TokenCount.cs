namespace StudyTracker.Sandbox.OpenAI;

/// <summary>
/// Tokens, roughly as OpenAI's tokenizers count them, without their tables: four characters of ASCII make one, four of any
/// other script three.
/// </summary>
internal static class TokenCount
{
    private const int QuartersOfOther = 3;

    /// <summary>Tokens of a text, rounded up.</summary>
    public static int Of(string text) => (Quarters(text) + 3) / 4;

    /// <summary>The longest beginning of a text with no more than so many tokens; no character is cut in two.</summary>
    public static string Cut(string text, int tokens)
    {
        var left = tokens * 4L;
        for (var length = 0; length < text.Length; length++)
        {
            left -= char.IsAscii(text[length]) ? 1 : QuartersOfOther;
            if (left < 0) return text[..(length > 0 && char.IsHighSurrogate(text[length - 1]) ? length - 1 : length)];
        }

        return text;
    }

    private static int Quarters(string text)
    {
        var other = 0;
        foreach (var character in text)
        {
            if (!char.IsAscii(character)) other++;
        }

        return text.Length + other * (QuartersOfOther - 1);
    }
}
