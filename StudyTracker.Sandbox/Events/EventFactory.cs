using System.Text.Json;
using StudyTracker.Sandbox.Ledger;
using StudyTracker.Sandbox.Workspaces;

namespace StudyTracker.Sandbox.Events;

/// <summary>Makes events of requests.</summary>
internal sealed class EventFactory(WorkspaceDirectory directory, SandboxLedger ledger, SlackTimestamp timestamps, TimeProvider time)
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
        var channelId = request.ChannelId ?? workspace.DirectMessageId(request.UserId!);
        var ts = request.Ts ?? timestamps.Next();
        var written = new SlackMessage(
            request.TeamId!,
            request.UserId!,
            channelId,
            ts,
            request.Mrkdwn ?? Composer.Compose(request.Text ?? "", workspace),
            request.ThreadTs,
            request.Subtype ?? (request.Files is null ? null : "file_share"),
            request.TargetTs,
            request.Bot ? SlackIds.Derive("B", $"{request.TeamId}:{request.UserId}") : null,
            Attached.Of(request, workspace, channelId, ts),
            request.Files is null ? null : Attached.Files(request.Files, request.UserId!, ts));
        var id = request.EventId ?? SlackIds.New("Ev");
        var previous = written.TargetTs is { } target ? ledger.FindMessage(written.TeamId, channelId, target) : null;
        var body = SlackEnvelope.Build(id, written, previous, workspace.Seed.Bot);
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
