using System.Buffers.Text;
using System.Globalization;
using System.Text.Json;
using StudyTracker.Contracts;
using StudyTracker.Kafka;

namespace StudyTracker.Summarizer.Intake;

/// <summary>Reads what a Slack envelope says about a message.</summary>
internal static class EnvelopeReader
{
    private static readonly TimeSpan _clockTolerance = TimeSpan.FromHours(1);
    private static readonly long _lastMs = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    /// <exception cref="PoisonException">The record is not what Ingress publishes, or says impossible things.</exception>
    public static MessageChange Read(Record record, IntakeOptions limits)
    {
        var receivedAt = ReceivedAt(record);
        try
        {
            return Read(record, EnvelopeFields.Read(record.Value.Span), receivedAt, limits);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // The message of these exceptions names properties and positions, never the text itself.
            throw new PoisonException("The envelope is not one of a Slack message.", error);
        }
    }

    private static DateTimeOffset ReceivedAt(Record record) =>
        record.TryGetHeader(RecordHeaders.ReceivedAt, out var text)
        && Utf8Parser.TryParse(text, out long ms, out var read) && read == text.Length && ms >= 0 && ms <= _lastMs
            ? DateTimeOffset.FromUnixTimeMilliseconds(ms)
            : throw new PoisonException($"The header {RecordHeaders.ReceivedAt} is missing or not a time.");

    private static MessageChange Read(Record record, in EnvelopeFields envelope, DateTimeOffset receivedAt, IntakeOptions limits)
    {
        var slackEvent = envelope.Event ?? throw new PoisonException("The envelope has no event.");
        var (message, ts, version, toldTs, deletedTs) = slackEvent.Subtype switch
        {
            "message_changed" => ReadChange(slackEvent),
            "message_deleted" => ReadDeletion(slackEvent),
            _ => (slackEvent, slackEvent.Ts, 0m, 0m, null),
        };
        ts = EnvelopeFields.Need(ts, "ts");
        var postedAt = Time(ts);
        if (postedAt - _clockTolerance > receivedAt) throw new PoisonException("The message's timestamp lies in the future.");

        // Whose it is, Ingress has worked out. A record without a key is nobody's of ours; it is taken by its word.
        if (!MemberKey.TryParse(record.Key, out var author))
            author = new MemberKey(EnvelopeFields.Need(envelope.TeamId, "team_id"), EnvelopeFields.Need(message.User, "user"));
        return new MessageChange(
            new MessageKey(author.TeamId, EnvelopeFields.Need(slackEvent.Channel, "channel"), ts),
            author.UserId,
            deletedTs is null ? ContentReader.Read(message, record.Value, limits) : MessageContent.None,
            version,
            toldTs,
            deletedTs,
            EnvelopeFields.Optional(message.ThreadTs, "thread_ts"),
            postedAt,
            EnvelopeFields.Need(envelope.EventId, "event_id"),
            receivedAt);
    }

    private static (MessageFields Message, string? Ts, decimal Version, decimal ToldTs, decimal? DeletedTs) ReadChange(MessageFields slackEvent)
    {
        var message = slackEvent.Message ?? throw new PoisonException("The edit has no message.");
        var at = Number(EnvelopeFields.Need(slackEvent.Ts, "ts"));
        // A message with replies that is deleted stays in Slack as a "tombstone", told as an edit.
        if (message.Subtype == "tombstone") return (slackEvent.Previous ?? message, message.Ts, MessageChange.NoText, 0m, at);
        // Nobody has edited it when Slack has only found something behind a link in it.
        return (message, message.Ts, message.IsEdited ? Number(EnvelopeFields.Need(message.EditedTs, "ts")) : 0m, at, null);
    }

    private static (MessageFields Message, string? Ts, decimal Version, decimal ToldTs, decimal? DeletedTs) ReadDeletion(MessageFields slackEvent) => (
        slackEvent.Previous ?? throw new PoisonException("The deletion does not name the message."),
        slackEvent.DeletedTs,
        MessageChange.NoText,
        0m,
        Number(EnvelopeFields.Need(slackEvent.Ts, "ts")));

    private static decimal Number(string ts) =>
        decimal.TryParse(ts, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number < 1e12m
            ? number
            : throw new PoisonException("A timestamp is not of Slack's form.");

    private static DateTimeOffset Time(string ts)
    {
        var microseconds = (long)(Number(ts) * 1_000_000m);
        return microseconds <= _lastMs * 1_000
            ? DateTimeOffset.UnixEpoch.AddMicroseconds(microseconds)
            : throw new PoisonException("A timestamp lies beyond the year 9999.");
    }
}
