using System.Text.Json;
using StudyTracker.Sandbox.WebApi;
using StudyTracker.Sandbox.Workspaces;

namespace StudyTracker.Sandbox.Events;

/// <summary>What <c>POST /sandbox/events</c> takes: a message that somebody writes, changes or deletes, or a body as it is.</summary>
internal sealed record EventRequest
{
    /// <summary>Workspace, T….</summary>
    public string? TeamId { get; init; }

    /// <summary>Author, U….</summary>
    public string? UserId { get; init; }

    /// <summary>Channel; without one it is the author's direct conversation with the app.</summary>
    public string? ChannelId { get; init; }

    /// <summary>What the author types; the Sandbox makes of it what Slack's message box would.</summary>
    public string? Text { get; init; }

    /// <summary>Instead of <see cref="Text"/>: the text just as Slack sends it, with its entities and markup.</summary>
    public string? Mrkdwn { get; init; }

    /// <summary>Files that are shared with it; the subtype is file_share then.</summary>
    public IReadOnlyList<SharedFile>? Files { get; init; }

    /// <summary>A message that is forwarded with it.</summary>
    public ForwardedMessage? Forwarded { get; init; }

    /// <summary>With message_changed: what the links of the message lead to, which Slack adds by itself. It is no edit then.</summary>
    public IReadOnlyList<LinkPreview>? Links { get; init; }

    /// <summary>Slack's id of the event; the same id is never sent as a second event.</summary>
    public string? EventId { get; init; }

    /// <summary>Slack's timestamp; now, if absent.</summary>
    public string? Ts { get; init; }

    /// <summary>The thread that it replies to.</summary>
    public string? ThreadTs { get; init; }

    /// <summary>Slack's subtype, such as message_changed or message_deleted, which need a <see cref="TargetTs"/>.</summary>
    public string? Subtype { get; init; }

    /// <summary>The message that is changed or deleted.</summary>
    public string? TargetTs { get; init; }

    /// <summary>How many accepted deliveries are wanted; 1 to 20.</summary>
    public int Times { get; init; } = 1;

    /// <summary>How late the first delivery is, in ms; 0 to a day.</summary>
    public int DelayMs { get; init; }

    /// <summary>How it is signed.</summary>
    public SignatureMode Signature { get; init; }

    /// <summary>Whether a bot writes it.</summary>
    public bool Bot { get; init; }

    /// <summary>A body as it is: JSON, or a string that need not be JSON.</summary>
    public JsonElement? Envelope { get; init; }

    /// <summary>What is wrong with it; null when nothing is.</summary>
    public string? Problem()
    {
        if (Times is < 1 or > 20) return "times must be between 1 and 20.";
        if (DelayMs is < 0 or > 86_400_000) return "delayMs must be between 0 and 86400000.";
        if (EventId is { Length: 0 or > 100 }) return "eventId must have 1 to 100 characters.";
        if (Envelope is { } envelope) return ApiRequest.IsReadable(envelope) ? null : "envelope has half a surrogate pair in it.";
        if (!SlackIds.IsWellFormed(TeamId, "T")) return "teamId must be a workspace's id, such as T0SEOUL0001.";
        if (!SlackIds.IsWellFormed(UserId, "UWB")) return "userId must be a user's id, such as U0SEOULJIWO.";
        if (ChannelId is not null && !SlackIds.IsWellFormed(ChannelId, "CGD")) return "channelId must be a channel's id, such as C0SEOULLOG1.";
        if (new[] { Ts, ThreadTs, TargetTs }.Any(ts => ts is not null && SlackTimestamp.ToMicroseconds(ts) is null))
            return "ts, threadTs and targetTs must be Slack timestamps, such as 1767225600.000100.";
        if (Subtype is "message_changed" or "message_deleted" && TargetTs is null)
            return $"targetTs is required with {Subtype}: the ts of the message.";
        if (Text is not null && Mrkdwn is not null) return "Either text (what is typed) or mrkdwn (what Slack sends), not both.";
        if (Links is not null && (Subtype != "message_changed" || Links.Count == 0)) return "links go with the subtype message_changed, at least one.";
        if (Links?.Any(link => link?.Url is null) == true) return "Each of links must have a url.";
        if (Files is { Count: 0 or > 10 } || Files?.Any(file => string.IsNullOrEmpty(file?.Name)) == true) return "files must be 1 to 10, each with a name.";
        return Forwarded is { Text: null } ? "forwarded must have a text." : null;
    }
}

/// <summary>A file that is shared with a message.</summary>
/// <param name="Name">Such as notes.md.</param>
/// <param name="Mimetype">Such as text/plain, which is also the default.</param>
/// <param name="Preview">The beginning of a snippet.</param>
internal sealed record SharedFile(string Name, string? Mimetype = null, string? Preview = null);

/// <summary>A message that is forwarded.</summary>
/// <param name="Text">Its text, as Slack sends it.</param>
/// <param name="UserId">Who wrote it; absent: the author of the new message.</param>
/// <param name="ChannelId">Where it stands; absent: the channel of the new message.</param>
internal sealed record ForwardedMessage(string Text, string? UserId = null, string? ChannelId = null);

/// <summary>What a link leads to.</summary>
/// <param name="Url">The link.</param>
/// <param name="Title">Title of the page.</param>
/// <param name="Text">Its description.</param>
/// <param name="ServiceName">Name of the site.</param>
internal sealed record LinkPreview(string Url, string? Title = null, string? Text = null, string? ServiceName = null);
