using System.Text.Json;

namespace StudyTracker.Summarizer.Summaries;

/// <summary>In which language a member reads. The languages are those of <c>languages.json</c>; English is always one.</summary>
/// <param name="Code">Two letters, as locales begin with.</param>
/// <param name="Style">What the model is told about it.</param>
/// <param name="Extract">What stands in place of feedback under an <see cref="Extract"/>.</param>
internal sealed record Language(string Code, string Style, string Extract)
{
    public const string Korean = "ko";
    public const string English = "en";

    /// <summary>All of them, by code.</summary>
    public static IReadOnlyDictionary<string, Language> All { get; } = Load();

    /// <summary>By the member's Slack locale; without one, by the language of what they wrote.</summary>
    public static string Of(string? locale, IEnumerable<string> texts)
    {
        if (!string.IsNullOrEmpty(locale))
        {
            var code = locale.Split('-', '_')[0].ToLowerInvariant();
            return All.ContainsKey(code) ? code : English;
        }

        var (hangul, latin) = (0, 0);
        foreach (var letter in texts.SelectMany(text => text))
        {
            if (letter is (>= '가' and <= '힣') or (>= 'ᄀ' and <= 'ᇿ') or (>= '㄰' and <= '㆏')) hangul++;
            else if (char.IsAsciiLetter(letter)) latin++;
        }

        // Korean notes on programming are full of English terms: a fifth of Hangul is enough.
        return hangul > 0 && hangul * 4 >= latin ? Korean : English;
    }

    private static Dictionary<string, Language> Load()
    {
        using var resource = typeof(Language).Assembly.GetManifestResourceStream("languages.json")!;
        return JsonSerializer.Deserialize(resource, PromptJson.Default.LanguageArray)!.ToDictionary(language => language.Code);
    }
}
