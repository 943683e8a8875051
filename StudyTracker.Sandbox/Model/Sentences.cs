using System.Globalization;
using System.Text.RegularExpressions;

namespace StudyTracker.Sandbox.Model;

/// <summary>Cuts what people wrote into sentences, and leaves them as they were written: code, links, emoji and all.</summary>
internal static partial class Sentences
{
    private const int MaxLength = 150;

    /// <summary>The sentences of a message, in their order.</summary>
    public static IEnumerable<string> Of(string text) =>
        Break().Split(text).Select(part => Bullet().Replace(part, "").Trim()).Where(part => part.Length > 0 && !Fence().IsMatch(part)).Select(Cut);

    /// <summary>Shortens to a length at the end of a word; what readers see as one character stays whole.</summary>
    public static string Cut(string sentence)
    {
        if (sentence.Length <= MaxLength) return sentence;
        var end = sentence.LastIndexOf(' ', MaxLength - 1);
        if (end < MaxLength / 2) end = LastBoundary(sentence, MaxLength - 1);
        return sentence[..end].TrimEnd(' ', ',', ';', ':', '·') + "…";
    }

    private static int LastBoundary(string text, int most)
    {
        var end = 0;
        while (StringInfo.GetNextTextElementLength(text.AsSpan(end)) is var length && end + length <= most) end += length;
        // Whoever piles up more marks on one letter than a sentence is long gets them cut all the same.
        return end > 0 ? end : most;
    }

    // A full stop ends a sentence only before a space, 2.5 and Program.cs stay whole, and not after the number of a list.
    [GeneratedRegex(@"(?<=[.!?。！？…])(?<!(?:^|\n)[ \t]*\d{1,2}\.)\s+|\s*[\r\n]+\s*")]
    private static partial Regex Break();

    [GeneratedRegex(@"^(?:[-*•▪·]\s+|\d{1,2}[.)]\s+|>\s*)+")]
    private static partial Regex Bullet();

    // The first or last line of a block of code, which says nothing by itself.
    [GeneratedRegex(@"^(?:```|~~~)\w*$")]
    private static partial Regex Fence();
}
