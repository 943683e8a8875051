using System.ComponentModel.DataAnnotations;

namespace StudyTracker.Summarizer.Members;

/// <summary>How time zones and languages are kept up to date, and what members may wish (section <c>Members</c>).</summary>
internal sealed class MemberOptions
{
    public const string Section = "Members";

    /// <summary>
    /// Most questions to Slack's users.info in a minute and by one replica; 40 by default, 0 (never ask) to 1,000. Slack allows
    /// some 100 a minute and workspace, for all replicas together.
    /// </summary>
    [Range(0, 1_000, ErrorMessage = "must be 0 to 1,000 questions a minute.")]
    public int ProfilesPerMinute { get; set; } = 40;

    /// <summary>After how many hours a member's profile is asked for again; 24 by default, 1 to 720.</summary>
    [Range(1, 720, ErrorMessage = "must be 1 to 720 hours.")]
    public int ProfileMaxAgeHours { get; set; } = 24;

    /// <summary>
    /// After how many minutes it is asked for again when Slack has none; 10 by default, 1 to 1,440. What fails for a reason that
    /// passes is tried again after <see cref="ProfilePollSeconds"/>, then after twice as long, and so on up to this.
    /// </summary>
    [Range(1, 1_440, ErrorMessage = "must be 1 to 1,440 minutes.")]
    public int ProfileRetryMinutes { get; set; } = 10;

    /// <summary>How often is looked for members whose profile is not known or old, in seconds; 5 by default, 1 to 300.</summary>
    [Range(1, 300, ErrorMessage = "must be 1 to 300 seconds.")]
    public int ProfilePollSeconds { get; set; } = 5;

    /// <summary>
    /// How long the Notifier's answer to a question is waited for, in seconds; 15 by default, 1 to 60. It has to wait for Slack's.
    /// </summary>
    [Range(1, 60, ErrorMessage = "must be 1 to 60 seconds.")]
    public int ProfileTimeoutSeconds { get; set; } = 15;

    /// <summary>
    /// How long the answer to the command of somebody whose profile is not known yet waits for it, in milliseconds; 3,000 by default,
    /// 0 (not at all) to 30,000.
    /// </summary>
    [Range(0, 30_000, ErrorMessage = "must be 0 to 30,000 ms.")]
    public int ProfileForReplyMs { get; set; } = 3_000;

    /// <summary>Longest vacation, in days; 366 by default, 1 to 3,660. Beyond it: pause, and resume.</summary>
    [Range(1, 3_660, ErrorMessage = "must be 1 to 3,660 days.")]
    public int MaxPauseDays { get; set; } = 366;

    /// <summary>For how many minutes after a command Slack takes an answer to it; 25 by default, 1 to 30.</summary>
    [Range(1, 30, ErrorMessage = "must be 1 to 30 minutes.")]
    public int ReplyMinutes { get; set; } = 25;
}
