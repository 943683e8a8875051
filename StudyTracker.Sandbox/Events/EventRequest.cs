using System.Text.Json;
using StudyTracker.Sandbox.Ledger;
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

    /// <summary>Slack mrkdwn.</summary>
    public string? Text { get; init; }

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
        if (Envelope is not null) return null;
        if (!SlackIds.IsWellFormed(TeamId, "T")) return "teamId must be a workspace's id, such as T0SEOUL0001.";
        if (!SlackIds.IsWellFormed(UserId, "UWB")) return "userId must be a user's id, such as U0SEOULJIWO.";
        if (ChannelId is not null && !SlackIds.IsWellFormed(ChannelId, "CGD")) return "channelId must be a channel's id, such as C0SEOULLOG1.";
        if (new[] { Ts, ThreadTs, TargetTs }.Any(ts => ts is not null && SlackTimestamp.ToMicroseconds(ts) is null))
            return "ts, threadTs and targetTs must be Slack timestamps, such as 1767225600.000100.";
        if (Subtype is "message_changed" or "message_deleted" && TargetTs is null)
            return $"targetTs is required with {Subtype}: the ts of the message.";
        return null;
    }
}

/// <summary>Makes events of requests.</summary>
internal sealed class EventFactory(WorkspaceDirectory directory, SlackTimestamp timestamps, TimeProvider time)
{
    public EventQueued Create(EventRequest request)
    {
        var now = time.GetUtcNow();
        var due = now.AddMilliseconds(request.DelayMs);
        if (request.Envelope is { } envelope)
        {
            var (eventId, message) = Read(envelope);
            return new EventQueued(
                now, request.EventId ?? eventId ?? SlackIds.New("Ev"), EventKind.Raw, message, BodyOf(envelope), request.Signature, request.Times, due);
        }

        var workspace = directory.Register(request.TeamId!);
        var written = new SlackMessage(
            request.TeamId!,
            request.UserId!,
            request.ChannelId ?? workspace.DirectMessageId(request.UserId!),
            request.Ts ?? timestamps.Next(),
            request.Text ?? "",
            request.ThreadTs,
            request.Subtype,
            request.TargetTs,
            request.Bot ? SlackIds.Derive("B", $"{request.TeamId}:{request.UserId}") : null);
        var id = request.EventId ?? SlackIds.New("Ev");
        var body = SlackEnvelope.Build(id, written, workspace.Seed.Bot);
        return new EventQueued(now, id, SlackEnvelope.KindOf(written, request.Signature), written, body, request.Signature, request.Times, due);
    }

    private static string BodyOf(JsonElement envelope) =>
        envelope.ValueKind == JsonValueKind.String ? envelope.GetString()! : envelope.GetRawText();

    private static (string? EventId, SlackMessage Message) Read(JsonElement envelope)
    {
        var inner = Member(envelope, "event");
        return (Text(envelope, "event_id"), new SlackMessage(
            Text(envelope, "team_id") ?? "",
            Text(inner, "user") ?? "",
            Text(inner, "channel") ?? "",
            Text(inner, "ts") ?? "",
            Text(inner, "text"),
            Subtype: Text(inner, "subtype")));
    }

    private static JsonElement? Member(JsonElement? element, string name) =>
        element is { ValueKind: JsonValueKind.Object } value && value.TryGetProperty(name, out var member) ? member : null;

    private static string? Text(JsonElement? element, string name) =>
        Member(element, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;
}
