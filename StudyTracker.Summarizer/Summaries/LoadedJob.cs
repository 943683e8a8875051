using StudyTracker.Contracts;
using StudyTracker.Summarizer.Days;
using StudyTracker.Summarizer.Storage;

namespace StudyTracker.Summarizer.Summaries;

/// <summary>Which job: a summary's own, or one of its rewritings.</summary>
/// <param name="JobId">The job, whose summary has the same id.</param>
/// <param name="Revision">0, or which rewriting.</param>
internal readonly record struct JobKey(Guid JobId, int Revision = 0);

/// <summary>A job with everything that its next step needs.</summary>
internal sealed class LoadedJob
{
    public required JobKey Key { get; init; }

    public Guid JobId => Key.JobId;

    public required string RunId { get; init; }

    public required string TeamId { get; init; }

    public required string UserId { get; init; }

    public required SummaryKind Kind { get; init; }

    public required JobState State { get; init; }

    public required DateTimeOffset RequestedAt { get; init; }

    /// <summary>When the member was promised the summary.</summary>
    public required DateTimeOffset DueAt { get; init; }

    public required string? Locale { get; init; }

    /// <summary>The member's clock now.</summary>
    public required ClockSettings Clock { get; init; }

    /// <summary>On which day each message was written.</summary>
    public MessageDays Days { get; set; } = null!;

    /// <summary>Tokens that the workspace has spent today.</summary>
    public required long SpentToday { get; init; }

    /// <summary>The newest messages of the window, in the order in which they were posted.</summary>
    public List<Message> Messages { get; } = [];

    /// <summary>How many messages the window has in all.</summary>
    public int MessagesInWindow { get; set; }

    /// <summary>The summary, of a job that is written.</summary>
    public StoredSummary? Summary { get; set; }

    /// <summary>What a rewriting that is not written yet is to replace; null for a summary's own job.</summary>
    public ReplacedSummary? Replaced { get; init; }

    /// <summary>Whether nothing is left to do.</summary>
    public bool IsFinished => State is not (JobState.Pending or JobState.Written);

    /// <summary>The member's day on which a message was written.</summary>
    public DateOnly DayOf(Message message) => Days.DayOf(message.Seq, message.PostedAt);

    /// <summary>The record that hands the summary over. Made of stored values alone, it is always the same.</summary>
    public FeedbackRecord ToFeedback(StoredSummary summary) => new(
        JobId,
        RunId,
        TeamId,
        UserId,
        Kind,
        summary.LocalDate,
        summary.Language,
        summary.Content,
        summary.MessageCount,
        summary.Model,
        RequestedAt,
        DueAt,
        WrittenAt: summary.WrittenAt,
        StreakDays: summary.StreakDays,
        LeftOut: summary.LeftOut,
        Revision: summary.Revision);
}

/// <summary>What of a summary is stored and handed over.</summary>
internal sealed record StoredSummary(
    DateOnly LocalDate,
    string Language,
    SummaryContent Content,
    int MessageCount,
    int LeftOut,
    int StreakDays,
    string Model,
    DateTimeOffset WrittenAt,
    int Revision = 0);

/// <summary>What a rewriting replaces.</summary>
/// <param name="LocalDate">The date that the summary is for, which stays.</param>
/// <param name="Language">Its language.</param>
/// <param name="MessageCount">How many messages it rests on.</param>
/// <param name="Model">Who wrote it.</param>
/// <param name="PromptHash">What was asked; empty when nobody was.</param>
internal sealed record ReplacedSummary(DateOnly LocalDate, string Language, int MessageCount, string Model, string PromptHash);

/// <summary>A summary to be stored, with what it cost.</summary>
internal sealed record NewSummary(Guid JobId, StoredSummary Summary, string PromptHash, Cost Cost, DateOnly SpentOn);

/// <summary>What answers cost, the useless ones included.</summary>
/// <param name="Cached">Whether the answer came from the prompt cache.</param>
/// <param name="InputTokens">Tokens in.</param>
/// <param name="CachedInputTokens">Of these, those that the provider had in its own cache.</param>
/// <param name="OutputTokens">Tokens out.</param>
internal readonly record struct Cost(bool Cached, int InputTokens, int CachedInputTokens, int OutputTokens)
{
    public static Cost operator +(Cost cost, Completion paid) => cost with
    {
        InputTokens = cost.InputTokens + paid.InputTokens,
        CachedInputTokens = cost.CachedInputTokens + paid.CachedInputTokens,
        OutputTokens = cost.OutputTokens + paid.OutputTokens,
    };
}

/// <summary>The end of a job.</summary>
/// <param name="Job">The job.</param>
/// <param name="State">How it ended.</param>
/// <param name="Error">Why it was parked.</param>
/// <param name="RetryAt">When it goes on by itself.</param>
/// <param name="Paid">What was paid for nothing.</param>
/// <param name="SpentOn">On which day.</param>
internal sealed record JobEnd(JobKey Job, JobState State, string? Error, DateTimeOffset? RetryAt, Cost Paid, DateOnly SpentOn);

/// <summary>What came of storing a summary.</summary>
internal enum StoreOutcome
{
    /// <summary>It is stored, and its job written.</summary>
    Stored,

    /// <summary>The job was no longer pending: another worker with the same record was quicker, or it is erased.</summary>
    NotPending,

    /// <summary>Another job's summary is for the same member, kind and window.</summary>
    Conflict,
}
