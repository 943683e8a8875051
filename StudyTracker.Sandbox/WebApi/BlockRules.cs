using System.Globalization;
using System.Text.Json;

namespace StudyTracker.Sandbox.WebApi;

/// <summary>Slack's rules for Block Kit, as far as they can be broken by what is too long, too many or missing.</summary>
internal static class BlockRules
{
    /// <summary>Blocks of a message.</summary>
    public const int MaxInMessage = 50;

    /// <summary>Blocks of a Home view.</summary>
    public const int MaxInHome = 100;

    private static readonly string[] _known =
        ["actions", "context", "divider", "file", "header", "image", "input", "markdown", "rich_text", "section", "table", "video"];

    /// <summary>What is wrong, in Slack's words with a JSON pointer; null when nothing is.</summary>
    public static string? Problem(JsonElement blocks, int maxBlocks)
    {
        if (blocks.ValueKind != JsonValueKind.Array) return "must be an array [json-pointer:/blocks]";
        if (blocks.GetArrayLength() > maxBlocks)
            return string.Create(CultureInfo.InvariantCulture, $"no more than {maxBlocks} items allowed [json-pointer:/blocks]");
        var index = 0;
        foreach (var block in blocks.EnumerateArray())
        {
            if (Block(block, string.Create(CultureInfo.InvariantCulture, $"/blocks/{index++}")) is { } problem) return problem;
        }

        return null;
    }

    private static string? Block(JsonElement block, string at)
    {
        if (block.ValueKind != JsonValueKind.Object) return Wrong("must be an object", at);
        var type = String(block, "type");
        if (!_known.Contains(type)) return Wrong($"unsupported type: {type}", $"{at}/type");
        if (Longer(block, "block_id", 255, at) is { } blockId) return blockId;
        return type switch
        {
            "header" => Text(block, "text", 150, $"{at}/text", "plain_text"),
            "section" => Section(block, at),
            "context" => Items(block, "elements", 10, at, (item, path) =>
                String(item, "type") == "image" ? null : Plain(item, 2_000, path)),
            "actions" => Items(block, "elements", 25, at, Element),
            _ => null,
        };
    }

    private static string? Section(JsonElement block, string at)
    {
        var hasText = block.TryGetProperty("text", out _);
        var hasFields = block.TryGetProperty("fields", out _);
        if (!hasText && !hasFields) return Wrong("missing required field: text", at);
        return (hasText ? Text(block, "text", 3_000, $"{at}/text", null) : null)
            ?? (hasFields ? Items(block, "fields", 10, at, (item, path) => Plain(item, 2_000, path)) : null)
            ?? (block.TryGetProperty("accessory", out var accessory) ? Element(accessory, $"{at}/accessory") : null);
    }

    private static string? Element(JsonElement element, string at) =>
        Longer(element, "action_id", 255, at)
        ?? Longer(element, "value", 2_000, at)
        ?? Longer(element, "url", 3_000, at)
        ?? (String(element, "type") == "button" ? Text(element, "text", 75, $"{at}/text", "plain_text") : null);

    private static string? Items(JsonElement block, string name, int max, string at, Func<JsonElement, string, string?> check)
    {
        if (!block.TryGetProperty(name, out var items) || items.ValueKind != JsonValueKind.Array || items.GetArrayLength() == 0)
            return Wrong($"missing required field: {name}", at);
        if (items.GetArrayLength() > max)
            return Wrong(string.Create(CultureInfo.InvariantCulture, $"no more than {max} items allowed"), $"{at}/{name}");
        var index = 0;
        foreach (var item in items.EnumerateArray())
        {
            if (check(item, string.Create(CultureInfo.InvariantCulture, $"{at}/{name}/{index++}")) is { } problem) return problem;
        }

        return null;
    }

    private static string? Text(JsonElement owner, string name, int max, string at, string? wantedType)
    {
        if (!owner.TryGetProperty(name, out var text)) return Wrong($"missing required field: {name}", at);
        if (wantedType is not null && String(text, "type") != wantedType) return Wrong($"must be of type {wantedType}", $"{at}/type");
        return Plain(text, max, at);
    }

    private static string? Plain(JsonElement text, int max, string at)
    {
        if (String(text, "type") is not ("plain_text" or "mrkdwn")) return Wrong("must be of type plain_text or mrkdwn", $"{at}/type");
        if (String(text, "text") is not { Length: > 0 }) return Wrong("must be more than 0 characters", $"{at}/text");
        return Longer(text, "text", max, at);
    }

    private static string? Longer(JsonElement owner, string name, int max, string at) =>
        String(owner, name) is { } text && text.Length > max
            ? Wrong(string.Create(CultureInfo.InvariantCulture, $"must be less than {max + 1} characters"), $"{at}/{name}")
            : null;

    private static string? String(JsonElement owner, string name) =>
        owner.ValueKind == JsonValueKind.Object && owner.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    private static string Wrong(string problem, string at) => $"{problem} [json-pointer:{at}]";
}
