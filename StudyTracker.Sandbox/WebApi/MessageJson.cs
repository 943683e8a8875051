using System.Text.Json.Nodes;
using StudyTracker.Sandbox.Events;
using StudyTracker.Sandbox.Ledger;
using StudyTracker.Sandbox.Workspaces;

namespace StudyTracker.Sandbox.WebApi;

/// <summary>A message as the Web API shows it.</summary>
internal static class MessageJson
{
    public static JsonObject Of(Workspace workspace, ChannelMessage message, bool withMetadata)
    {
        var json = new JsonObject { ["type"] = "message" };
        if (message.Files is not null) json["subtype"] = "file_share";
        json["user"] = message.UserId;
        json["text"] = message.Text;
        json["ts"] = message.Ts;
        json["team"] = workspace.Id;
        if (message.BotId is null) json["client_msg_id"] = SlackIds.DeriveUuid($"{workspace.Id}:{message.Ts}");
        else AddBot(json, workspace, message.BotId);

        if (message.ThreadTs is not null) json["thread_ts"] = message.ThreadTs;
        if (message.EditedTs is not null) json["edited"] = new JsonObject { ["user"] = message.UserId, ["ts"] = message.EditedTs };
        if (message.Blocks is { } blocks) json["blocks"] = SandboxJson.ToNode(blocks);
        else if (message.BotId is null && message.Text.Length > 0) json["blocks"] = RichText.Of(message.Text, message.Ts);
        if (message.Attachments is { } attachments) json["attachments"] = SandboxJson.ToNode(attachments);
        if (message.Files is { } files) json["files"] = SandboxJson.ToNode(files);
        if (message.Reactions.Count > 0)
        {
            json["reactions"] = new JsonArray([.. message.Reactions.GroupBy(reaction => reaction.Name).Select(reaction => new JsonObject
            {
                ["name"] = reaction.Key,
                ["users"] = new JsonArray([.. reaction.Select(one => JsonValue.Create(one.UserId))]),
                ["count"] = reaction.Count(),
            })]);
        }

        if (withMetadata && message.Metadata is { } metadata) json["metadata"] = SandboxJson.ToNode(metadata);
        return json;
    }

    private static void AddBot(JsonObject json, Workspace workspace, string botId)
    {
        json["bot_id"] = botId;
        json["app_id"] = SlackEnvelope.AppId;
        json["bot_profile"] = new JsonObject
        {
            ["id"] = botId,
            ["app_id"] = SlackEnvelope.AppId,
            ["name"] = workspace.Seed.Bot.Name,
            ["deleted"] = false,
            ["team_id"] = workspace.Id,
        };
    }
}
