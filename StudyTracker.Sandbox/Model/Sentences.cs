using System.Net;
using System.Text.RegularExpressions;

namespace StudyTracker.Sandbox.Model;

/// <summary>Cuts what people wrote into sentences, without Slack's markup.</summary>
internal static partial class Sentences
{
    private const int MaxLength = 150;

    /// <summary>The sentences of a message, in their order.</summary>
    public static IEnumerable<string> Of(string text) =>
        Break().Split(Plain(text)).Select(part => Bullet().Replace(part, "").Trim()).Where(part => part.Length > 0).Select(Cut);

    /// <summary>Shortens to a length at the end of a word.</summary>
    public static string Cut(string sentence)
    {
        if (sentence.Length <= MaxLength) return sentence;
        var end = sentence.LastIndexOf(' ', MaxLength - 1);
        if (end < MaxLength / 2) end = MaxLength - 1;
        if (char.IsHighSurrogate(sentence[end - 1])) end--;
        return sentence[..end].TrimEnd(' ', ',', ';', ':', '·') + "…";
    }

    private static string Plain(string text)
    {
        text = Link().Replace(text, match => match.Groups["label"].Success ? match.Groups["label"].Value : match.Groups["target"].Value);
        text = Mention().Replace(text, "");
        text = Emoji().Replace(text, "");
        text = Emphasis().Replace(text, "");
        return WebUtility.HtmlDecode(Space().Replace(text, " "));
    }

    // A full stop ends a sentence only before a space: 2.5 and Program.cs stay whole.
    [GeneratedRegex(@"(?<=[.!?。！？…])\s+|\s*[\r\n]+\s*")]
    private static partial Regex Break();

    [GeneratedRegex(@"^(?:[-*•▪·]\s+|\d{1,2}[.)]\s+|&gt;\s*|>\s*)+")]
    private static partial Regex Bullet();

    [GeneratedRegex(@"<(?<target>(?:https?|mailto):[^|>]*)(?:\|(?<label>[^>]*))?>|<#[A-Z0-9]+\|(?<label>[^>]*)>")]
    private static partial Regex Link();

    [GeneratedRegex(@"<[@#!][^>]*>")]
    private static partial Regex Mention();

    [GeneratedRegex(@"(?<=^|\s):[a-z0-9_+\-]+:(?=\s|$)")]
    private static partial Regex Emoji();

    [GeneratedRegex(@"```|`|(?<![\p{L}\p{N}])[*_~]+(?=\S)|(?<=\S)[*_~]+(?![\p{L}\p{N}])")]
    private static partial Regex Emphasis();

    [GeneratedRegex(@"[ \t\u00A0]+")]
    private static partial Regex Space();
}
