using System.Text;
using System.Text.Json.Nodes;
using StudyTracker.Sandbox.Faults;
using StudyTracker.Sandbox.Ledger;
using StudyTracker.Sandbox.Workspaces;

namespace StudyTracker.Sandbox.WebApi;

/// <summary><c>conversations.open</c> and <c>conversations.history</c>.</summary>
internal sealed class ConversationMethods(SandboxLedger ledger, WorkspaceDirectory directory, FaultInjector faults)
{
    private const string CursorPrefix = "next_ts:";
    private const int MaxPage = 999;

    public ApiAnswer Open(Workspace workspace, ApiArguments arguments)
    {
        if (arguments.Text("channel") is { } channel)
        {
            return workspace.DirectMessages.TryGetValue(channel, out var member)
                ? Opened(channel, member)
                : ApiAnswer.Error("channel_not_found");
        }

        var users = arguments.List("users");
        if (users.Count == 0) return ApiAnswer.Error("users_list_not_supplied");
        if (users.Count > 1) return ApiAnswer.Error("too_many_users", "[ERROR] the sandbox has no group conversations");
        if (faults.Settings.PerUser.TryGetValue(users[0], out var forced)) return ApiAnswer.Error(forced);
        return directory.FindUserForCaller(workspace, users[0]) is { } user
            ? Opened(workspace.DirectMessageId(user.Id), user.Id)
            : ApiAnswer.Error("user_not_found");
    }

    public ApiAnswer History(Workspace workspace, ApiArguments arguments)
    {
        var channel = arguments.Text("channel");
        if (channel is null || !(workspace.DirectMessages.ContainsKey(channel) || workspace.Channels.ContainsKey(channel)))
            return ApiAnswer.Error("channel_not_found");
        if (!TryCursor(arguments.Text("cursor"), out var before)) return ApiAnswer.Error("invalid_cursor");

        var inclusive = arguments.Flag("inclusive") ? 1 : 0;
        // Both ends are exclusive unless inclusive is asked for; a cursor's never is part of the page before it.
        var oldest = SlackTimestamp.ToMicroseconds(arguments.Text("oldest")) - inclusive ?? long.MinValue;
        var latest = Math.Min(SlackTimestamp.ToMicroseconds(arguments.Text("latest")) + inclusive ?? long.MaxValue, before);
        var limit = Math.Clamp(arguments.Number("limit", 100), 1, MaxPage);

        // Replies stand in their thread, not in the channel.
        var found = ledger.Messages(workspace.Id, channel)
            .Where(message => message.ThreadTs is null || message.ThreadTs == message.Ts)
            .Where(message => SlackTimestamp.ToMicroseconds(message.Ts) is { } at && at > oldest && at < latest)
            .Reverse()
            .Take(limit + 1)
            .ToList();
        var page = found.Take(limit).ToList();
        var hasMore = found.Count > limit;
        var withMetadata = arguments.Flag("include_all_metadata");
        return ApiAnswer.Ok(new JsonObject
        {
            ["messages"] = new JsonArray([.. page.Select(message => MessageJson.Of(workspace, message, withMetadata))]),
            ["has_more"] = hasMore,
            ["pin_count"] = 0,
            ["response_metadata"] = new JsonObject { ["next_cursor"] = hasMore ? Cursor(page[^1].Ts) : "" },
        });
    }

    private static ApiAnswer Opened(string channelId, string userId) => ApiAnswer.Ok(new JsonObject
    {
        ["channel"] = new JsonObject { ["id"] = channelId, ["is_im"] = true, ["user"] = userId, ["is_open"] = true },
    });

    private static string Cursor(string ts) => Convert.ToBase64String(Encoding.ASCII.GetBytes(CursorPrefix + ts));

    private static bool TryCursor(string? cursor, out long before)
    {
        before = long.MaxValue;
        if (cursor is null) return true;
        var buffer = new byte[cursor.Length];
        if (!Convert.TryFromBase64String(cursor, buffer, out var length)) return false;
        var text = Encoding.ASCII.GetString(buffer, 0, length);
        if (!text.StartsWith(CursorPrefix, StringComparison.Ordinal) || SlackTimestamp.ToMicroseconds(text[CursorPrefix.Length..]) is not { } at) return false;
        before = at;
        return true;
    }
}
