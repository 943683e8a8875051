using StudyTracker.Summarizer.Storage;

namespace StudyTracker.Summarizer.Summaries;

/// <summary>In which language a member reads.</summary>
internal static class Language
{
    public const string Korean = "ko";
    public const string English = "en";

    /// <summary>By the member's Slack locale; without one, by the language of the messages.</summary>
    public static string Of(string? locale, IEnumerable<Message> messages)
    {
        if (!string.IsNullOrEmpty(locale)) return locale.StartsWith(Korean, StringComparison.OrdinalIgnoreCase) ? Korean : English;
        var (hangul, latin) = (0, 0);
        foreach (var letter in messages.SelectMany(message => message.Text))
        {
            if (letter is (>= '가' and <= '힣') or (>= 'ᄀ' and <= 'ᇿ') or (>= '㄰' and <= '㆏')) hangul++;
            else if (char.IsAsciiLetter(letter)) latin++;
        }

        // Korean notes on programming are full of English terms: a fifth of Hangul is enough.
        return hangul > 0 && hangul * 4 >= latin ? Korean : English;
    }
}
