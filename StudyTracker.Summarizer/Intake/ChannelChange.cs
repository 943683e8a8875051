using System.Text.Json;
using StudyTracker.Contracts;
using StudyTracker.Kafka;

namespace StudyTracker.Summarizer.Intake;

/// <summary>A channel has got another id for good, as a private one does when it is shared with another organisation.</summary>
/// <param name="TeamId">The workspace or organisation whose installation of the app was told.</param>
/// <param name="OldId">The id that it had.</param>
/// <param name="NewId">The id that it has.</param>
internal sealed record ChannelChange(string TeamId, string OldId, string NewId)
{
    private static readonly byte[] _kind = System.Text.Encoding.UTF8.GetBytes(RecordKinds.SlackChannelChange);

    /// <summary>Whether a record tells of one.</summary>
    public static bool Is(Record record) => record.TryGetHeader(RecordHeaders.Kind, out var kind) && kind.SequenceEqual(_kind);

    /// <exception cref="PoisonException">The record is not what Ingress publishes.</exception>
    public static ChannelChange Read(Record record)
    {
        try
        {
            using var document = JsonDocument.Parse(record.Value);
            var slackEvent = document.RootElement.GetProperty("event");
            return new ChannelChange(
                EnvelopeFields.Need(record.Key, "the key"),
                EnvelopeFields.Need(slackEvent.GetProperty("old_channel_id").GetString(), "old_channel_id"),
                EnvelopeFields.Need(slackEvent.GetProperty("new_channel_id").GetString(), "new_channel_id"));
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new PoisonException("The envelope is not one of a channel's new id.", error);
        }
    }
}
