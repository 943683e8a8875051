namespace StudyTracker.Notifier.Delivery;

/// <summary>What has to be done next for a delivery: at most one call of Slack's.</summary>
internal enum Step
{
    /// <summary>Nothing: it is sent, parked or dropped.</summary>
    Ended,

    /// <summary>Nothing now: somebody else is at it.</summary>
    Busy,

    /// <summary>Nothing: its reader was refused a short while ago, so it is parked.</summary>
    Refused,

    /// <summary>Nothing: its workspace has taken our token back, so it is parked.</summary>
    Revoked,

    /// <summary>Post it.</summary>
    Post,

    /// <summary>Find out the conversation with its reader.</summary>
    Open,

    /// <summary>An earlier post ended unknown: look for it in the conversation.</summary>
    Look,

    /// <summary>It is sent, and has been written anew since: put the new text in its place.</summary>
    Update,
}

/// <summary>What taking a delivery led to.</summary>
/// <param name="Step">What is to be done; nothing was taken when it is not what the taker came for.</param>
/// <param name="BusyFor">For how long somebody else may still be at it.</param>
/// <param name="Attempt">Which attempt this is.</param>
/// <param name="Channel">The conversation with the reader, when it is known.</param>
/// <param name="Ts">Where the message is, when it is sent.</param>
/// <param name="Feedback">A newer revision than the taker knows; null when there is none.</param>
/// <param name="Plain">Whether to send the text alone.</param>
/// <param name="Rerouted">Whether the conversation was opened because the reader could not be posted to.</param>
/// <param name="Unsure">Whether it may have been posted.</param>
/// <param name="UnsureSince">Since when.</param>
/// <param name="ReaderRefused">Why the reader is refused.</param>
/// <param name="Revoked">How the workspace has taken our token back.</param>
internal sealed record Claim(
    Step Step,
    TimeSpan BusyFor = default,
    int Attempt = 0,
    string? Channel = null,
    string? Ts = null,
    string? Feedback = null,
    bool Plain = false,
    bool Rerouted = false,
    bool Unsure = false,
    DateTimeOffset UnsureSince = default,
    string? ReaderRefused = null,
    string? Revoked = null);

/// <summary>
/// For how long a delivery is ours. Measured by two clocks, because a process may be stopped and a machine put to sleep: what
/// either says is over, is over.
/// </summary>
internal sealed class Lease(TimeSpan length, TimeProvider time)
{
    private readonly long _started = time.GetTimestamp();
    private readonly DateTimeOffset _startedAt = time.GetUtcNow();

    public Guid Owner { get; } = Guid.NewGuid();

    public TimeSpan Length => length;

    /// <summary>Whether a call that takes so long at most would end within the lease.</summary>
    public bool Covers(TimeSpan call) =>
        time.GetElapsedTime(_started) + call <= length && time.GetUtcNow() - _startedAt + call <= length;
}
