using System.ComponentModel.DataAnnotations;

namespace StudyTracker.Notifier.Delivery;

/// <summary>Limits of delivery (section <c>Notifier</c>).</summary>
internal sealed class DeliveryOptions
{
    public const string Section = "Notifier";

    /// <summary>
    /// How long a delivery belongs to who took it, in seconds; longer than a call may take. 15 by default, 2 to 600. After
    /// a crash, its delivery waits this long and is then looked for in Slack before it is posted again.
    /// </summary>
    [Range(2, 600, ErrorMessage = "must be 2 to 600 seconds.")]
    public int LeaseSeconds { get; set; } = 15;

    /// <summary>Attempts at one delivery that Slack does not let through, before it is parked; 10 by default, 1 to 1,000. Rate limits do not count.</summary>
    [Range(1, 1_000, ErrorMessage = "must be 1 to 1,000 attempts.")]
    public int MaxAttempts { get; set; } = 10;

    /// <summary>Wait after a failed attempt, in milliseconds, doubled for each further one, with jitter; 1,000 by default.</summary>
    [Range(1, 600_000, ErrorMessage = "must be 1 to 600,000 ms.")]
    public int RetryDelayMs { get; set; } = 1_000;

    /// <summary>Longest such wait, in milliseconds; 60,000 by default.</summary>
    [Range(1, 3_600_000, ErrorMessage = "must be 1 to 3,600,000 ms.")]
    public int MaxRetryDelayMs { get; set; } = 60_000;

    /// <summary>
    /// How long after a post of unknown end its message is looked for, in milliseconds; 3,000 by default, 0 to 600,000: Slack
    /// may still be at it.
    /// </summary>
    [Range(0, 600_000, ErrorMessage = "must be 0 to 600,000 ms.")]
    public int LookAfterMs { get; set; } = 3_000;

    /// <summary>
    /// On how many pages of a conversation a message of unknown end is looked for before its delivery is parked; 20 by default, 1 to 1,000.
    /// A page has 200 messages, 15 for some apps, and takes a call.
    /// </summary>
    [Range(1, 1_000, ErrorMessage = "must be 1 to 1,000 pages.")]
    public int MaxHistoryPages { get; set; } = 20;

    /// <summary>
    /// How long the deliveries of a reader whom Slack refuses are parked without a call, in minutes; 1,440 by default, which
    /// is a day, 0 to 525,600. A replay ends it.
    /// </summary>
    [Range(0, 525_600, ErrorMessage = "must be 0 to 525,600 minutes.")]
    public int ReaderRetryMinutes { get; set; } = 1_440;
}
