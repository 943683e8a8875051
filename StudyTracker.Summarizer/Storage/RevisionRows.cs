namespace StudyTracker.Summarizer.Storage;

/// <summary>
/// A stored message that was edited or deleted since, until it is known which summaries rest on it. Intake writes it in the
/// transaction that changes the message, so whoever sees it sees the new text too.
/// </summary>
internal sealed class MessageEdit
{
    public required string TeamId { get; init; }

    public required string UserId { get; init; }

    /// <summary>The message: <see cref="Message.Seq"/>.</summary>
    public long Seq { get; init; }

    /// <summary>When it was first edited or deleted, as Slack tells it.</summary>
    public DateTimeOffset ChangedAt { get; set; }

    /// <summary>When intake first heard of it.</summary>
    public DateTimeOffset FirstAt { get; set; }

    /// <summary>When it counts as settled, unless the member changes something else before.</summary>
    public DateTimeOffset DueAt { get; set; }
}

/// <summary>One rewriting of a summary. At most one of a summary is open at a time.</summary>
internal sealed class Revision
{
    /// <summary>The summary, and the job that it was first written for.</summary>
    public Guid SummaryId { get; init; }

    /// <summary>Counts up from 1; one that turned out to be needless or was given up is taken up again under its number.</summary>
    public int Number { get; init; }

    public required string TeamId { get; init; }

    public required string UserId { get; init; }

    /// <summary>How far it is; <see cref="JobState.Pending"/> at first.</summary>
    public JobState State { get; set; }

    public string? Error { get; set; }

    /// <summary>When the first of its changes was made.</summary>
    public DateTimeOffset ChangedAt { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset? FinishedAt { get; set; }

    /// <summary>When it is put on its way by itself, as <see cref="Job.RetryAt"/>. Null: never.</summary>
    public DateTimeOffset? RetryAt { get; set; }

    /// <summary>Hash of the prompt of the text that it replaced: the cache may still hold the answer.</summary>
    public string? ReplacedHash { get; set; }
}
