using System.Text.Json;
using System.Text.Json.Nodes;
using StudyTracker.Sandbox.Events;
using StudyTracker.Sandbox.Faults;
using StudyTracker.Sandbox.Ledger;
using StudyTracker.Sandbox.Workspaces;

namespace StudyTracker.Sandbox.WebApi;

/// <summary><c>chat.postMessage</c> and <c>chat.update</c>.</summary>
internal sealed class ChatMethods(
    SandboxLedger ledger,
    WorkspaceDirectory directory,
    SlackTimestamp timestamps,
    RateLimits limits,
    FaultInjector faults,
    TimeProvider time)
{
    private const int MaxPosted = 40_000;
    private const int MaxUpdated = 4_000;
    private const int MaxMetadataBytes = 16_384;

    public ApiAnswer PostMessage(Workspace workspace, ApiArguments arguments)
    {
        if (Resolve(workspace, arguments.Text("channel")) is not { } target) return ApiAnswer.Error("channel_not_found");
        if (target.UserId is not null && faults.Settings.PerUser.TryGetValue(target.UserId, out var forced)) return ApiAnswer.Error(forced);
        if (faults.Settings.RateLimits && limits.TakePost(workspace.Id, target.ChannelId) is { Ticks: > 0 } wait) return ApiAnswer.RateLimited(wait);

        var (content, problem) = Read(arguments);
        if (content is null) return problem!;
        var text = content.Text.Length > MaxPosted ? content.Text[..MaxPosted] : content.Text;
        var post = new PostAccepted(
            time.GetUtcNow(),
            workspace.Id,
            target.ChannelId,
            target.UserId,
            timestamps.Next(),
            text,
            content.Blocks,
            content.Metadata,
            arguments.Text("thread_ts"),
            CallLog.SummaryIdOf(content.Metadata));
        ledger.Record(post);
        return ApiAnswer.Ok(new JsonObject
        {
            ["channel"] = post.ChannelId,
            ["ts"] = post.Ts,
            ["message"] = MessageJson.Of(
                workspace,
                ledger.FindMessage(workspace.Id, post.ChannelId, post.Ts)!,
                withMetadata: true),
        });
    }

    public ApiAnswer Update(Workspace workspace, ApiArguments arguments)
    {
        if (Resolve(workspace, arguments.Text("channel")) is not { } target) return ApiAnswer.Error("channel_not_found");
        if (target.UserId is not null && faults.Settings.PerUser.TryGetValue(target.UserId, out var forced)) return ApiAnswer.Error(forced);
        if (arguments.Text("ts") is not { } ts || ledger.FindMessage(workspace.Id, target.ChannelId, ts) is not { } message)
            return ApiAnswer.Error("message_not_found");
        if (message.BotId != workspace.Seed.Bot.BotId) return ApiAnswer.Error("cant_update_message");

        var (content, problem) = Read(arguments);
        if (content is null) return problem!;
        if (content.Text.Length > MaxUpdated) return ApiAnswer.Error("msg_too_long");
        ledger.Record(new PostUpdated(time.GetUtcNow(), workspace.Id, target.ChannelId, ts, content.Text, content.Blocks, content.Metadata));
        return ApiAnswer.Ok(new JsonObject
        {
            ["channel"] = target.ChannelId,
            ["ts"] = ts,
            ["text"] = content.Text,
            ["message"] = MessageJson.Of(workspace, ledger.FindMessage(workspace.Id, target.ChannelId, ts) ?? message, withMetadata: true),
        });
    }

    /// <summary>The channel that is meant: a user's id stands for the app's direct conversation with that user.</summary>
    private (string ChannelId, string? UserId)? Resolve(Workspace workspace, string? channel)
    {
        if (channel is null) return null;
        if (workspace.DirectMessages.TryGetValue(channel, out var userId)) return (channel, userId);
        if (workspace.Channels.ContainsKey(channel)) return (channel, null);
        return SlackIds.IsWellFormed(channel, "UW") && directory.FindUserForCaller(workspace, channel) is { } user
            ? (workspace.DirectMessageId(user.Id), user.Id)
            : null;
    }

    private static (Content? Content, ApiAnswer? Problem) Read(ApiArguments arguments)
    {
        if (!arguments.TryJson("blocks", out var blocks)) return (null, ApiAnswer.Error("invalid_blocks_format"));
        if (!arguments.TryJson("metadata", out var metadata)) return (null, ApiAnswer.Error("invalid_metadata_format"));
        if (blocks is { ValueKind: JsonValueKind.Array } list && list.GetArrayLength() == 0) blocks = null;
        var text = arguments.Text("text");
        if (text is null && blocks is null && arguments.Text("attachments") is null) return (null, ApiAnswer.Error("no_text"));
        if (blocks is { } given && BlockRules.Problem(given, BlockRules.MaxInMessage) is { } problem)
            return (null, ApiAnswer.Error("invalid_blocks", $"[ERROR] {problem}"));
        if (metadata is { } extra)
        {
            if (extra.ValueKind != JsonValueKind.Object
                || !extra.TryGetProperty("event_type", out var type) || type.ValueKind != JsonValueKind.String
                || !extra.TryGetProperty("event_payload", out var payload) || payload.ValueKind != JsonValueKind.Object)
                return (null, ApiAnswer.Error("invalid_metadata_format"));
            if (extra.GetRawText().Length > MaxMetadataBytes) return (null, ApiAnswer.Error("metadata_too_large"));
        }

        return (new Content(text ?? "", blocks, metadata), null);
    }

    private sealed record Content(string Text, JsonElement? Blocks, JsonElement? Metadata);
}

/// <summary>A message as the Web API shows it.</summary>
internal static class MessageJson
{
    public static JsonObject Of(Workspace workspace, ChannelMessage message, bool withMetadata)
    {
        var json = new JsonObject
        {
            ["type"] = "message",
            ["user"] = message.UserId,
            ["text"] = message.Text,
            ["ts"] = message.Ts,
            ["team"] = workspace.Id,
        };
        if (message.BotId is not null)
        {
            json["bot_id"] = message.BotId;
            json["app_id"] = SlackEnvelope.AppId;
        }

        if (message.ThreadTs is not null) json["thread_ts"] = message.ThreadTs;
        if (message.EditedTs is not null) json["edited"] = new JsonObject { ["user"] = message.UserId, ["ts"] = message.EditedTs };
        if (message.Blocks is { } blocks) json["blocks"] = JsonNode.Parse(blocks.GetRawText());
        if (withMetadata && message.Metadata is { } metadata) json["metadata"] = JsonNode.Parse(metadata.GetRawText());
        return json;
    }
}
