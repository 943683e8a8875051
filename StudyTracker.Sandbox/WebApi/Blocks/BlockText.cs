using System.Text.Json;

namespace StudyTracker.Sandbox.WebApi.Blocks;

/// <summary>The text in blocks.</summary>
internal static class BlockText
{
    /// <summary>Every piece of text that is seen, in order.</summary>
    public static IEnumerable<string> Of(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Array => json.EnumerateArray().SelectMany(Of),
        JsonValueKind.Object => json.EnumerateObject().SelectMany(member => member switch
        {
            { Name: "text", Value.ValueKind: JsonValueKind.String } => [member.Value.GetString()!],
            { Value.ValueKind: JsonValueKind.Object or JsonValueKind.Array } => Of(member.Value),
            _ => [],
        }),
        _ => [],
    };

    /// <summary>The text that Slack makes for a message that has blocks only.</summary>
    public static string Fallback(JsonElement blocks) => string.Join(' ', blocks.EnumerateArray()
        .Where(block => block.TryGetProperty("type", out var type) && type.GetString() is "section" or "header" or "context" or "rich_text" or "markdown")
        .SelectMany(Of));
}
