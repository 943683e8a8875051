using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using StudyTracker.Sandbox.Workspaces;

namespace StudyTracker.Sandbox.WebApi.Blocks;

/// <summary>The elements of blocks, and the ids that Slack gives to those without.</summary>
internal static class BlockElements
{
    private const int IdLength = 5;

    /// <summary>A block's elements with their places in it: those of actions and context, an accessory, an input's.</summary>
    public static IEnumerable<(JsonElement Element, string Path)> Of(JsonElement block)
    {
        if (block.TryGetProperty("accessory", out var accessory)) yield return (accessory, "/accessory");
        if (block.TryGetProperty("element", out var element)) yield return (element, "/element");
        if (block.GetProperty("type").GetString() is not ("actions" or "context" or "context_actions")) yield break;
        var index = 0;
        foreach (var item in block.GetProperty("elements").EnumerateArray())
            yield return (item, string.Create(CultureInfo.InvariantCulture, $"/elements/{index++}"));
    }

    /// <summary>The blocks as Slack keeps them: each with a block_id, each thing that can be pressed with an action_id.</summary>
    public static JsonElement WithIds(JsonElement blocks)
    {
        var kept = SandboxJson.ToNode(blocks)!.AsArray();
        foreach (var block in kept.OfType<JsonObject>())
        {
            if (string.IsNullOrEmpty((string?)block["block_id"])) block["block_id"] = NewId();
            if (block["accessory"] is JsonObject accessory) GiveActionId(accessory);
            if (block["element"] is JsonObject element) GiveActionId(element);
            if ((string?)block["type"] != "actions" || block["elements"] is not JsonArray elements) continue;
            foreach (var item in elements.OfType<JsonObject>()) GiveActionId(item);
        }

        return JsonSerializer.SerializeToElement(kept);
    }

    private static void GiveActionId(JsonObject element)
    {
        if ((string?)element["type"] != "image" && string.IsNullOrEmpty((string?)element["action_id"])) element["action_id"] = NewId();
    }

    private static string NewId() => SlackIds.New("")[..IdLength];
}
