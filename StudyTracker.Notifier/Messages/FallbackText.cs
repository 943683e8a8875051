using System.Text;

namespace StudyTracker.Notifier.Messages;

/// <summary>The text beside a message's blocks, or instead of them.</summary>
internal static class FallbackText
{
    /// <summary>
    /// What chat.update takes; over it, it answers msg_too_long. Its page says characters, but it counts bytes of UTF-8: a Korean text has a
    /// third of the room of an English one.
    /// </summary>
    public const int MaxBytes = 4_000;

    /// <summary>Escapes as much of a text as fits.</summary>
    public static string Within(string text)
    {
        // A char has at most three bytes, so that this comes near in a few turns and never falls short by more than an emoji.
        for (var length = MaxBytes; ; length--)
        {
            var escaped = SlackText.EscapeWithin(text, length);
            var excess = Encoding.UTF8.GetByteCount(escaped) - MaxBytes;
            if (excess <= 0) return escaped;
            length = Math.Min(length, escaped.Length) - excess / 3;
        }
    }
}
