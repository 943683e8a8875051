using System.Globalization;
using StudyTracker.Contracts;

namespace StudyTracker.Notifier.Messages;

/// <summary>Texts in Slack's markdown: escaped, and cut where nothing is torn apart.</summary>
internal static class SlackText
{
    /// <summary>The three characters that Slack gives a meaning; with them gone, no text can mention or link anything.</summary>
    public static string Escape(string text) => text
        .Replace("&", "&amp;", StringComparison.Ordinal)
        .Replace("<", "&lt;", StringComparison.Ordinal)
        .Replace(">", "&gt;", StringComparison.Ordinal);

    /// <summary>Escapes as much of a text as fits: a cut afterwards could go through an entity or a link.</summary>
    public static string EscapeWithin(string text, int length)
    {
        var escaped = Escape(text);
        // An escaped character is at most five long, so this ends after a few turns.
        for (var kept = text.Length; escaped.Length > length; escaped = Escape(Cut(text, kept)))
            kept = Math.Min(kept - 1, Math.Max(2, kept - (escaped.Length - length) / 5));
        return escaped;
    }

    /// <summary>At most so many characters, with an ellipsis in place of what is left out.</summary>
    public static string Cut(string text, int length)
    {
        if (text.Length <= length) return text;
        var end = char.IsHighSurrogate(text[length - 2]) ? length - 2 : length - 1;
        return text[..end] + "…";
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
}
