namespace StudyTracker.Contracts;

/// <summary>
/// What buttons are called: the Notifier draws those below a summary, whose value is the summary's id, the Summarizer those below
/// its answers, and the Summarizer acts on them.
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
