namespace StudyTracker.Contracts;

/// <summary>
/// What the buttons below a summary are called: the Notifier draws them, the Summarizer acts on them. Each button's value is
/// the id of the summary.
/// </summary>
public static class SlackActions
{
    /// <summary>Hold my summaries back until I ask for them again.</summary>
    public const string Pause = "pause";

    /// <summary>Send my summaries again.</summary>
    public const string Resume = "resume";

    /// <summary>This summary did not help me.</summary>
    public const string NotHelpful = "not_helpful";
}
