using System.Globalization;

namespace StudyTracker.Texts;

/// <summary>
/// Cuts texts between what a reader takes for characters: never within a surrogate pair, a flag, an emoji that is joined of
/// several, or a letter and its marks. Lengths are those of strings, in UTF-16 code units.
/// </summary>
public static class Graphemes
{
    /// <summary>
    /// The longest cluster that is kept whole. The longest emoji have 35 units; a letter with more marks than this is no letter
    /// any more, and would otherwise make every limit void.
    /// </summary>
    public const int MaxLength = 64;

    private const string Ellipsis = "…";

    /// <summary>The length of the cluster that a text begins with, at most <see cref="MaxLength"/>; 0 for an empty text.</summary>
    public static int Next(ReadOnlySpan<char> text)
    {
        // One letter after another needs no table.
        if (text.Length > 1 && char.IsAscii(text[0]) && text[0] != '\r' && char.IsAscii(text[1])) return 1;
        var length = StringInfo.GetNextTextElementLength(text.Length > MaxLength + 1 ? text[..(MaxLength + 1)] : text);
        return length <= MaxLength ? length : char.IsHighSurrogate(text[MaxLength - 1]) ? MaxLength - 1 : MaxLength;
    }

    /// <summary>How many units of a text fit into a length when no cluster is cut.</summary>
    public static int Fitting(ReadOnlySpan<char> text, int length)
    {
        if (text.Length <= length) return text.Length;
        var end = 0;
        while (Next(text[end..]) is var next && end + next <= length) end += next;
        return end;
    }

    /// <summary>The longest beginning of a text that is no longer than this.</summary>
    public static string Beginning(string text, int length) => text.Length <= length ? text : text[..Fitting(text, length)];

    /// <summary>A text of at most this length, 1 or more, with an ellipsis in place of what is left out.</summary>
    public static string Shorten(string text, int length) =>
        text.Length <= length ? text : string.Concat(text.AsSpan(0, Fitting(text, length - Ellipsis.Length)), Ellipsis);
}
