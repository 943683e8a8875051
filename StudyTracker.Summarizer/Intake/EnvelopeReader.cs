using System.Globalization;
using System.Text.Json;
using StudyTracker.Contracts;
using StudyTracker.Kafka;

namespace StudyTracker.Summarizer.Intake;

/// <summary>Reads what a Slack envelope says about a message.</summary>
internal static class EnvelopeReader
{
    private static readonly TimeSpan _clockTolerance = TimeSpan.FromHours(1);

    /// <exception cref="PoisonException">The record is not what Ingress publishes, or says impossible things.</exception>
    public static MessageChange Read(Record record, int maxTextLength)
    {
        var receivedAt = long.TryParse(record.Header(RecordHeaders.ReceivedAt), NumberStyles.None, CultureInfo.InvariantCulture, out var ms)
            && ms <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
            ? DateTimeOffset.FromUnixTimeMilliseconds(ms)
            : throw new PoisonException($"The header {RecordHeaders.ReceivedAt} is missing or not a time.");
        try
        {
            using var document = JsonDocument.Parse(record.Value);
            return Read(document.RootElement, receivedAt, maxTextLength);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            // The message of these exceptions names properties and positions, never the text itself.
            throw new PoisonException("The envelope is not one of a Slack message.", error);
        }
    }

    private static MessageChange Read(JsonElement envelope, DateTimeOffset receivedAt, int maxTextLength)
    {
        var slackEvent = envelope.GetProperty("event");
        var team = Id(envelope, "team_id");
        var channel = Id(slackEvent, "channel");
        var subtype = Optional(slackEvent, "subtype");
        var change = subtype switch
        {
            "message_changed" => ReadEdit(slackEvent),
            "message_deleted" => ReadDeletion(slackEvent),
            _ => (Message: slackEvent, Ts: Id(slackEvent, "ts"), Version: 0m, DeletedTs: (decimal?)null),
        };
        var postedAt = Time(change.Ts);
        if (postedAt - _clockTolerance > receivedAt) throw new PoisonException("The message's timestamp lies in the future.");

        var text = change.DeletedTs is null ? PlainText.Read(change.Message, "text") : "";
        if (text.Length > maxTextLength)
            throw new PoisonException($"The text has {text.Length} characters, more than Intake:MaxTextLength ({maxTextLength}).");

        return new MessageChange(
            new MessageKey(team, channel, change.Ts),
            Id(change.Message, "user"),
            text,
            change.Version,
            change.DeletedTs,
            Optional(change.Message, "thread_ts"),
            postedAt,
            Id(envelope, "event_id"),
            receivedAt);
    }

    private static (JsonElement Message, string Ts, decimal Version, decimal? DeletedTs) ReadEdit(JsonElement slackEvent)
    {
        var message = slackEvent.GetProperty("message");
        var at = Number(message.TryGetProperty("edited", out var edited) && edited.ValueKind == JsonValueKind.Object ? Id(edited, "ts") : Id(slackEvent, "ts"));
        // A message with replies that is deleted stays in Slack as a "tombstone", told as an edit.
        return Optional(message, "subtype") == "tombstone"
            ? (slackEvent.TryGetProperty("previous_message", out var previous) ? previous : message, Id(message, "ts"), MessageChange.NoText, at)
            : (message, Id(message, "ts"), at, null);
    }

    private static (JsonElement Message, string Ts, decimal Version, decimal? DeletedTs) ReadDeletion(JsonElement slackEvent) =>
        (slackEvent.GetProperty("previous_message"), Id(slackEvent, "deleted_ts"), MessageChange.NoText, Number(Id(slackEvent, "ts")));

    private static string Id(JsonElement parent, string name) =>
        parent.GetProperty(name).GetString() is { Length: > 0 and <= 64 } id && !id.Contains('\0', StringComparison.Ordinal)
            ? id
            : throw new PoisonException($"{name} is empty or too long.");

    private static string? Optional(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? Id(parent, name) : null;

    private static decimal Number(string ts) =>
        decimal.TryParse(ts, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number < 1e12m
            ? number
            : throw new PoisonException("A timestamp is not of Slack's form.");

    private static DateTimeOffset Time(string ts)
    {
        var microseconds = (long)(Number(ts) * 1_000_000m);
        return microseconds <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds() * 1_000
            ? DateTimeOffset.UnixEpoch.AddMicroseconds(microseconds)
            : throw new PoisonException("A timestamp lies beyond the year 9999.");
    }
}
