using System.Text.Json;
using StudyTracker.Sandbox.Events;
using StudyTracker.Sandbox.Workspaces;

namespace StudyTracker.Sandbox.Ledger;

/// <summary>A message in a channel, as people see it.</summary>
/// <param name="Ts">Slack's timestamp.</param>
/// <param name="UserId">Its author.</param>
/// <param name="BotId">The app, when it wrote the message.</param>
/// <param name="Text">Slack mrkdwn.</param>
/// <param name="ThreadTs">The thread that it replies to.</param>
/// <param name="EventId">The event that tells the app of it.</param>
/// <param name="Blocks">Block Kit.</param>
/// <param name="Metadata">The app's metadata.</param>
/// <param name="EditedTs">When it was changed.</param>
/// <param name="At">When it got here.</param>
/// <param name="Attachments">Attachments: an app's, what a link leads to, or what was forwarded.</param>
/// <param name="Files">Files that were shared.</param>
internal sealed record ChannelMessage(
    string Ts,
    string UserId,
    string? BotId,
    string Text,
    string? ThreadTs,
    string? EventId,
    JsonElement? Blocks,
    JsonElement? Metadata,
    string? EditedTs,
    DateTimeOffset At,
    JsonElement? Attachments = null,
    JsonElement? Files = null)
{
    /// <summary>The reactions to it, in order.</summary>
    public IReadOnlyList<Reaction> Reactions { get; init; } = [];
}

/// <summary>What stands in every channel: the latest messages. Guarded by the ledger's lock.</summary>
internal sealed class Conversations(WorkspaceDirectory directory, SlackTimestamp timestamps, int maxChannelMessages)
{
    // Slack forgets these when the page is loaded anew, so a few are enough.
    private const int MaxEphemeral = 50;

    private readonly Dictionary<(string Team, string Channel), List<ChannelMessage>> _channels = [];
    private readonly Dictionary<(string Team, string Channel, string User), List<ChannelMessage>> _ephemeral = [];

    /// <summary>A channel's messages in the order of their timestamps.</summary>
    public IReadOnlyList<ChannelMessage> Of(string teamId, string channelId) =>
        [.. _channels.GetValueOrDefault((teamId, channelId), []).OrderBy(message => SlackTimestamp.ToMicroseconds(message.Ts) ?? 0)];

    /// <summary>What only one person sees in a channel, in the order of timestamps.</summary>
    public IReadOnlyList<ChannelMessage> EphemeralOf(string teamId, string channelId, string userId) =>
        [.. _ephemeral.GetValueOrDefault((teamId, channelId, userId), []).OrderBy(message => SlackTimestamp.ToMicroseconds(message.Ts) ?? 0)];

    /// <summary>The message; null when it is not there, or no longer.</summary>
    public ChannelMessage? Find(string teamId, string channelId, string ts) =>
        _channels.GetValueOrDefault((teamId, channelId))?.FindLast(message => message.Ts == ts);

    public void Apply(EventQueued queued)
    {
        var message = queued.Message;
        timestamps.Observe(message.Ts);
        // Forged and raw requests are not from this Slack: nobody sees them in a channel.
        if (queued.Kind is EventKind.Raw or EventKind.WrongSignature or EventKind.MissingSignature or EventKind.StaleSignature) return;

        var workspace = directory.Register(message.TeamId);
        if (message.BotId is null) directory.RegisterUser(workspace, message.UserId);
        directory.RegisterChannel(workspace, message.ChannelId);

        if (queued.Kind == EventKind.Unfurl)
            Change(message, old => old with { Attachments = message.Attachments });
        else if (queued.Kind == EventKind.Edit)
            Change(message, old => old with { Text = message.Text ?? "", EditedTs = message.Ts });
        else if (queued.Kind == EventKind.Deletion)
            Change(message, _ => null);
        else
            Add(message.TeamId, message.ChannelId, new ChannelMessage(
                message.Ts, message.UserId, message.BotId, message.Text ?? "", message.ThreadTs, queued.EventId, null, null, null, queued.At,
                message.Attachments, message.Files));
    }

