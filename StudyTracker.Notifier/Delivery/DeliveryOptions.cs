using System.ComponentModel.DataAnnotations;

namespace StudyTracker.Notifier.Delivery;

/// <summary>Limits of delivery (section <c>Notifier</c>).</summary>
internal sealed class DeliveryOptions
{
    public const string Section = "Notifier";

    /// <summary>
    /// Messages posted to one workspace in a minute; 300 by default ("several hundred", says Slack), 1 to 6,000.
    /// </summary>
    [Range(1, 6_000, ErrorMessage = "must be 1 to 6,000 messages a minute.")]
    public int PostsPerMinute { get; set; } = 300;

    /// <summary>Posts that may go out at once before the pace applies; 20 by default, 1 to 1,000.</summary>
    [Range(1, 1_000, ErrorMessage = "must be 1 to 1,000 messages.")]
    public int Burst { get; set; } = 20;

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
}
