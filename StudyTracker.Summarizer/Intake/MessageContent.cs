namespace StudyTracker.Summarizer.Intake;

/// <summary>What a message says.</summary>
/// <param name="Text">The writer's own words, without Slack's markup.</param>
/// <param name="Attached">What came along, such as a forwarded message; null: nothing.</param>
/// <param name="SaysSomething">Whether there is anything to summarise.</param>
/// <param name="IsCut">Whether there was more than is stored.</param>
internal sealed record MessageContent(string Text, string? Attached = null, bool SaysSomething = true, bool IsCut = false)
{
    /// <summary>Of a message that is gone.</summary>
    public static MessageContent None { get; } = new("", SaysSomething: false);
}
