namespace StudyTracker.LoadTests.Benchmarks.Delivery;

/// <summary>The Sandbox's limits, which are Slack's times a factor, and what they leave possible.</summary>
/// <param name="Factor">How many times Slack's limits of posts and calls a minute; 1 is Slack.</param>
internal sealed record SlackLimits(int Factor)
{
    /// <summary>Messages that a workspace takes in any minute.</summary>
    public int PostsPerMinute => 300 * Factor;

    /// <summary>Messages that a channel takes at once, before it takes one a second. The factor does not change it.</summary>
    public static int ChannelBurst => 3;

    /// <summary>
    /// The least time from the first to the last of so many messages to one workspace: a full minute's worth at once, and then
    /// each as soon as one has left the window; and no channel faster than its own limit.
    /// </summary>
    public TimeSpan Minimum(int messages, int channels)
    {
        var byWorkspace = TimeSpan.FromMinutes((messages - 1) / PostsPerMinute);
        var inAChannel = (messages + channels - 1) / channels;
        var byChannel = TimeSpan.FromSeconds(Math.Max(0, inAChannel - ChannelBurst));
        return byWorkspace > byChannel ? byWorkspace : byChannel;
    }

    /// <summary>The Sandbox's settings.</summary>
    public Dictionary<string, string> OfSandbox() => new()
    {
        ["Sandbox__RateLimits"] = "true",
        ["Sandbox__WorkspacePostsPerMinute"] = $"{PostsPerMinute}",
        ["Sandbox__ChannelBurst"] = $"{ChannelBurst}",
        ["Sandbox__MethodLimitFactor"] = $"{Factor}",
    };

    /// <summary>The Notifier's defaults, times the factor.</summary>
    public Dictionary<string, string> OfNotifier() => new()
    {
        ["Notifier__PostsPerMinute"] = $"{PostsPerMinute}",
        ["Notifier__Burst"] = $"{20 * Factor}",
        ["Notifier__CallsPerMinute"] = $"{50 * Factor}",
    };
}
