using System.Globalization;
using System.Text;

namespace StudyTracker.Summarizer.Summaries;

/// <summary>
/// Texts without what a reader does not see and is misled by. Invisible characters that a script or an emoji needs stay: joiners,
/// marks of direction, variation selectors, the tags of a flag.
/// </summary>
internal static class VisibleText
{
    private const int BlackFlag = 0x1F3F4;
    private const int CancelTag = 0xE007F;
    private const int BlankBraille = 0x2800;

    /// <summary>The text on one line, valid for every encoding, with nothing in it that turns or hides writing.</summary>
    public static string Of(string text)
    {
        var visible = new StringBuilder(text.Length);
        var isFlag = false;
        foreach (var rune in text.EnumerateRunes()) // half a surrogate pair comes as U+FFFD
        {
            var isTag = rune.Value is >= 0xE0001 and <= CancelTag;
            if (Rune.IsControl(rune) || Rune.IsWhiteSpace(rune)) visible.Append(' ');
            else if (isTag ? isFlag : !IsHidden(rune)) visible.Append(rune);
            isFlag = rune.Value == BlackFlag || (isFlag && isTag && rune.Value != CancelTag);
        }

        return visible.ToString();
    }

    /// <summary>Whether anything of a text is seen.</summary>
    public static bool HasInk(string text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value is BlankBraille or 0x115F or 0x1160 or 0x3164 or 0xFFA0) continue;
            if (!Rune.IsWhiteSpace(rune) && Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Format or UnicodeCategory.Control)) return true;
        }

        return false;
    }

    /// <summary>Embeddings, overrides and isolates of direction, their deprecated kin, annotations, and the byte order mark.</summary>
    private static bool IsHidden(Rune rune) =>
        rune.Value is (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x206F) or (>= 0xFFF9 and <= 0xFFFB) or 0xFEFF;
}
