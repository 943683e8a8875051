using System.Globalization;
using System.Text.Json;
using StudyTracker.Texts;

namespace StudyTracker.Summarizer.Intake;

/// <summary>
/// Reads a message's blocks as text. A rich text has no entities and no markup; what is in the other blocks is written as in a
/// text. What is of no known form is passed by.
/// </summary>
internal static class RichText
{
    private const int SpacesAnIndent = 4;

    /// <summary>A list of blocks.</summary>
    public static PlainWords Read(JsonPlace blocks, ReadOnlyMemory<byte> json)
    {
        using var document = blocks.Parse(json);
        return document is null ? new("", false) : Read(document.RootElement);
    }

    /// <summary>The list of blocks that a property of an object holds.</summary>
    public static PlainWords Read(JsonElement owner, string name) => Read(List(owner, name));

    private static PlainWords Read(JsonElement blocks)
    {
        var plain = new PlainWordsBuilder();
        foreach (var block in Elements(blocks)) WriteBlock(plain, block);
        return plain.Words;
    }

    private static void WriteBlock(PlainWordsBuilder plain, JsonElement block)
    {
        switch (PlainText.Of(block, "type"))
        {
            case "rich_text":
                foreach (var part in Elements(List(block, "elements"))) WritePart(plain, part);
                break;
            case "markdown":
                WriteLine(plain, SlackMarkup.Read(PlainText.Of(block, "text")));
                break;
            case "section" or "header" or "context":
                foreach (var text in TextObjects(block)) WriteLine(plain, SlackMarkup.Read(PlainText.Of(text, "text")));
                break;
            case "table":
                foreach (var row in Elements(List(block, "rows"))) WriteRow(plain, row);
                break;
        }
    }

    private static IEnumerable<JsonElement> TextObjects(JsonElement block)
    {
        if (block.TryGetProperty("text", out var text)) yield return text;
        foreach (var field in Elements(List(block, "fields"))) yield return field;
        foreach (var element in Elements(List(block, "elements"))) yield return element;
    }

    private static void WritePart(PlainWordsBuilder plain, JsonElement part)
    {
        switch (PlainText.Of(part, "type"))
        {
            case "rich_text_list":
                WriteList(plain, part);
                break;
            case "rich_text_preformatted":
                WriteLine(plain, part, "```", "```");
                break;
            case "rich_text_quote":
                WriteLine(plain, part, "> ", "");
                break;
            default:
                WriteLine(plain, part, "", "");
                break;
        }
    }

    private static void WriteList(PlainWordsBuilder plain, JsonElement list)
    {
        var isOrdered = PlainText.Of(list, "style") == "ordered";
        var number = Number(list, "offset");
        var indent = new string(' ', SpacesAnIndent * Math.Clamp(Number(list, "indent"), 0, 8));
        foreach (var item in Elements(List(list, "elements")))
            WriteLine(plain, item, isOrdered ? string.Create(CultureInfo.InvariantCulture, $"{indent}{++number}. ") : $"{indent}• ", "");
    }

    private static void WriteRow(PlainWordsBuilder plain, JsonElement row)
    {
        NewLine(plain);
        var between = "";
        foreach (var cell in Elements(row))
        {
            plain.Name(between);
            between = " | ";
            foreach (var part in Elements(List(cell, "elements"))) WriteInline(plain, part);
            plain.Write(PlainText.Of(cell, "text"));
        }
    }

    private static void WriteLine(PlainWordsBuilder plain, JsonElement part, string before, string after)
    {
        NewLine(plain);
        plain.Name(before);
        WriteInline(plain, part);
        plain.Name(after);
    }

    private static void WriteLine(PlainWordsBuilder plain, PlainWords words)
    {
        if (words.Text.Length == 0) return;
        NewLine(plain);
        plain.Add(words);
    }

    private static void NewLine(PlainWordsBuilder plain)
    {
        if (plain.Length > 0) plain.Name("\n");
    }

    /// <summary>The pieces of a paragraph.</summary>
    private static void WriteInline(PlainWordsBuilder plain, JsonElement paragraph)
    {
        foreach (var piece in Elements(List(paragraph, "elements"))) RichTextPiece.Write(plain, piece);
    }

    private static int Number(JsonElement owner, string name) =>
        owner.ValueKind == JsonValueKind.Object && owner.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number
        && value.TryGetInt32(out var number) && number is >= 0 and < 1_000_000 ? number : 0;

    private static JsonElement List(JsonElement owner, string name) =>
        owner.ValueKind == JsonValueKind.Object && owner.TryGetProperty(name, out var list) ? list : default;

    private static JsonElement.ArrayEnumerator Elements(JsonElement list) => list.ValueKind == JsonValueKind.Array ? list.EnumerateArray() : default;
}
