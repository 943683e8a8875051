using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using StudyTracker.Sandbox.Ledger;
using StudyTracker.Sandbox.Workspaces;

namespace StudyTracker.Sandbox.Events;

/// <summary>Builds the JSON of Slack's Events API around a message.</summary>
internal static class SlackEnvelope
{
    /// <summary>The app that the events are for.</summary>
    public const string AppId = "A0STUDYTRAK";

    /// <summary>The token that old apps verify requests by; ours go by signatures.</summary>
    public const string VerificationToken = "Jhj5dZrVaK7ZwHHjRyZWjbDl";

    /// <summary>The request's body. Like Slack's it is ASCII: everything else is escaped.</summary>
    /// <param name="eventId">Ev….</param>
    /// <param name="message">What it tells of.</param>
    /// <param name="previous">The message as it stood before, if it did.</param>
    /// <param name="bot">The app as a member.</param>
    public static string Build(string eventId, SlackMessage message, ChannelMessage? previous, Bot bot) => new JsonObject
    {
        ["token"] = VerificationToken,
        ["team_id"] = message.TeamId,
        ["context_team_id"] = message.TeamId,
        ["context_enterprise_id"] = null,
        ["api_app_id"] = AppId,
        ["event"] = Event(message, previous),
        ["type"] = "event_callback",
        ["event_id"] = eventId,
        ["event_time"] = SlackTimestamp.ToSeconds(message.Ts),
        ["authorizations"] = new JsonArray(new JsonObject
        {
            ["enterprise_id"] = null,
            ["team_id"] = message.TeamId,
            ["user_id"] = bot.UserId,
            ["is_bot"] = true,
            ["is_enterprise_install"] = false,
        }),
        ["is_ext_shared_channel"] = false,
        ["event_context"] = Context(message),
    }.ToJsonString();

    /// <summary>What an event of this message counts as.</summary>
    public static EventKind KindOf(SlackMessage message, SignatureMode signature) => (signature, message) switch
    {
        (SignatureMode.Wrong, _) => EventKind.WrongSignature,
        (SignatureMode.Missing, _) => EventKind.MissingSignature,
        (SignatureMode.Stale, _) => EventKind.StaleSignature,
        (_, { BotId: not null } or { Subtype: "bot_message" }) => EventKind.Bot,
        (_, { IsUnfurl: true }) => EventKind.Unfurl,
        (_, { Subtype: "message_changed" }) => EventKind.Edit,
        (_, { Subtype: "message_deleted" }) => EventKind.Deletion,
        (_, { Subtype: null or "thread_broadcast" or "file_share" }) => EventKind.Study,
        _ => EventKind.OtherSubtype,
    };

    private static string Context(SlackMessage message) => "4-" + Convert.ToBase64String(Encoding.UTF8.GetBytes(
        new JsonObject { ["et"] = "message", ["tid"] = message.TeamId, ["aid"] = AppId, ["cid"] = message.ChannelId }.ToJsonString())).TrimEnd('=');

    private static JsonObject Event(SlackMessage message, ChannelMessage? previous)
    {
        var content = message.Subtype switch
        {
            "message_changed" => Changed(message, previous),
            "message_deleted" => Deleted(message, previous),
            _ => Written(message),
        };
        content["channel"] = message.ChannelId;
        content["event_ts"] = message.Ts;
        content["channel_type"] = message.ChannelId switch { ['D', ..] => "im", ['G', ..] => "group", _ => "channel" };
        return content;
    }

    private static JsonObject Written(SlackMessage message)
    {
        var content = Body(message, message.Ts, message.Text ?? "", message.ThreadTs, message.Attachments, message.Files);
        if (message.Subtype is not null) content["subtype"] = message.Subtype;
        if (message.BotId is not null)
        {
            content["bot_id"] = message.BotId;
            content["app_id"] = AppId;
        }
        else
        {
            content["client_msg_id"] = SlackIds.DeriveUuid($"{message.TeamId}:{message.Ts}");
        }

        return content;
    }

    private static JsonObject Changed(SlackMessage message, ChannelMessage? previous)
    {
        var target = message.TargetTs ?? message.Ts;
        var text = message.IsUnfurl && previous is not null ? previous.Text : message.Text ?? "";
        var changed = Inner(message, target, text, message.ThreadTs ?? previous?.ThreadTs, message.Attachments ?? previous?.Attachments, previous?.Files);
        var editedTs = message.IsUnfurl ? previous?.EditedTs : message.Ts;
        if (editedTs is not null) changed["edited"] = new JsonObject { ["user"] = message.UserId, ["ts"] = editedTs };
        return new JsonObject
        {
            ["type"] = "message",
            ["subtype"] = "message_changed",
            ["hidden"] = true,
            ["message"] = changed,
            ["previous_message"] = Previous(message, target, previous),
            ["ts"] = message.Ts,
        };
    }

    private static JsonObject Deleted(SlackMessage message, ChannelMessage? previous) => new()
    {
        ["type"] = "message",
        ["subtype"] = "message_deleted",
        ["hidden"] = true,
        ["deleted_ts"] = message.TargetTs,
        ["previous_message"] = Previous(message, message.TargetTs ?? message.Ts, previous),
        ["ts"] = message.Ts,
    };

    private static JsonObject Previous(SlackMessage message, string ts, ChannelMessage? previous)
    {
        var inner = Inner(message, ts, previous?.Text ?? "", message.ThreadTs ?? previous?.ThreadTs, previous?.Attachments, previous?.Files);
        if (previous?.EditedTs is { } editedTs) inner["edited"] = new JsonObject { ["user"] = message.UserId, ["ts"] = editedTs };
        return inner;
    }

    /// <summary>A message inside of another one: Slack says there too which workspaces it has to do with.</summary>
    private static JsonObject Inner(SlackMessage message, string ts, string text, string? threadTs, JsonElement? attachments, JsonElement? files)
    {
        var inner = Body(message, ts, text, threadTs, attachments, files);
        if (files is not null) inner["subtype"] = "file_share";
        inner["client_msg_id"] = SlackIds.DeriveUuid($"{message.TeamId}:{ts}");
        inner["source_team"] = message.TeamId;
        inner["user_team"] = message.TeamId;
        return inner;
    }

    private static JsonObject Body(SlackMessage message, string ts, string text, string? threadTs, JsonElement? attachments, JsonElement? files)
    {
        var body = new JsonObject
        {
            ["type"] = "message",
            ["user"] = message.UserId,
            ["text"] = text,
            ["ts"] = ts,
            ["team"] = message.TeamId,
        };
        if (threadTs is not null) body["thread_ts"] = threadTs;
        if (text.Length > 0 && message.BotId is null) body["blocks"] = RichText.Of(text, ts);
        if (attachments is { } some) body["attachments"] = JsonNode.Parse(some.GetRawText());
        if (files is not { } shared) return body;
        body["files"] = JsonNode.Parse(shared.GetRawText());
        body["upload"] = false;
        body["display_as_bot"] = false;
        return body;
    }
}
