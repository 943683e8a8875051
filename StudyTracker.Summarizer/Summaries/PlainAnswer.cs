using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace StudyTracker.Summarizer.Summaries;

/// <summary>A model's text with nothing in it that acts in Slack, however it got there.</summary>
internal static partial class PlainAnswer
{
    private const int MaxLength = 600;
    private const int ZeroWidthJoiner = 0x200D; // holds emoji together

    /// <summary>
    /// Plain text of bounded length on one line: no mentions, links or fences, nothing invisible. What is left is escaped
    /// where it is rendered.
    /// </summary>
    public static string Clean(string text)
    {
        var visible = new StringBuilder(text.Length);
        foreach (var rune in text.Normalize().EnumerateRunes())
        {
            if (Rune.IsControl(rune) || Rune.IsWhiteSpace(rune)) visible.Append(' ');
            else if (Rune.GetUnicodeCategory(rune) != UnicodeCategory.Format || rune.Value == ZeroWidthJoiner) visible.Append(rune);
        }

        // Twice: what stands around something removed may have been written to become it.
        var flat = Strip(Strip(visible.ToString()));
        var trimmed = (flat.Contains("  ", StringComparison.Ordinal) ? Spaces().Replace(flat, " ") : flat).Trim();
        if (trimmed.Length <= MaxLength) return trimmed;
        var end = char.IsHighSurrogate(trimmed[MaxLength - 2]) ? MaxLength - 2 : MaxLength - 1;
        return trimmed[..end] + "…";
    }

    private static string Strip(string text)
    {
        // Most texts have none of it, and a look for one character costs far less than a pattern.
        if (text.Contains('<', StringComparison.Ordinal))
            text = SlackMarkup().Replace(text, match => match.Groups["label"].Success ? match.Groups["label"].Value : "");
        if (text.Contains(':', StringComparison.Ordinal) || text.Contains("www.", StringComparison.OrdinalIgnoreCase)) text = Address().Replace(text, "");
        if (text.AsSpan().ContainsAny('`', '*')) text = Fence().Replace(text, "");
        return text.AsSpan().ContainsAny('@', '＠') ? Mention().Replace(text, "$1") : text;
    }

    [GeneratedRegex(@"<[@#!][^<>]*>|<[a-z][a-z0-9+.-]*:[^<>|]*(\|(?<label>[^<>]*))?>", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase)]
    private static partial Regex SlackMarkup();

    [GeneratedRegex(@"[a-z][a-z0-9+.-]*://[^\s()]+|(?<![a-z0-9])(mailto:|www\.)[^\s()]+", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase)]
    private static partial Regex Address();

    [GeneratedRegex(@"[@＠](channel|here|everyone|group)(?![a-z0-9])", RegexOptions.IgnoreCase)]
    private static partial Regex Mention();

    [GeneratedRegex("`{3,}[a-z]*|\\*{2,}", RegexOptions.IgnoreCase)]
    private static partial Regex Fence();

    [GeneratedRegex(" {2,}")]
    private static partial Regex Spaces();
}
