using System.Text;
using System.Text.Json.Nodes;
using StudyTracker.Sandbox.Faults;
using StudyTracker.Sandbox.Ledger;
using StudyTracker.Sandbox.Workspaces;

namespace StudyTracker.Sandbox.WebApi;

/// <summary><c>chat.postMessage</c>, <c>chat.update</c>, <c>chat.delete</c>, <c>chat.postEphemeral</c> and <c>chat.getPermalink</c>.</summary>
internal sealed class ChatMethods(
    SandboxLedger ledger,
    Channels channels,
    SlackTimestamp timestamps,
    RateLimits limits,
    FaultInjector faults,
    TimeProvider time) : IApiMethods
{
    private const int MaxPosted = 40_000;

    // Slack's page says characters; measured, it is bytes of UTF-8 (openclaw, pull request 115027).
    private const int MaxUpdatedBytes = 4_000;

    private static readonly string[] _write = ["chat:write"];

    public IEnumerable<ApiMethod> Methods =>
    [
        new("chat.postMessage", Tier.OfItsOwn, Body.FormOrJson, _write, ["channel"], PostMessage),
        new("chat.update", Tier.Three, Body.FormOrJson, _write, ["channel", "ts"], Update),
        new("chat.delete", Tier.Three, Body.FormOrJson, _write, ["channel", "ts"], Delete),
        new("chat.postEphemeral", Tier.Four, Body.FormOrJson, _write, ["channel", "user"], PostEphemeral),
        new("chat.getPermalink", Tier.Special, Body.Form, [], ["channel", "message_ts"], Permalink),
    ];

    private ApiAnswer PostMessage(Workspace workspace, ApiArguments arguments)
    {
        var (target, refused) = channels.ForPosting(workspace, arguments);
        if (target is null) return ApiAnswer.Error(refused!);
        if (faults.Settings.RateLimits && limits.TakePost(workspace.Id, target.Id) is { Ticks: > 0 } wait) return ApiAnswer.RateLimited(wait);
        if (ThreadProblem(workspace, target.Id, arguments.Text("thread_ts")) is { } threadProblem) return ApiAnswer.Error(threadProblem);
        var (content, problem) = ChatContent.Read(arguments);
        if (content is null) return problem!;

        var text = Cut(content.Text ?? "", MaxPosted);
        var post = new PostAccepted(
            time.GetUtcNow(),
            workspace.Id,
            target.Id,
            target.UserId,
            timestamps.Next(),
            text,
            ChatContent.NotEmpty(content.Blocks),
            ChatContent.NotEmpty(content.Metadata),
            arguments.Text("thread_ts"),
            CallLog.SummaryIdOf(content.Metadata),
            ChatContent.NotEmpty(content.Attachments));
        ledger.Record(post);
        var answer = ApiAnswer.Ok(new JsonObject
        {
            ["channel"] = post.ChannelId,
            ["ts"] = post.Ts,
            ["message"] = MessageJson.Of(workspace, ledger.FindMessage(workspace.Id, post.ChannelId, post.Ts)!, withMetadata: true),
        });
        if (text.Length < (content.Text?.Length ?? 0)) answer.Warn("message_truncated");
        return answer;
    }

    private ApiAnswer Update(Workspace workspace, ApiArguments arguments)
    {
        var (message, channelId, refused) = FindOwn(workspace, arguments, "cant_update_message");
        if (message is null) return ApiAnswer.Error(refused!);
        var (content, problem) = ChatContent.Read(arguments);
        if (content is null) return problem!;
        if (Encoding.UTF8.GetByteCount(content.Text ?? "") > MaxUpdatedBytes) return ApiAnswer.Error("msg_too_long");

        var updated = new PostUpdated(
            time.GetUtcNow(),
            workspace.Id,
            channelId,
            message.Ts,
            content.Text ?? message.Text,
            ChatContent.NotEmpty(content.Blocks ?? message.Blocks),
            ChatContent.NotEmpty(content.Metadata ?? message.Metadata),
            ChatContent.NotEmpty(content.Attachments ?? message.Attachments));
        ledger.Record(updated);
        return ApiAnswer.Ok(new JsonObject
        {
            ["channel"] = channelId,
            ["ts"] = message.Ts,
            ["text"] = updated.Text,
            ["message"] = MessageJson.Of(workspace, ledger.FindMessage(workspace.Id, channelId, message.Ts) ?? message, withMetadata: true),
        });
    }

    private ApiAnswer Delete(Workspace workspace, ApiArguments arguments)
    {
        var (message, channelId, refused) = FindOwn(workspace, arguments, "cant_delete_message");
        if (message is null) return ApiAnswer.Error(refused!);
        ledger.Record(new PostDeleted(time.GetUtcNow(), workspace.Id, channelId, message.Ts));
        return ApiAnswer.Ok(new JsonObject { ["channel"] = channelId, ["ts"] = message.Ts });
    }

    /// <summary>Only one person sees it, and no method can read it again.</summary>
    private ApiAnswer PostEphemeral(Workspace workspace, ApiArguments arguments)
    {
        var (target, refused) = channels.ForPosting(workspace, arguments);
        if (target is null) return ApiAnswer.Error(refused!);
        var user = arguments.Text("user");
        if (user is null || !workspace.Learners.ContainsKey(user) || (target.UserId is not null && target.UserId != user))
            return ApiAnswer.Error("user_not_in_channel");
        if (ThreadProblem(workspace, target.Id, arguments.Text("thread_ts")) is { } threadProblem) return ApiAnswer.Error(threadProblem);
        var (content, problem) = ChatContent.Read(arguments);
        if (content is null) return problem!;
        var ts = timestamps.Next();
        ledger.Record(new EphemeralPosted(
            time.GetUtcNow(), workspace.Id, target.Id, user, workspace.Seed.Bot.UserId, ts, content.Text ?? "", ChatContent.NotEmpty(content.Blocks)));
        return ApiAnswer.Ok(new JsonObject { ["message_ts"] = ts });
    }

    private ApiAnswer Permalink(Workspace workspace, ApiArguments arguments)
    {
        if (Channels.Find(workspace, arguments.Text("channel")) is not { } channel) return ApiAnswer.Error("channel_not_found");
        if (arguments.Text("message_ts") is not { } ts || ledger.FindMessage(workspace.Id, channel.Id, ts) is not { } message)
            return ApiAnswer.Error("message_not_found");
        var thread = message.ThreadTs is { } root && root != ts ? $"?thread_ts={root}&cid={channel.Id}" : "";
        return ApiAnswer.Ok(new JsonObject
        {
            ["channel"] = channel.Id,
            ["permalink"] = $"{workspace.Url}archives/{channel.Id}/p{ts.Replace(".", "", StringComparison.Ordinal)}{thread}",
        });
    }

    /// <summary>The app's own message that is to be changed. Unlike a post, it is not found by a user's id or a channel's name.</summary>
    private (ChannelMessage? Message, string ChannelId, string? Error) FindOwn(Workspace workspace, ApiArguments arguments, string notOurs)
    {
        if (Channels.Find(workspace, arguments.Text("channel")) is not { } target) return (null, "", "channel_not_found");
        if (target.UserId is { } userId && faults.Settings.PerUser.TryGetValue(userId, out var forced)) return (null, "", forced);
        if (arguments.Text("ts") is not { } ts || ledger.FindMessage(workspace.Id, target.Id, ts) is not { } message) return (null, "", "message_not_found");
        return message.BotId == workspace.Seed.Bot.BotId ? (message, target.Id, null) : (null, "", notOurs);
    }

    private string? ThreadProblem(Workspace workspace, string channelId, string? threadTs) =>
        threadTs is null ? null
        : SlackTimestamp.ToMicroseconds(threadTs) is null ? "invalid_thread_ts"
        : ledger.FindMessage(workspace.Id, channelId, threadTs) is null ? "thread_not_found"
        : null;

    /// <summary>So many characters at most, none of them torn apart.</summary>
    private static string Cut(string text, int max)
    {
        if (text.Length <= max) return text;
        var length = 0;
        foreach (var rune in text.EnumerateRunes().Take(max)) length += rune.Utf16SequenceLength;
        return text[..length];
    }
}
