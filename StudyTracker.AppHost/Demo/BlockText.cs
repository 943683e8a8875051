using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using StudyTracker.Texts;

namespace StudyTracker.AppHost.Demo;

/// <summary>Shows a Slack message as plain text: its Block Kit, or its text when it has none.</summary>
internal static partial class BlockText
{
    /// <summary>The message, a line a block element.</summary>
    public static IReadOnlyList<string> Lines(JsonElement? blocks, string text) =>
        blocks is { ValueKind: JsonValueKind.Array } array
            ? [.. array.EnumerateArray().SelectMany(Lines)]
            : [.. Plain(text).Split('\n')];

    /// <summary>Breaks a line at spaces, so that it fits; wide letters, such as Hangul, count double.</summary>
    public static IEnumerable<string> Wrap(string line, int columns)
    {
        var current = new StringBuilder();
        var used = 0;
        foreach (var word in line.Split(' '))
        {
            var width = word.EnumerateRunes().Sum(Columns);
            if (used > 0 && used + 1 + width > columns)
            {
                yield return current.ToString();
                current.Clear();
                used = 0;
            }

            if (used > 0)
            {
                current.Append(' ');
                used++;
            }

            current.Append(word);
            used += width;
        }

        yield return current.ToString();
    }

    private static IEnumerable<string> Lines(JsonElement block)
    {
        switch (block.GetProperty("type").GetString())
        {
            case "divider":
                return ["────"];
            case "context":
                return [string.Join("  ", block.GetProperty("elements").EnumerateArray().Select(TextOf))];
            case "header":
                return [TextOf(block.GetProperty("text")), ""];
            case "section":
                var fields = block.TryGetProperty("fields", out var list) ? list.EnumerateArray().Select(TextOf) : [];
                var text = block.TryGetProperty("text", out var own) ? TextOf(own).Split('\n') : [];
                return [.. text, .. fields, ""];
            default:
                return [];
        }
    }

    private static string TextOf(JsonElement element) =>
        element.TryGetProperty("text", out var text) && text.ValueKind == JsonValueKind.String ? Plain(text.GetString()!) : "";

    /// <summary>
    /// Without Slack's markup: links and dates by their label, bold as it is, entities as what they stand for. A word joiner, which keeps
    /// Slack from formatting what follows it, shows nothing.
    /// </summary>
    private static string Plain(string text) =>
        SlackEntities.Decode(Bold().Replace(Markup().Replace(text, "${label}"), "${text}")).Replace("\u2060", "", StringComparison.Ordinal);

    // Hangul, CJK, full-width forms and emoji take two columns of a terminal.
    private static int Columns(Rune rune) => rune.Value
        is (>= 0x1100 and <= 0x115F) or (>= 0x2E80 and <= 0xA4CF) or (>= 0xAC00 and <= 0xD7A3) or (>= 0xF900 and <= 0xFAFF)
        or (>= 0xFE30 and <= 0xFE6F) or (>= 0xFF00 and <= 0xFF60) or (>= 0x1F300 and <= 0x1FAFF) ? 2 : 1;

    [GeneratedRegex(@"<[^<>|]*\|(?<label>[^<>]*)>", RegexOptions.ExplicitCapture)]
    private static partial Regex Markup();

    [GeneratedRegex(@"(?<![\w*\u2060])\*(?<text>[^*\n]+)\*(?![\w*])", RegexOptions.ExplicitCapture)]
    private static partial Regex Bold();
}
