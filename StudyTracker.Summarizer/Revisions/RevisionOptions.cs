using System.ComponentModel.DataAnnotations;

namespace StudyTracker.Summarizer.Revisions;

/// <summary>When a summary is written anew because a message that it rests on was changed (section <c>Revisions</c>).</summary>
internal sealed class RevisionOptions
{
    public const string Section = "Revisions";

    /// <summary>
    /// For how long after it was written a summary follows its messages, in hours; 24 by default, 1 to 720; 0 is never. By the
    /// time of the edit or deletion, as Slack tells it: one that arrives late still counts. A message that
    /// <c>Retention:MessageDays</c> has deleted by then is not in the rewriting.
    /// </summary>
    [Range(0, 720, ErrorMessage = "must be 0 (never) to 720 hours.")]
    public int WithinHours { get; set; } = 24;

    /// <summary>
    /// How long a member must have changed nothing before summaries are written anew, in seconds; 60 by default, 0 to 3,600.
    /// Edits that follow each other lead to one rewriting.
    /// </summary>
    [Range(0, 3_600, ErrorMessage = "must be 0 to 3,600 seconds.")]
    public int SettleSeconds { get; set; } = 60;

    /// <summary>
    /// After how long it is done even though the member goes on changing messages, in seconds; 600 by default, 1 to 86,400. When
    /// it is less than <see cref="SettleSeconds"/>, changes do not wait longer than this either.
    /// </summary>
    [Range(1, 86_400, ErrorMessage = "must be 1 to 86,400 seconds.")]
    public int SettleAtMostSeconds { get; set; } = 600;

    /// <summary>How often changes that have settled are looked for, in seconds; 10 by default, 1 to 3,600.</summary>
    [Range(1, 3_600, ErrorMessage = "must be 1 to 3,600 seconds.")]
    public int IntervalSeconds { get; set; } = 10;

    /// <summary>Members whose changes are dealt with in one transaction; 500 by default, 1 to 5,000.</summary>
    [Range(1, 5_000, ErrorMessage = "must be 1 to 5,000 members.")]
    public int BatchSize { get; set; } = 500;

    /// <summary>Whether summaries are written anew at all.</summary>
    public bool Enabled => WithinHours > 0;
}
