using System.Text;
using StudyTracker.Texts;

namespace StudyTracker.Summarizer.Intake;

/// <summary>
/// Reads what a message says. Its text says all in nearly every message, and its blocks the same again: they are looked at only
/// when they may say more.
/// </summary>
internal static class ContentReader
{
    // What Slack writes where a client shows the blocks.
    private const string Placeholder = "This content can't be displayed.";

    public static MessageContent Read(MessageFields message, ReadOnlyMemory<byte> json, IntakeOptions limits)
    {
        var own = OwnWords(message, json);
        if (message.Attachments.Length == 0 && message.Files.Length == 0)
        {
            var text = Graphemes.Beginning(own.Text, limits.MaxTextLength);
            return new MessageContent(text, null, own.SaysSomething, text.Length < own.Text.Length);
        }

        var attached = new AttachedText(limits.MaxAttachedLength);
        Attachments.Read(message, json, attached);
        Files.Read(message.Files, json, attached);
        var (beginning, along) = (Graphemes.Beginning(own.Text, limits.MaxTextLength), attached.Text);
        return new MessageContent(
            beginning, along.Length > 0 ? along : null, own.SaysSomething || attached.SaysSomething, beginning.Length < own.Text.Length || attached.IsCut);
    }

    private static PlainWords OwnWords(MessageFields message, ReadOnlyMemory<byte> json)
    {
        var words = SlackMarkup.Read(message.Text == Placeholder ? "" : message.Text);
        if (message.Blocks.Length == 0 || (words.SaysSomething && message.Blocks.TextBytes <= SomewhatMore(message.TextBytes))) return words;
        var rich = RichText.Read(message.Blocks, json);
        if (words.SaysSomething) return Letters(rich.Text) > SomewhatMore(Letters(words.Text)) ? rich : words;
        return rich.Text.Length > 0 ? rich : words;
    }

    /// <summary>Blocks have to say more than this to be taken in place of the text: what is between them is of form only.</summary>
    private static int SomewhatMore(int size) => size + size / 4 + 8;

    private static int Letters(string text)
    {
        var letters = 0;
        foreach (var rune in text.EnumerateRunes()) letters += Rune.IsLetterOrDigit(rune) ? 1 : 0;
        return letters;
    }
}
