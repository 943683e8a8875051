using System.Text.Json.Nodes;
using StudyTracker.Sandbox.Faults;
using StudyTracker.Sandbox.Workspaces;

namespace StudyTracker.Sandbox.WebApi;

/// <summary><c>conversations.open</c>, <c>info</c>, <c>members</c>, <c>list</c>, and <c>users.conversations</c>.</summary>
internal sealed class ConversationMethods(WorkspaceDirectory directory, FaultInjector faults, TimeProvider time) : IApiMethods
{
    private const int MaxPage = 1_000, MaxGroup = 8;
    private static readonly string[] _read = ["channels:read", "groups:read", "im:read", "mpim:read"];
    private static readonly string[] _types = ["public_channel", "private_channel", "mpim", "im"];

    public IEnumerable<ApiMethod> Methods =>
    [
        new("conversations.open", Tier.Three, Body.FormOrJson, ["channels:manage", "groups:write", "im:write", "mpim:write"], [], Open),
        new("conversations.info", Tier.Three, Body.Form, _read, ["channel"], Info),
        new("conversations.members", Tier.Four, Body.Form, _read, ["channel"], Members),
        new("conversations.list", Tier.Two, Body.Form, _read, [], (workspace, arguments) => List(workspace, arguments, membersOnly: false)),
        new("users.conversations", Tier.Three, Body.Form, _read, [], (workspace, arguments) => List(workspace, arguments, membersOnly: true)),
    ];

    private ApiAnswer Open(Workspace workspace, ApiArguments arguments)
    {
        if (arguments.Text("channel") is { } channel)
        {
            return workspace.DirectMessages.TryGetValue(channel, out var member)
                ? Opened(workspace, channel, member, arguments)
                : ApiAnswer.Error("channel_not_found");
        }

        var users = arguments.List("users");
        if (users.Count == 0) return ApiAnswer.Error("users_list_not_supplied");
        if (users.Count > MaxGroup) return ApiAnswer.Error("too_many_users");
        // Group conversations are something that the Sandbox lacks.
        if (users.Count > 1) return ApiAnswer.Error("method_not_supported_for_channel_type");
        if (faults.Settings.PerUser.TryGetValue(users[0], out var forced)) return ApiAnswer.Error(forced);
        return directory.FindUserForCaller(workspace, users[0]) switch
        {
            null => ApiAnswer.Error("user_not_found"),
            { Deleted: true } => ApiAnswer.Error("user_disabled"),
            var user => Opened(workspace, workspace.DirectMessageId(user.Id), user.Id, arguments),
        };
    }

    private ApiAnswer Opened(Workspace workspace, string channelId, string userId, ApiArguments arguments) => ApiAnswer.Ok(new JsonObject
    {
        ["no_op"] = true,
        ["already_open"] = true,
        ["channel"] = arguments.Flag("return_im") ? Describe(workspace, new Conversation(channelId, userId, null)) : new JsonObject { ["id"] = channelId },
    });

    private ApiAnswer Info(Workspace workspace, ApiArguments arguments)
    {
        if (Channels.Find(workspace, arguments.Text("channel")) is not { } found) return ApiAnswer.Error("channel_not_found");
        var json = Describe(workspace, found);
        if (arguments.Flag("include_locale")) json["locale"] = workspace.Seed.Locale;
        if (arguments.Flag("include_num_members")) json["num_members"] = MemberIds(workspace, found).Count();
        return ApiAnswer.Ok(new JsonObject { ["channel"] = json });
    }

    private ApiAnswer Members(Workspace workspace, ApiArguments arguments)
    {
        if (Channels.Find(workspace, arguments.Text("channel")) is not { } found) return ApiAnswer.Error("channel_not_found");
        var (page, next, problem) = Paging.Page(arguments, MemberIds(workspace, found).Order(StringComparer.Ordinal), id => id, 100, MaxPage);
        return page is null ? ApiAnswer.Error(problem!) : ApiAnswer.Ok(new JsonObject
        {
            ["members"] = new JsonArray([.. page.Select(id => JsonValue.Create(id))]),
            ["response_metadata"] = Paging.Metadata(next),
        });
    }

    private ApiAnswer List(Workspace workspace, ApiArguments arguments, bool membersOnly)
    {
        var types = arguments.Text("types") is null ? ["public_channel"] : arguments.List("types");
        if (types.Except(_types).Any()) return ApiAnswer.Error("invalid_types");
        var listed = new List<Conversation>();
        if (types.Contains("public_channel")) listed.AddRange(workspace.Channels.Values.Where(channel => channel.Id[0] == 'C').Select(Of));
        if (types.Contains("private_channel")) listed.AddRange(workspace.Channels.Values.Where(channel => channel.Id[0] == 'G').Select(Of));
        if (types.Contains("im")) listed.AddRange(workspace.DirectMessages.Select(direct => new Conversation(direct.Key, direct.Value, null)));
        if (membersOnly) listed.RemoveAll(conversation => conversation.Channel is { IsMember: false });
        if (arguments.Flag("exclude_archived")) listed.RemoveAll(conversation => conversation.Channel is { IsArchived: true });
        listed.Sort((one, other) => string.CompareOrdinal(one.Id, other.Id));
        var (page, next, problem) = Paging.Page(arguments, listed, conversation => conversation.Id, 100, MaxPage - 1);
        return page is null ? ApiAnswer.Error(problem!) : ApiAnswer.Ok(new JsonObject
        {
            ["channels"] = new JsonArray([.. page.Select(conversation => Describe(workspace, conversation))]),
            ["response_metadata"] = Paging.Metadata(next),
        });

        static Conversation Of(SlackChannel channel) => new(channel.Id, null, channel);
    }

    private static IEnumerable<string> MemberIds(Workspace workspace, Conversation conversation) => conversation.UserId is { } userId
        ? [workspace.Seed.Bot.UserId, userId]
        : workspace.Learners.Keys.Concat(conversation.Channel!.IsMember ? [workspace.Seed.Bot.UserId] : []);

    private JsonObject Describe(Workspace workspace, Conversation conversation)
    {
        var created = time.GetUtcNow().ToUnixTimeSeconds() / 86_400 * 86_400;
        if (conversation.Channel is not { } channel)
        {
            return new JsonObject
            {
                ["id"] = conversation.Id,
                ["created"] = created,
                ["is_archived"] = false,
                ["is_im"] = true,
                ["is_org_shared"] = false,
                ["user"] = conversation.UserId,
                ["is_open"] = true,
                ["context_team_id"] = workspace.Id,
            };
        }

        var isPrivate = channel.Id[0] == 'G';
        return new JsonObject
        {
            ["id"] = channel.Id,
            ["name"] = channel.Name,
            ["name_normalized"] = channel.Name,
            ["is_channel"] = !isPrivate,
            ["is_group"] = isPrivate,
            ["is_im"] = false,
            ["is_mpim"] = false,
            ["is_private"] = isPrivate,
            ["created"] = created,
            ["is_archived"] = channel.IsArchived,
            ["is_general"] = false,
            ["is_member"] = channel.IsMember,
            ["is_shared"] = false,
            ["is_org_shared"] = false,
            ["is_ext_shared"] = false,
            ["creator"] = workspace.Seed.Bot.UserId,
            ["context_team_id"] = workspace.Id,
            ["shared_team_ids"] = new JsonArray(workspace.Id),
            ["topic"] = new JsonObject { ["value"] = "", ["creator"] = "", ["last_set"] = 0 },
            ["purpose"] = new JsonObject { ["value"] = "", ["creator"] = "", ["last_set"] = 0 },
            ["previous_names"] = new JsonArray(),
        };
    }
}
