namespace StudyTracker.Summarizer.Intake;

/// <summary>Slack's identity of a message.</summary>
internal readonly record struct MessageKey(string TeamId, string Channel, string Ts);

/// <summary>
/// What one or more events say about one message. Merging is commutative, associative and idempotent, so that a message
/// ends the same whatever the order of its events and however often each arrives.
/// </summary>
/// <param name="Key">The message.</param>
/// <param name="UserId">Who wrote it.</param>
/// <param name="Content">What it says; nothing when only its deletion is known.</param>
/// <param name="Version">0: as posted; Slack's timestamp of the edit; <see cref="NoText"/>: only its deletion is known.</param>
/// <param name="ToldTs">
/// 0, or Slack's timestamp of the event that told this version anew: of the same words, Slack adds later what it finds behind
/// their links.
/// </param>
/// <param name="DeletedTs">Slack's timestamp of the deletion.</param>
/// <param name="ThreadTs">The thread that it replies in.</param>
/// <param name="PostedAt">When it was posted.</param>
/// <param name="EventId">The first event that told of it.</param>
/// <param name="ReceivedAt">When Ingress received that event.</param>
internal sealed record MessageChange(
    MessageKey Key,
    string UserId,
    MessageContent Content,
    decimal Version,
    decimal ToldTs,
    decimal? DeletedTs,
    string? ThreadTs,
    DateTimeOffset PostedAt,
    string EventId,
    DateTimeOffset ReceivedAt)
{
    public const decimal NoText = -1;

    /// <summary>What both say together.</summary>
    public MessageChange Merge(MessageChange other)
    {
        var text = (other.Version, other.ToldTs).CompareTo((Version, ToldTs)) > 0 ? other : this;
        var first = IsBefore(other, this) ? other : this;
        return text with
        {
            EventId = first.EventId,
            ReceivedAt = first.ReceivedAt,
            DeletedTs = Earliest(DeletedTs, other.DeletedTs),
            ThreadTs = text.ThreadTs ?? ThreadTs ?? other.ThreadTs,
        };
    }

    private static bool IsBefore(MessageChange one, MessageChange other) => one.ReceivedAt != other.ReceivedAt
        ? one.ReceivedAt < other.ReceivedAt
        : string.CompareOrdinal(one.EventId, other.EventId) < 0;

    private static decimal? Earliest(decimal? one, decimal? other) =>
        one is null ? other : other is null ? one : Math.Min(one.Value, other.Value);
}
