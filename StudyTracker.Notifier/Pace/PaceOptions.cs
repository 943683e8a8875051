using System.ComponentModel.DataAnnotations;
using StudyTracker.Notifier.Slack;

namespace StudyTracker.Notifier.Pace;

/// <summary>
/// How fast Slack is called (section <c>Notifier</c>). All replicas together keep to it, for each workspace by itself.
/// </summary>
internal sealed class PaceOptions
{
    public const string Section = "Notifier";

    /// <summary>
    /// Messages posted to one workspace in any minute; 300 by default ("several hundred", says Slack), 1 to 6,000.
    /// </summary>
    [Range(1, 6_000, ErrorMessage = "must be 1 to 6,000 messages a minute.")]
    public int PostsPerMinute { get; set; } = 300;

    /// <summary>
    /// Messages posted to one workspace in a second, once the burst is used up; 0 to 1,000. 0, the default, is twice as many as
    /// would fill the minute evenly: 10 for 300. So time that was lost can be made up for.
    /// </summary>
    [Range(0, 1_000, ErrorMessage = "must be 0 (twice the minute's average) to 1,000 messages a second.")]
    public int PostsPerSecond { get; set; }

    /// <summary>Posts that may go out at once; 20 by default, 1 to 1,000.</summary>
    [Range(1, 1_000, ErrorMessage = "must be 1 to 1,000 messages.")]
    public int Burst { get; set; } = 20;

    /// <summary>Time between two messages to one channel, in milliseconds; 1,000 by default, as Slack asks, 1 to 60,000.</summary>
    [Range(1, 60_000, ErrorMessage = "must be 1 to 60,000 ms.")]
    public int ChannelIntervalMs { get; set; } = 1_000;

    /// <summary>Messages to one channel that may go out at once; 2 by default, 1 to 100.</summary>
    [Range(1, 100, ErrorMessage = "must be 1 to 100 messages.")]
    public int ChannelBurst { get; set; } = 2;

    /// <summary>
    /// Calls of each other method in one workspace in any minute; 50 by default, which is Slack's tier 3, 1 to 6,000.
    /// </summary>
    [Range(1, 6_000, ErrorMessage = "must be 1 to 6,000 calls a minute.")]
    public int CallsPerMinute { get; set; } = 50;

    /// <summary>
    /// How much longer than a minute our minutes are, in milliseconds: calls may be under way for differing times. 250 by
    /// default, 0 to 5,000.
    /// </summary>
    [Range(0, 5_000, ErrorMessage = "must be 0 to 5,000 ms.")]
    public int MarginMs { get; set; } = 250;

    /// <summary>
    /// The longest Retry-After of a post that can be the channel's, in seconds; 5 by default, 1 to 60. A longer one is the
    /// workspace's limit of posts: a channel is free again after a second or a few.
    /// </summary>
    [Range(1, 60, ErrorMessage = "must be 1 to 60 seconds.")]
    public int ChannelRetryAfterSeconds { get; set; } = 5;

    /// <summary>
    /// Refusals (429) of posts to so many channels of a workspace, none accepted between, are taken for the workspace's limit
    /// instead of the channels'; 4 by default, 2 to 100. Slack does not say which limit it was.
    /// </summary>
    [Range(2, 100, ErrorMessage = "must be 2 to 100 channels.")]
    public int RefusedChannels { get; set; } = 4;

    /// <summary>How long a workspace is left alone after Slack has refused its token, in seconds; 60 by default, 1 to 3,600.</summary>
    [Range(1, 3_600, ErrorMessage = "must be 1 to 3,600 seconds.")]
    public int TokenRetrySeconds { get; set; } = 60;

    /// <summary>
    /// How long deliveries wait for a workspace whose token is refused before they are parked, in seconds; 120 by default, 0
    /// to 86,400. Waiting ones take up room that other workspaces may need.
    /// </summary>
    [Range(0, 86_400, ErrorMessage = "must be 0 to 86,400 seconds.")]
    public int TokenPatienceSeconds { get; set; } = 120;

    /// <summary>
    /// Among how many replicas the budgets are divided while Redis is away, until Redis has said how many there are; 2 by
    /// default, 1 to 100.
    /// </summary>
    [Range(1, 100, ErrorMessage = "must be 1 to 100 replicas.")]
    public int Replicas { get; set; } = 2;

    /// <summary>The budget of a method in one workspace.</summary>
    public Budget Of(SlackMethod method) => method == SlackMethod.Post
        ? new Budget(PostsPerMinute, TimeSpan.FromSeconds(1) / (PostsPerSecond > 0 ? PostsPerSecond : PostsPerMinute / 30.0), Burst)
        : new Budget(CallsPerMinute, TimeSpan.FromMinutes(1) / CallsPerMinute / 4, Math.Max(1, CallsPerMinute / 4));

    /// <summary>Our minute.</summary>
    public TimeSpan Minute => TimeSpan.FromMinutes(1) + TimeSpan.FromMilliseconds(MarginMs);

    /// <summary>Time between two messages to one channel.</summary>
    public TimeSpan ChannelInterval => TimeSpan.FromMilliseconds(ChannelIntervalMs);
}

/// <summary>How often a method may be called in one workspace.</summary>
/// <param name="PerMinute">Calls in any minute.</param>
/// <param name="Interval">Time between two calls, once the burst is used up.</param>
/// <param name="Burst">Calls that may go out at once.</param>
internal sealed record Budget(int PerMinute, TimeSpan Interval, int Burst);
