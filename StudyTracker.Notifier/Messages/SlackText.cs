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

    /// <summary>Opens the message in whatever Slack the reader has.</summary>
    public static string Link(string teamId, MessageRef source, string label) => string.Create(
        CultureInfo.InvariantCulture,
        $"<https://slack.com/app_redirect?team={Uri.EscapeDataString(teamId)}&channel={Uri.EscapeDataString(source.Channel)}&message_ts={Uri.EscapeDataString(source.Ts)}|{label}>");

    /// <summary>A moment, which Slack shows by the reader's own clock.</summary>
    public static string Moment(DateTimeOffset at) => string.Create(
        CultureInfo.InvariantCulture, $"<!date^{at.ToUnixTimeSeconds()}^{{date_short_pretty}} {{time}}|{at.UtcDateTime:yyyy-MM-dd HH:mm} UTC>");
}
