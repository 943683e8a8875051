using System.Text.Json.Nodes;
using StudyTracker.Notifier.Messages;

namespace StudyTracker.Notifier.Slack;

/// <summary>The JSON of a message for chat.postMessage.</summary>
internal static class SlackJson
{
    public static JsonObject Post(string channel, SlackMessage message) => new()
    {
        ["channel"] = channel,
        ["text"] = message.Text,
        ["blocks"] = new JsonArray([.. message.Blocks.Select(Block)]),
        ["unfurl_links"] = false,
        ["unfurl_media"] = false,
        ["metadata"] = new JsonObject
        {
            ["event_type"] = SlackMetadata.EventType,
            ["event_payload"] = new JsonObject { [SlackMetadata.SummaryId] = $"{message.SummaryId}" },
        },
    };

    private static JsonNode Block(SlackBlock block) => block switch
    {
        HeaderBlock header => new JsonObject { ["type"] = "header", ["text"] = Text("plain_text", header.Text) },
        SectionBlock section => new JsonObject { ["type"] = "section", ["text"] = Text("mrkdwn", section.Markdown) },
        ContextBlock context => new JsonObject { ["type"] = "context", ["elements"] = new JsonArray(Text("mrkdwn", context.Markdown)) },
        DividerBlock => new JsonObject { ["type"] = "divider" },
        _ => throw new ArgumentOutOfRangeException(nameof(block), block.GetType().Name, "No JSON is known for this block."),
    };

    private static JsonObject Text(string type, string text) => new() { ["type"] = type, ["text"] = text };
}
