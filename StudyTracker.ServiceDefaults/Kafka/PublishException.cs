namespace StudyTracker.Kafka;

/// <summary>A record that Kafka did not ack. It may still arrive: whoever reads it must recognise a second copy.</summary>
public sealed class PublishException : Exception
{
    /// <summary>The <see cref="Reason"/> that does not pass: no attempt makes the record smaller.</summary>
    public const string TooLarge = "too_large";

    /// <summary>The <see cref="Reason"/> that is ours and not Kafka's: as much is under way as may be.</summary>
    public const string InFlightLimit = "in_flight_limit";

    /// <summary>Says why there was no ack.</summary>
    public PublishException(PublishFailure failure) : base(failure.Detail, failure.Cause) => Reason = failure.Reason;

    /// <summary>The reason as one word for metrics: <c>timeout</c>, <c>queue_full</c>, <c>in_flight_limit</c>, <c>not_ready</c>, <c>too_large</c>, <c>fatal</c> or <c>broker</c>.</summary>
    public string Reason { get; }
}

/// <summary>Why a record was not acked.</summary>
/// <param name="Reason">One word, as in <see cref="PublishException.Reason"/>.</param>
/// <param name="Detail">A sentence.</param>
/// <param name="Cause">What was thrown; null when nothing was.</param>
public sealed record PublishFailure(string Reason, string Detail, Exception? Cause = null);
