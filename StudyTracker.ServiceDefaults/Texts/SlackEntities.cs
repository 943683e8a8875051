using System.Text;

namespace StudyTracker.Texts;

/// <summary>The three characters that Slack gives a meaning, and how it writes them when they have none.</summary>
public static class SlackEntities
{
    /// <summary>Undoes the escaping, once: <c>&amp;amp;lt;</c> becomes <c>&amp;lt;</c>. What is no entity of Slack's stays.</summary>
    public static string Decode(ReadOnlySpan<char> text)
    {
        var plain = new StringBuilder(text.Length);
        while (text.IndexOf('&') is var at and >= 0)
        {
            plain.Append(text[..at]);
            text = text[at..];
            var (character, length) = text.StartsWith("&amp;") ? ('&', 5) : text.StartsWith("&lt;") ? ('<', 4) : text.StartsWith("&gt;") ? ('>', 4) : ('&', 1);
            plain.Append(character);
            text = text[length..];
        }

        return plain.Append(text).ToString();
    }

    /// <summary>Escapes a text, so that nothing in it mentions or links anything.</summary>
    public static string Escape(string text) => text.AsSpan().IndexOfAny('&', '<', '>') < 0
        ? text
        : text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);

    /// <summary>How long a text is when it is escaped.</summary>
    public static int EscapedLength(ReadOnlySpan<char> text)
    {
        var length = text.Length;
        foreach (var character in text) length += character switch { '&' => 4, '<' or '>' => 3, _ => 0 };
        return length;
    }
}
