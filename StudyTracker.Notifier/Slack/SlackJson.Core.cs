using System.Text.Json.Nodes;
using StudyTracker.Notifier.Messages;

namespace StudyTracker.Notifier.Slack;

/// <summary>The JSON of a message for chat.postMessage and chat.update.</summary>
internal static class SlackJson
{
    public static JsonObject Post(string channel, SlackMessage message)
    {
        var json = Content(channel, message);
        json["unfurl_links"] = false;
        json["unfurl_media"] = false;
        json["metadata"] = new JsonObject
        {
            ["event_type"] = SlackMetadata.EventType,
            ["event_payload"] = new JsonObject { [SlackMetadata.SummaryId] = $"{message.SummaryId}", [SlackMetadata.Revision] = message.Revision },
        };
        return json;
    }

    public static JsonObject Update(PostedMessage posted, SlackMessage message)
    {
        var json = Content(posted.Channel, message);
        json["ts"] = posted.Ts;
        json["parse"] = "none"; // as chat.postMessage does by itself
        return json;
    }

    private static JsonObject Content(string channel, SlackMessage message) => new()
    {
        ["channel"] = channel,
        ["text"] = message.Text,
        // An empty list, not none: an update without the field would leave the old blocks standing.
        ["blocks"] = new JsonArray([.. message.Blocks.Select(Block)]),
    };

    private static JsonNode Block(SlackBlock block) => block switch
    {
        HeaderBlock header => new JsonObject { ["type"] = "header", ["text"] = Text("plain_text", header.Text) },
        SectionBlock section => new JsonObject { ["type"] = "section", ["text"] = Markdown(section.Markdown) },
        ContextBlock context => new JsonObject { ["type"] = "context", ["elements"] = new JsonArray(Markdown(context.Markdown)) },
        ActionsBlock actions => new JsonObject
        {
            ["type"] = "actions",
            ["elements"] = new JsonArray([.. actions.Buttons.Select(button => new JsonObject
            {
                ["type"] = "button",
                ["action_id"] = button.ActionId,
                ["value"] = button.Value,
                ["text"] = Text("plain_text", button.Text),
            })]),
        },
        DividerBlock => new JsonObject { ["type"] = "divider" },
        _ => throw new ArgumentOutOfRangeException(nameof(block), block.GetType().Name, "No JSON is known for this block."),
    };

    /// <summary>Markdown in which nothing becomes a link or a mention that is not written as one.</summary>
    private static JsonObject Markdown(string text) => new() { ["type"] = "mrkdwn", ["text"] = text, ["verbatim"] = true };

    private static JsonObject Text(string type, string text) => new() { ["type"] = type, ["text"] = text };
}
