using System.Text.Json;
using StudyTracker.Texts;

namespace StudyTracker.Summarizer.Intake;

/// <summary>Reads a message's attachments: messages that it forwards, and what Slack has found behind its links.</summary>
internal static class Attachments
{
    private const string Quoted = "Quoted from someone else";
    private const string Forwarded = "Forwarded from another place";
    private const string Linked = "Linked page";

    public static void Read(MessageFields message, ReadOnlyMemory<byte> json, AttachedText attached)
    {
        using var attachments = message.Attachments.Parse(json);
        if (attachments is null) return;
        foreach (var attachment in attachments.RootElement.EnumerateArray())
        {
            if (Is(attachment, "is_share") || Is(attachment, "is_msg_unfurl")) ReadMessage(attachment, message.User, attached);
            else attached.Mention(Linked, Described(attachment));
            if (attachment.ValueKind == JsonValueKind.Object && attachment.TryGetProperty("files", out var files)) Files.Read(files, attached);
        }
    }

    private static void ReadMessage(JsonElement attachment, string? writer, AttachedText attached)
    {
        var author = PlainText.Of(attachment, "author_id");
        var isOwn = author.Length > 0 && author == writer;
        var words = SlackMarkup.Read(PlainText.Of(attachment, "text"));
        if (!words.SaysSomething) words = OfBlocks(attachment);
        if (!words.SaysSomething) words = SlackMarkup.Read(PlainText.Of(attachment, "fallback"));
        attached.Say(isOwn ? Forwarded : Quoted, words);
    }

    private static string Described(JsonElement attachment)
    {
        var title = SlackMarkup.Read(PlainText.Of(attachment, "title")).Text;
        var text = SlackMarkup.Read(PlainText.Of(attachment, "text")).Text;
        if (title.Length + text.Length == 0) text = OfBlocks(attachment).Text;
        if (title.Length + text.Length == 0) text = SlackMarkup.Read(PlainText.Of(attachment, "fallback")).Text;
        return title.Length == 0 || text.Length == 0 ? title + text : $"{title} - {text}";
    }

    /// <summary>The blocks of an attachment, or of the message in it.</summary>
    private static PlainWords OfBlocks(JsonElement attachment)
    {
        var words = RichText.Read(attachment, "blocks");
        if (words.SaysSomething || attachment.ValueKind != JsonValueKind.Object
            || !attachment.TryGetProperty("message_blocks", out var messages) || messages.ValueKind != JsonValueKind.Array) return words;
        foreach (var one in messages.EnumerateArray())
        {
            if (one.ValueKind != JsonValueKind.Object || !one.TryGetProperty("message", out var message)) continue;
            words = RichText.Read(message, "blocks");
            if (words.SaysSomething) break;
        }

        return words;
    }

    private static bool Is(JsonElement attachment, string name) =>
        attachment.ValueKind == JsonValueKind.Object && attachment.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;
}
