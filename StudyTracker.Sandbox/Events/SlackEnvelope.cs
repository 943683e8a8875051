using System.Text.Json.Nodes;
using StudyTracker.Sandbox.Workspaces;

namespace StudyTracker.Sandbox.Events;

/// <summary>Builds the JSON of Slack's Events API around a message.</summary>
internal static class SlackEnvelope
{
    /// <summary>The app that the events are for.</summary>
    public const string AppId = "A0STUDYTRAK";

    /// <summary>The request's body. Like Slack's it is ASCII: everything else is escaped.</summary>
    public static string Build(string eventId, SlackMessage message, Bot bot) => new JsonObject
    {
        ["token"] = "sandbox",
        ["team_id"] = message.TeamId,
        ["context_team_id"] = message.TeamId,
        ["context_enterprise_id"] = null,
        ["api_app_id"] = AppId,
        ["event"] = Event(message),
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
        ["event_context"] = $"4-{eventId}",
    }.ToJsonString();

    /// <summary>What an event of this message counts as.</summary>
    public static EventKind KindOf(SlackMessage message, SignatureMode signature) => (signature, message) switch
    {
        (SignatureMode.Wrong, _) => EventKind.WrongSignature,
        (SignatureMode.Missing, _) => EventKind.MissingSignature,
        (SignatureMode.Stale, _) => EventKind.StaleSignature,
        (_, { BotId: not null } or { Subtype: "bot_message" }) => EventKind.Bot,
        (_, { Subtype: "message_changed" }) => EventKind.Edit,
        (_, { Subtype: "message_deleted" }) => EventKind.Deletion,
        (_, { Subtype: null or "thread_broadcast" or "file_share" }) => EventKind.Study,
        _ => EventKind.OtherSubtype,
    };

    private static JsonObject Event(SlackMessage message)
    {
        var content = message.Subtype switch
        {
            "message_changed" => Changed(message),
            "message_deleted" => Deleted(message),
            _ => Written(message, message.Ts),
        };
        content["channel"] = message.ChannelId;
        content["event_ts"] = message.Ts;
        content["channel_type"] = message.ChannelId switch { ['D', ..] => "im", ['G', ..] => "group", _ => "channel" };
        return content;
    }

    private static JsonObject Written(SlackMessage message, string ts)
    {
        var content = new JsonObject { ["type"] = "message" };
        if (message.Subtype is not null and not "message_changed") content["subtype"] = message.Subtype;
        content["user"] = message.UserId;
        content["text"] = message.Text ?? "";
        content["ts"] = ts;
        content["team"] = message.TeamId;
        if (message.ThreadTs is not null) content["thread_ts"] = message.ThreadTs;
        if (message.BotId is not null)
        {
            content["bot_id"] = message.BotId;
            content["app_id"] = AppId;
        }
        else
        {
            content["client_msg_id"] = SlackIds.Derive("", $"{message.ChannelId}:{ts}").ToLowerInvariant();
        }

        return content;
    }

    private static JsonObject Changed(SlackMessage message)
    {
        var target = message.TargetTs ?? message.Ts;
        var changed = Written(message, target);
        changed["edited"] = new JsonObject { ["user"] = message.UserId, ["ts"] = message.Ts };
        return new JsonObject
        {
            ["type"] = "message",
            ["subtype"] = "message_changed",
            ["hidden"] = true,
            ["message"] = changed,
            ["previous_message"] = Previous(message, target),
            ["ts"] = message.Ts,
        };
    }

    private static JsonObject Deleted(SlackMessage message) => new()
    {
        ["type"] = "message",
        ["subtype"] = "message_deleted",
        ["hidden"] = true,
        ["deleted_ts"] = message.TargetTs,
        ["previous_message"] = Previous(message, message.TargetTs ?? message.Ts),
        ["ts"] = message.Ts,
    };

    private static JsonObject Previous(SlackMessage message, string ts)
    {
        var previous = new JsonObject { ["type"] = "message", ["user"] = message.UserId, ["text"] = "", ["ts"] = ts, ["team"] = message.TeamId };
        if (message.ThreadTs is not null) previous["thread_ts"] = message.ThreadTs;
        return previous;
    }
}
