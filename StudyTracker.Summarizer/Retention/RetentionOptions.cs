using System.ComponentModel.DataAnnotations;
using StudyTracker.Retention;

namespace StudyTracker.Summarizer.Retention;

/// <summary>How long the Summarizer keeps rows.</summary>
internal sealed class RetentionOptions : RetentionRounds, IValidatableObject
{
    // A month and its late messages: whoever deletes earlier would take messages from the monthly summary.
    private const int ShortestDays = 35;

    /// <summary>
    /// Days after which messages, and the summaries, jobs and runs made of them, are deleted; 0, the default, keeps them for ever;
    /// else 35 to 36,500. Deleted is by age alone, whether or not a summary has covered a message: it is a promise to the
    /// learners, and 35 days leave every kind of summary its chance.
    /// </summary>
    [Range(0, 36_500, ErrorMessage = "must be 0 (keep for ever) or 35 to 36,500 days.")]
    public int MessageDays { get; set; }

    /// <summary>The tables that age; a run goes when the last of its jobs has gone.</summary>
    public static IReadOnlyList<AgingTable> Tables { get; } =
    [
        new("messages", "row.posted_at < $1"),
        new("days", "row.day < $1::date"),
        new("past_clocks", """
            NOT EXISTS (
                SELECT FROM study.messages m
                WHERE (m.team_id, m.user_id) = (row.team_id, row.user_id) AND m.seq <= row.until_seq AND m.posted_at >= $1)
            """),
        new("summaries", "row.created_at < $1"),
        new("message_edits", "row.first_at < $1"),
        new("revisions", "row.created_at < $1"),
        new("jobs", "row.finished_at < $1"),
        new("runs", "row.requested_at < $1 AND NOT EXISTS (SELECT 1 FROM study.jobs j WHERE j.run_id = row.run_id)"),
    ];

    /// <inheritdoc />
    public override (int Days, string Option) Age() => (MessageDays, nameof(MessageDays));

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) => MessageDays is > 0 and < ShortestDays
        ? [new ValidationResult($"must be 0 (keep for ever) or {ShortestDays} to 36,500 days.", [nameof(MessageDays)])]
        : [];
}
