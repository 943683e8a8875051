using System.Text.Json.Nodes;
using StudyTracker.Sandbox.Ledger;
using StudyTracker.Sandbox.Workspaces;

namespace StudyTracker.Sandbox.WebApi;

/// <summary><c>conversations.history</c> and <c>conversations.replies</c>.</summary>
internal sealed class HistoryMethods(SandboxLedger ledger) : IApiMethods
{
    private const int MaxPage = 999;
    private static readonly string[] _scopes = ["channels:history", "groups:history", "im:history", "mpim:history"];

    public IEnumerable<ApiMethod> Methods =>
    [
        // Its page says JSON too, but there are reports that JSON was refused: a caller that relies on it shall be seen here.
        new("conversations.history", Tier.Three, Body.Form, _scopes, ["channel"], History),
        new("conversations.replies", Tier.Three, Body.Form, _scopes, ["channel", "ts"], Replies),
    ];

    private ApiAnswer History(Workspace workspace, ApiArguments arguments)
    {
        var (channel, refused) = Channels.ForReading(workspace, arguments);
        if (channel is null) return ApiAnswer.Error(refused!);
        var all = ledger.Messages(workspace.Id, channel.Id);
        // Replies stand in their thread, not in the channel.
        var (page, next, problem) = Page(arguments, all.Where(message => message.ThreadTs is null || message.ThreadTs == message.Ts).Reverse(), newestFirst: true);
        if (page is null) return ApiAnswer.Error(problem!);

        var replies = all.Where(message => message.ThreadTs is not null && message.ThreadTs != message.Ts).ToLookup(message => message.ThreadTs);
        var withMetadata = arguments.Flag("include_all_metadata");
        var answer = new JsonObject
        {
            ["messages"] = new JsonArray([.. page.Select(message => WithThread(MessageJson.Of(workspace, message, withMetadata), message, [.. replies[message.Ts]]))]),
            ["has_more"] = next.Length > 0,
            ["pin_count"] = 0,
            ["channel_actions_ts"] = null,
            ["channel_actions_count"] = 0,
        };
        if (next.Length > 0) answer["response_metadata"] = Paging.Metadata(next);
        return ApiAnswer.Ok(answer);
    }

    private ApiAnswer Replies(Workspace workspace, ApiArguments arguments)
    {
        var (channel, refused) = Channels.ForReading(workspace, arguments);
        if (channel is null) return ApiAnswer.Error(refused!);
        if (arguments.Text("ts") is not { } ts || ledger.FindMessage(workspace.Id, channel.Id, ts) is not { } root) return ApiAnswer.Error("thread_not_found");
        var replies = ledger.Messages(workspace.Id, channel.Id).Where(message => message.ThreadTs == ts && message.Ts != ts).ToList();
        var (page, next, problem) = Page(arguments, [root, .. replies], newestFirst: false);
        if (page is null) return ApiAnswer.Error(problem!);

        var withMetadata = arguments.Flag("include_all_metadata");
        var answer = new JsonObject
        {
            ["messages"] = new JsonArray([.. page.Select(message => WithThread(
                MessageJson.Of(workspace, message, withMetadata), message, message == root ? replies : []))]),
            ["has_more"] = next.Length > 0,
        };
        if (next.Length > 0) answer["response_metadata"] = Paging.Metadata(next);
        return ApiAnswer.Ok(answer);
    }

    private static (IReadOnlyList<ChannelMessage>? Page, string NextCursor, string? Error) Page(
        ApiArguments arguments, IEnumerable<ChannelMessage> messages, bool newestFirst)
    {
        if (!TryBound(arguments.Text("oldest"), long.MinValue, out var oldest)) return (null, "", "invalid_ts_oldest");
        if (!TryBound(arguments.Text("latest"), long.MaxValue, out var latest)) return (null, "", "invalid_ts_latest");
        if (arguments.Number("limit", 100, 1, MaxPage) is not { } limit) return (null, "", "invalid_limit");
        if (!Paging.TryRead(arguments.Text("cursor"), out var place) || (place is not null && SlackTimestamp.ToMicroseconds(place) is null))
            return (null, "", "invalid_cursor");

        // Both ends are exclusive unless inclusive is asked for; a cursor's never is part of the page before it.
        if (arguments.Flag("inclusive"))
        {
            if (oldest > long.MinValue) oldest--;
            if (latest < long.MaxValue) latest++;
        }

        var from = SlackTimestamp.ToMicroseconds(place);
        var found = messages
            .Where(message => SlackTimestamp.ToMicroseconds(message.Ts) is { } at && at > oldest && at < latest
                && (from is null || (newestFirst ? at < from : at > from)))
            .Take(limit + 1)
            .ToList();
        return found.Count > limit ? (found[..limit], Paging.Write(found[limit - 1].Ts), null) : (found, "", null);
    }

    private static bool TryBound(string? ts, long otherwise, out long bound)
    {
        // That there is no time (0000000000.000000, as last_read says it) is not taken for one.
        var at = ts == "0000000000.000000" ? null : SlackTimestamp.ToMicroseconds(ts);
        bound = ts is null ? otherwise : at ?? 0;
        return ts is null || at is not null;
    }

    private static JsonObject WithThread(JsonObject json, ChannelMessage message, List<ChannelMessage> replies)
    {
        if (replies.Count == 0) return json;
        var people = replies.Select(reply => reply.UserId).Distinct().ToList();
        json["thread_ts"] = message.Ts;
        json["reply_count"] = replies.Count;
        json["reply_users_count"] = people.Count;
        json["latest_reply"] = replies[^1].Ts;
        json["reply_users"] = new JsonArray([.. people.Select(id => JsonValue.Create(id))]);
        json["is_locked"] = false;
        json["subscribed"] = false;
        return json;
    }
}
