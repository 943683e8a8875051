using StudyTracker.Contracts;
using StudyTracker.Summarizer.Summaries;

namespace StudyTracker.Summarizer.Revisions;

/// <summary>What a job calls for, now that its messages are known.</summary>
internal enum Verdict
{
    /// <summary>The model is asked.</summary>
    Ask,

    /// <summary>Nothing was left to summarise, and nothing was said yet.</summary>
    Empty,

    /// <summary>The summary is replaced by the word that its messages are gone; nobody is asked for that.</summary>
    Retract,

    /// <summary>The summary stays as it is: it would rest on the same.</summary>
    Skip,
}

/// <summary>What is done with a job whose messages may have changed since they were last summarised.</summary>
internal static class Rewriting
{
    /// <summary>Decides.</summary>
    /// <param name="job">The job with its messages as they are now.</param>
    /// <param name="promptHash">What would be asked; null when no messages are left.</param>
    public static Verdict VerdictOn(LoadedJob job, string? promptHash) => job.Replaced switch
    {
        null => promptHash is null ? Verdict.Empty : Verdict.Ask,
        { MessageCount: var count } when promptHash is null => count == 0 ? Verdict.Skip : Verdict.Retract,
        { PromptHash: var asked } => asked == promptHash ? Verdict.Skip : Verdict.Ask,
    };

    /// <summary>What stands in a summary's place when its messages are all deleted.</summary>
    public static StoredSummary Retracted(LoadedJob job, DateTimeOffset at) => new(
        job.Replaced!.LocalDate,
        job.Replaced.Language,
        new SummaryContent([], "", []),
        MessageCount: 0,
        LeftOut: 0,
        StreakDays: 0,
        job.Replaced.Model,
        at,
        job.Key.Revision);
}
