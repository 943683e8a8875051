using System.Globalization;
using System.Text;
using System.Text.Json;
using StudyTracker.Texts;

namespace StudyTracker.Summarizer.Intake;

/// <summary>Reads a piece of a paragraph of rich text: words, or what stands for somebody or something.</summary>
internal static class RichTextPiece
{
    public static void Write(PlainWordsBuilder plain, JsonElement piece)
    {
        switch (PlainText.Of(piece, "type"))
        {
            case "user":
                plain.Name(SlackReference.Someone);
                break;
            case "usergroup":
                plain.Name(SlackReference.SomeGroup);
                break;
            case "channel":
                plain.Name(SlackReference.SomeChannel);
                break;
            case "broadcast":
                SlackReference.Broadcast(PlainText.Of(piece, "range")).WriteTo(plain);
                break;
            case "emoji":
                plain.Name(Emoji(piece));
                break;
            case "link":
                plain.Write(SlackLink.Read(PlainText.Of(piece, "url"), PlainText.Of(piece, "text")) ?? PlainText.Of(piece, "text"));
                break;
            case "date":
                plain.Write(PlainText.Of(piece, "fallback"));
                break;
            case "color":
                plain.Write(PlainText.Of(piece, "value"));
                break;
            default:
                WriteText(plain, piece);
                break;
        }
    }

    private static void WriteText(PlainWordsBuilder plain, JsonElement piece)
    {
        var text = PlainText.Of(piece, "text");
        var isCode = piece.ValueKind == JsonValueKind.Object && piece.TryGetProperty("style", out var style) && style.ValueKind == JsonValueKind.Object
            && style.TryGetProperty("code", out var code) && code.ValueKind == JsonValueKind.True;
        if (isCode && text.Length > 0) text = $"`{text}`";
        plain.Write(text);
    }

    /// <summary>The emoji's own characters, when Slack names them; a workspace's own emoji has none.</summary>
    private static string Emoji(JsonElement piece)
    {
        var characters = new StringBuilder();
        foreach (var part in PlainText.Of(piece, "unicode").Split('-', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!int.TryParse(part, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) || !Rune.TryCreate(value, out var rune))
                return $":{PlainText.Of(piece, "name")}:";
            characters.Append(rune);
        }

        return characters.Length > 0 ? characters.ToString() : $":{PlainText.Of(piece, "name")}:";
    }
}
