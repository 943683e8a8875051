using StudyTracker.Sandbox.Faults;
using StudyTracker.Sandbox.Workspaces;

namespace StudyTracker.Sandbox.WebApi;

/// <summary>A conversation that a call is about.</summary>
/// <param name="Id">C…, G… or D….</param>
/// <param name="UserId">The learner of a direct conversation.</param>
/// <param name="Channel">The channel, when it is one.</param>
internal sealed record Conversation(string Id, string? UserId, SlackChannel? Channel);

/// <summary>Finds the conversation that an argument names.</summary>
internal sealed class Channels(WorkspaceDirectory directory, Tokens tokens, FaultInjector faults)
{
    /// <summary>The conversation with an id; null when the app cannot see it.</summary>
    public static Conversation? Find(Workspace workspace, string? id)
    {
        if (id is null) return null;
        if (workspace.DirectMessages.TryGetValue(id, out var userId)) return new Conversation(id, userId, null);
        return workspace.Channels.TryGetValue(id, out var channel) ? new Conversation(id, null, channel) : null;
    }

    /// <summary>The conversation to post to: by id, by name, or a user's id for the direct conversation with that user.</summary>
    public (Conversation? Conversation, string? Error) ForPosting(Workspace workspace, ApiArguments arguments)
    {
        var named = arguments.Text("channel");
        var found = Find(workspace, named);
        if (found is null && SlackIds.IsWellFormed(named, "UW") && directory.FindUserForCaller(workspace, named) is { } user)
            found = new Conversation(workspace.DirectMessageId(user.Id), user.Id, null);
        if (found is null && named is not null && !SlackIds.IsWellFormed(named, "CDGUW"))
        {
            // An organisation has many channels of one name.
            if (tokens.IsOrgWide(arguments.Caller)) return (null, "team_not_found");
            var byName = workspace.Channels.Values.FirstOrDefault(channel => channel.Name == named.TrimStart('#'));
            if (byName is not null) found = new Conversation(byName.Id, null, byName);
        }

        return found switch
        {
            null => (null, "channel_not_found"),
            { UserId: { } id } when faults.Settings.PerUser.TryGetValue(id, out var forced) => (null, forced),
            { Channel.IsArchived: true } => (null, "is_archived"),
            { Channel.IsMember: false } => (null, "not_in_channel"),
            _ => (found, null),
        };
    }

    /// <summary>The conversation whose messages are to be read.</summary>
    public static (Conversation? Conversation, string? Error) ForReading(Workspace workspace, ApiArguments arguments) => Find(workspace, arguments.Text("channel")) switch
    {
        null => (null, "channel_not_found"),
        { Channel.IsMember: false } => (null, "not_in_channel"),
        var found => (found, null),
    };
}
