using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using StudyTracker.Sandbox.Workspaces;

namespace StudyTracker.Sandbox.Events;

/// <summary>The <c>rich_text</c> block that Slack puts beside the text of every message that a person writes.</summary>
internal static partial class RichText
{
    private const int IdLength = 5;

    /// <summary>The blocks for a text as Slack sends it.</summary>
    /// <param name="text">With entities and markup.</param>
    /// <param name="seed">What the block's id is made of, so that it stays the same.</param>
    public static JsonArray Of(string text, string seed) => new(new JsonObject
    {
        ["type"] = "rich_text",
        ["block_id"] = SlackIds.Derive("", seed)[..IdLength],
        ["elements"] = new JsonArray([.. Elements(text)]),
    });

    private static IEnumerable<JsonObject> Elements(string text)
    {
        var at = 0;
        foreach (Match fence in Fence().Matches(text))
        {
            foreach (var element in Lines(text[at..fence.Index])) yield return element;
            var code = Element("rich_text_preformatted", [Text(fence.Groups[1].Value.Trim('\n'))]);
            code["border"] = 0;
            yield return code;
            at = fence.Index + fence.Length;
        }

        foreach (var element in Lines(text[at..])) yield return element;
    }

    /// <summary>Lines of one kind together: quotes, bullets, and all others.</summary>
    private static IEnumerable<JsonObject> Lines(string text)
    {
        if (text.Length == 0) yield break;
        var lines = text.Split('\n');
        for (var from = 0; from < lines.Length;)
        {
            var kind = KindOf(lines[from]);
            var to = from + 1;
            while (to < lines.Length && KindOf(lines[to]) == kind) to++;
            var run = lines[from..to];
            from = to;
            switch (kind)
            {
                case LineKind.Bullet:
                    var list = Element("rich_text_list", run.Select(line => Element("rich_text_section", Parts(line[2..]))));
                    list["style"] = "bullet";
                    list["indent"] = 0;
                    list["border"] = 0;
                    yield return list;
                    break;
                case LineKind.Quote:
                    yield return Element("rich_text_quote", Parts(string.Join('\n', run.Select(line => line["&gt;".Length..].TrimStart(' ')))));
                    break;
                default:
                    var prose = string.Join('\n', run) + (from < lines.Length ? "\n" : "");
                    if (prose.Length > 0) yield return Element("rich_text_section", Parts(prose));
                    break;
            }
        }
    }

    private static LineKind KindOf(string line) =>
        line.StartsWith("• ", StringComparison.Ordinal) ? LineKind.Bullet
        : line.StartsWith("&gt;", StringComparison.Ordinal) ? LineKind.Quote
        : LineKind.Prose;

    private static IEnumerable<JsonObject> Parts(string text)
    {
        var at = 0;
        foreach (Match found in Part().Matches(text))
        {
            if (found.Index > at) yield return Text(text[at..found.Index]);
            yield return Special(found);
            at = found.Index + found.Length;
        }

        if (at < text.Length) yield return Text(text[at..]);
    }

    private static JsonObject Special(Match found)
    {
        if (found.Groups["code"] is { Success: true } code) return Styled(code.Value, "code");
        if (found.Groups["bold"] is { Success: true } bold) return Styled(bold.Value, "bold");
        if (found.Groups["italic"] is { Success: true } italic) return Styled(italic.Value, "italic");
        if (found.Groups["strike"] is { Success: true } strike) return Styled(strike.Value, "strike");
        if (found.Groups["emoji"] is { Success: true } emoji) return Leaf("emoji", "name", emoji.Value);

        var label = found.Groups["label"] is { Success: true } given ? Unescape(given.Value) : null;
        var target = found.Groups["target"].Value;
        return target[0] switch
        {
            '@' => Leaf("user", "user_id", target[1..]),
            '#' => Leaf("channel", "channel_id", target[1..]),
            '!' when target.StartsWith("!subteam^", StringComparison.Ordinal) => Leaf("usergroup", "usergroup_id", target["!subteam^".Length..]),
            '!' => Leaf("broadcast", "range", target[1..]),
            _ => Link(Unescape(target), label),
        };
    }

    private static JsonObject Link(string url, string? label)
    {
        var link = Leaf("link", "url", url);
        if (label is not null) link["text"] = label;
        return link;
    }

    private static JsonObject Styled(string text, string style)
    {
        var json = Text(text);
        json["style"] = new JsonObject { [style] = true };
        return json;
    }

    private static JsonObject Text(string text) => Leaf("text", "text", Unescape(text));

    private static JsonObject Leaf(string type, string name, string value) => new() { ["type"] = type, [name] = value };

    private static JsonObject Element(string type, IEnumerable<JsonObject> elements) =>
        new() { ["type"] = type, ["elements"] = new JsonArray([.. elements]) };

    /// <summary>In blocks there are no entities.</summary>
    private static string Unescape(string text) => text
        .Replace("&lt;", "<", StringComparison.Ordinal)
        .Replace("&gt;", ">", StringComparison.Ordinal)
        .Replace("&amp;", "&", StringComparison.Ordinal);

    [GeneratedRegex("```(.+?)```\n?", RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex Fence();

    [GeneratedRegex(
        """
        <(?<target>[^|<>\s][^|<>]*)(?:\|(?<label>[^<>]*))?>
        |`(?<code>[^`\n]+)`
        |(?<![\w*])\*(?<bold>[^\s*<>][^*\n<>]*)\*(?![\w*])
        |(?<![\w_])_(?<italic>[^\s_<>][^_\n<>]*)_(?![\w_])
        |(?<![\w~])~(?<strike>[^\s~<>][^~\n<>]*)~(?![\w~])
        |:(?<emoji>[a-z0-9_+'-]+):(?!\d)
        """,
        RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant)]
    private static partial Regex Part();

    private enum LineKind
    {
        Prose,
        Bullet,
        Quote,
    }
}
