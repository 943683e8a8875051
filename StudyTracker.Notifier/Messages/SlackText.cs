using System.Globalization;
using System.Text.RegularExpressions;
using StudyTracker.Contracts;
using StudyTracker.Texts;

namespace StudyTracker.Notifier.Messages;

/// <summary>Texts in Slack's markdown: shown as they are, escaped, and cut where nothing is torn apart.</summary>
internal static partial class SlackText
{
    private const string Ellipsis = "…";

    // Shows nothing and joins nothing else: Slack formats only what stands after a space or a sign.
    private const string WordJoiner = "\u2060";

    /// <summary>
    /// As much of a text as fits, so that a reader sees it as it is: whatever mentions or links is escaped, whatever formats is
    /// kept from it. Escaping comes before cutting: a cut afterwards could go through an entity.
    /// </summary>
    public static string Literal(string text, int length)
    {
        if (text.AsSpan().IndexOfAny('*', '_', '~') >= 0) text = Emphasis().Replace(text, match => match.Value[0] == '`' ? match.Value : WordJoiner + match.Value);
        if (text.StartsWith('>')) text = WordJoiner + text; // would be a quotation
        return EscapeWithin(text, length);
    }

    /// <summary>Escapes as much of a text as fits.</summary>
    public static string EscapeWithin(string text, int length)
    {
        if (SlackEntities.EscapedLength(text) <= length) return SlackEntities.Escape(text);
        var (kept, room) = (0, length - Ellipsis.Length);
        while (Graphemes.Next(text.AsSpan(kept)) is var next and > 0)
        {
            room -= SlackEntities.EscapedLength(text.AsSpan(kept, next));
            if (room < 0) break;
            kept += next;
        }

        return SlackEntities.Escape(text[..kept]) + Ellipsis;
    }

    /// <summary>Opens the message in whatever Slack the reader has, in the form of Slack's own permalinks.</summary>
    /// <param name="archive">What they begin with.</param>
    /// <param name="source">The message.</param>
    /// <param name="label">What the reader sees.</param>
    public static string Link(Uri archive, MessageRef source, string label)
    {
        var channel = Uri.EscapeDataString(source.Channel);
        var thread = source.ThreadTs is { } root && root != source.Ts ? $"?thread_ts={Uri.EscapeDataString(root)}&cid={channel}" : "";
        return $"<{Escape($"{archive}{channel}/p{Uri.EscapeDataString(source.Ts.Replace(".", "", StringComparison.Ordinal))}{thread}")}|{label}>";
    }

    /// <summary>A moment, which Slack shows by the reader's own clock.</summary>
    public static string Moment(DateTimeOffset at) => string.Create(
        CultureInfo.InvariantCulture, $"<!date^{at.ToUnixTimeSeconds()}^{{date_short_pretty}} {{time}}|{at.UtcDateTime:yyyy-MM-dd HH:mm} UTC>");

    // Code, which Slack leaves as it is, or else the sign before what it would make bold, slanted or struck through.
    [GeneratedRegex(@"`[^`\n]+`|(?<!\w)([*_~])(?=[^\s])(?=[^\n`]*[^\s]\1(?!\w))", RegexOptions.None)]
    private static partial Regex Emphasis();
}
