using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using StudyTracker.Sandbox.Ledger;
using StudyTracker.Sandbox.Workspaces;

namespace StudyTracker.Sandbox.WebApi;

/// <summary><c>reactions.add</c>, <c>reactions.remove</c> and <c>reactions.get</c>, of messages; the Sandbox has no files to react to.</summary>
internal sealed partial class ReactionMethods(SandboxLedger ledger, TimeProvider time) : IApiMethods
{
    private const int MaxEmoji = 23;
    private static readonly string[] _write = ["reactions:write"];

    public IEnumerable<ApiMethod> Methods =>
    [
        new("reactions.add", Tier.Three, Body.FormOrJson, _write, ["channel", "name", "timestamp"], (workspace, arguments) => Change(workspace, arguments, isAdded: true)),
        new("reactions.remove", Tier.Two, Body.FormOrJson, _write, ["name"], (workspace, arguments) => Change(workspace, arguments, isAdded: false)),
        new("reactions.get", Tier.Three, Body.Form, ["reactions:read"], [], Get),
    ];

    private ApiAnswer Change(Workspace workspace, ApiArguments arguments, bool isAdded)
    {
        var (message, channelId, refused) = Find(workspace, arguments);
        if (message is null) return ApiAnswer.Error(refused!);
        // Any name that could be an emoji's is taken: a workspace may have emoji of its own.
        if (arguments.Text("name") is not { } name || !EmojiName().IsMatch(name)) return ApiAnswer.Error("invalid_name");
        var reaction = new Reaction(name, workspace.Seed.Bot.UserId);
        if (isAdded && message.Reactions.Contains(reaction)) return ApiAnswer.Error("already_reacted");
        if (!isAdded && !message.Reactions.Contains(reaction)) return ApiAnswer.Error("no_reaction");
        if (isAdded && message.Reactions.Select(one => one.Name).Append(name).Distinct().Count() > MaxEmoji) return ApiAnswer.Error("too_many_emoji");
        ledger.Record(new ReactionChanged(time.GetUtcNow(), workspace.Id, channelId, message.Ts, reaction, isAdded));
        return ApiAnswer.Ok();
    }

    private ApiAnswer Get(Workspace workspace, ApiArguments arguments)
    {
        var (message, channelId, refused) = Find(workspace, arguments);
        return message is null ? ApiAnswer.Error(refused!) : ApiAnswer.Ok(new JsonObject
        {
            ["type"] = "message",
            ["channel"] = channelId,
            ["message"] = MessageJson.Of(workspace, message, withMetadata: false),
        });
    }

    private (ChannelMessage? Message, string ChannelId, string? Error) Find(Workspace workspace, ApiArguments arguments)
    {
        if (arguments.Text("channel") is null || arguments.Text("timestamp") is not { } ts) return (null, "", "no_item_specified");
        var (channel, refused) = Channels.ForReading(workspace, arguments);
        if (channel is null) return (null, "", refused == "not_in_channel" ? "no_access" : refused);
        if (SlackTimestamp.ToMicroseconds(ts) is null) return (null, "", "bad_timestamp");
        return ledger.FindMessage(workspace.Id, channel.Id, ts) is { } message ? (message, channel.Id, null) : (null, "", "message_not_found");
    }

    [GeneratedRegex("^[a-z0-9_+'-]{1,100}(::skin-tone-[2-6])?$", RegexOptions.CultureInvariant)]
    private static partial Regex EmojiName();
}