    public void Apply(PostAccepted post)
    {
        timestamps.Observe(post.Ts);
        var workspace = directory.Register(post.TeamId);
        if (post.UserId is not null) directory.RegisterUser(workspace, post.UserId);
        Add(post.TeamId, post.ChannelId, new ChannelMessage(
            post.Ts, workspace.Seed.Bot.UserId, workspace.Seed.Bot.BotId, post.Text, post.ThreadTs, null, post.Blocks, post.Metadata, null, post.At, post.Attachments));
    }

    public void Apply(PostUpdated update) => Change(
        (update.TeamId, update.ChannelId),
        update.Ts,
        old => old with
        {
            Text = update.Text,
            Blocks = update.Blocks,
            Metadata = update.Metadata,
            Attachments = update.Attachments,
            EditedTs = SlackTimestamp.Whole(update.At),
        });

    public void Apply(ReactionChanged change) => Change((change.TeamId, change.ChannelId), change.Ts, old => old with
    {
        Reactions = change.IsAdded ? [.. old.Reactions, change.Reaction] : [.. old.Reactions.Where(reaction => reaction != change.Reaction)],
    });

    public void Apply(PostDeleted deletion)
    {
        if (deletion.OnlyFor is null) Change((deletion.TeamId, deletion.ChannelId), deletion.Ts, _ => null);
        else _ephemeral.GetValueOrDefault((deletion.TeamId, deletion.ChannelId, deletion.OnlyFor))?.RemoveAll(message => message.Ts == deletion.Ts);
    }

    public void Apply(AnswerPosted answer)
    {
        timestamps.Observe(answer.Ts);
        var bot = directory.Register(answer.TeamId).Seed.Bot;
        Add(answer.TeamId, answer.ChannelId, new ChannelMessage(
            answer.Ts, bot.UserId, bot.BotId, answer.Text, answer.ThreadTs, null, answer.Blocks, null, null, answer.At));
    }

    public void Apply(EphemeralPosted posted)
    {
        timestamps.Observe(posted.Ts);
        var workspace = directory.Register(posted.TeamId);
        directory.RegisterUser(workspace, posted.UserId);
        var bot = workspace.Seed.Bot;
        var message = new ChannelMessage(
            posted.Ts, posted.AuthorId, posted.AuthorId == bot.UserId ? bot.BotId : null, posted.Text, null, null, posted.Blocks, null, null, posted.At);
        var key = (posted.TeamId, posted.ChannelId, posted.UserId);
        if (!_ephemeral.TryGetValue(key, out var messages)) _ephemeral[key] = messages = [];
        messages.RemoveAll(old => old.Ts == posted.Ts);
        messages.Add(message);
        if (messages.Count > MaxEphemeral) messages.RemoveAt(0);
    }

    public void Clear()
    {
        _channels.Clear();
        _ephemeral.Clear();
    }

    private void Add(string teamId, string channelId, ChannelMessage message)
    {
        if (!_channels.TryGetValue((teamId, channelId), out var messages)) _channels[(teamId, channelId)] = messages = [];
        messages.Add(message);
        // An eighth at a time, so that a busy channel does not move its whole list for every message.
        if (messages.Count > maxChannelMessages + maxChannelMessages / 8) messages.RemoveRange(0, messages.Count - maxChannelMessages);
    }

    private void Change(SlackMessage message, Func<ChannelMessage, ChannelMessage?> change) =>
        Change((message.TeamId, message.ChannelId), message.TargetTs, change);

    private void Change((string Team, string Channel) channel, string? ts, Func<ChannelMessage, ChannelMessage?> change)
    {
        if (_channels.GetValueOrDefault(channel) is not { } messages) return;
        var index = messages.FindLastIndex(message => message.Ts == ts);
        if (index < 0) return;
        if (change(messages[index]) is { } changed) messages[index] = changed;
        else messages.RemoveAt(index);
    }
}
