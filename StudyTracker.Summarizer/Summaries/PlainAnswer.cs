using System.Text.RegularExpressions;
using StudyTracker.Texts;

namespace StudyTracker.Summarizer.Summaries;

/// <summary>
/// A model's text with nothing in it that acts in Slack, however it got there: no mentions, broadcasts or links, nothing that
/// turns the writing around it. All else stays as it was written, so that what a learner is quoted with comes back: code, every
/// script, emoji. What is left is escaped where it is rendered.
/// </summary>
internal static partial class PlainAnswer
{
    private const int MaxLength = 600;

    // Nothing of what is left of a text that is longer would be shown.
    private const int MaxReadLength = 8_000;

    /// <summary>Plain text on one line, of bounded length, which stays the same when it is cleaned again; empty when nothing of it shows.</summary>
    public static string Clean(string text)
    {
        var before = Graphemes.Beginning(text, MaxReadLength);
        // Until nothing changes: what stands around something removed may have been written to become it. Every turn takes
        // something away for good: a bracket, a scheme, a sign.
        while (true)
        {
            var after = Graphemes.Shorten(Flat(Strip(VisibleText.Of(before))), MaxLength);
            if (after == before) return VisibleText.HasInk(after) ? after : "";
            before = after;
        }
    }

    private static string Flat(string text) => (text.Contains("  ", StringComparison.Ordinal) ? Spaces().Replace(text, " ") : text).Trim(' ');

    private static string Strip(string text)
    {
        // Most texts have none of it, and a look for one character costs far less than a pattern.
        if (text.Contains('<', StringComparison.Ordinal)) text = Markup().Replace(text, Shown);
        if (text.Contains(':', StringComparison.Ordinal)) text = Scheme().Replace(text, "");
        if (text.Contains("www.", StringComparison.OrdinalIgnoreCase)) text = Www().Replace(text, "");
        if (text.Contains("```", StringComparison.Ordinal)) text = Fence().Replace(text, "`");
        if (text.Contains("**", StringComparison.Ordinal)) text = Bold().Replace(text, "$1");
        return text.AsSpan().ContainsAny('@', '＠') ? Broadcast().Replace(text, "$1") : text;
    }

    /// <summary>What a reader sees of Slack's markup; what only looks like markup stays.</summary>
    private static string Shown(Match match)
    {
        var inner = match.ValueSpan[1..^1];
        if (match.Groups["label"] is { Success: true, ValueSpan: var label } && match.Groups["link"].Success && !label.IsWhiteSpace()) return label.ToString();
        return SlackReference.Read(inner) is { } reference ? reference.Text : match.Value;
    }

    // As strict as Slack is about its ids and commands: List<@Nullable T>, <!-- comments --> and vector<std::string> are code.
    [GeneratedRegex(
        @"<(?:(?-i:@[UWB][A-Z0-9]+|#[CDG][A-Z0-9]+)|!(?:here|channel|everyone|group|(?:subteam|date)\^[^<>|]*)|(?<link>(?:[a-z][a-z0-9+.-]*://|mailto:|tel:)[^<>|]*))(?:\|(?<label>[^<>]*))?>",
        RegexOptions.IgnoreCase)]
    private static partial Regex Markup();

    // Those that Slack takes for links by itself.
    [GeneratedRegex(@"(?<![a-z0-9])(?:(?:https?|s?ftps?|slack|file|webcal|skype|facetime)://+|mailto:(?=[^\s@]+@))", RegexOptions.IgnoreCase)]
    private static partial Regex Scheme();

    [GeneratedRegex(@"(?<![a-z0-9.])www\.(?=[a-z0-9])", RegexOptions.IgnoreCase)]
    private static partial Regex Www();

    [GeneratedRegex("`{3,}")]
    private static partial Regex Fence();

    // Bold as most models write it. **kwargs and a ** b are code.
    [GeneratedRegex(@"(?<![^\s(\[""'])\*\*(?![\s*])([^*]*[^\s*])\*\*(?![^\s.,;:!?)\]""'])")]
    private static partial Regex Bold();

    [GeneratedRegex(@"(?<![a-z0-9_])[@＠]+(channel|here|everyone)(?![a-z0-9_])", RegexOptions.IgnoreCase)]
    private static partial Regex Broadcast();

    [GeneratedRegex(" {2,}")]
    private static partial Regex Spaces();
}
