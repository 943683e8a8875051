using System.ComponentModel.DataAnnotations;

namespace StudyTracker.Summarizer.Retention;

/// <summary>How long rows are kept (section <c>Retention</c>).</summary>
internal sealed class RetentionOptions : IValidatableObject
{
    public const string Section = "Retention";

    // A month and its late messages: whoever deletes earlier would take messages from the monthly summary.
    private const int ShortestDays = 35;

    /// <summary>
    /// Days after which messages, and the summaries, jobs and runs made of them, are deleted; 0, the default, keeps them for ever;
    /// else 35 to 36,500. Deleted is by age alone, whether or not a summary has covered a message: it is a promise to the
    /// learners, and 35 days leave every kind of summary its chance.
    /// </summary>
    [Range(0, 36_500, ErrorMessage = "must be 0 (keep for ever) or 35 to 36,500 days.")]
    public int MessageDays { get; set; }

    /// <summary>Rows deleted by one statement; 1,000 by default, 1 to 100,000. Only these rows are locked meanwhile.</summary>
    [Range(1, 100_000, ErrorMessage = "must be 1 to 100,000 rows.")]
    public int BatchRows { get; set; } = 1_000;

    /// <summary>Pause between two such statements, in milliseconds; 50 by default, 0 to 60,000. Leaves room to the stages.</summary>
    [Range(0, 60_000, ErrorMessage = "must be 0 to 60,000 ms.")]
    public int PauseMs { get; set; } = 50;

    /// <summary>How often old rows are looked for, in seconds; 3,600 by default, 1 to 86,400.</summary>
    [Range(1, 86_400, ErrorMessage = "must be 1 to 86,400 seconds.")]
    public int IntervalSeconds { get; set; } = 3_600;

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) => MessageDays is > 0 and < ShortestDays
        ? [new ValidationResult($"must be 0 (keep for ever) or {ShortestDays} to 36,500 days.", [nameof(MessageDays)])]
        : [];
}
