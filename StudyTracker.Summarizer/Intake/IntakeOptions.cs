using System.ComponentModel.DataAnnotations;

namespace StudyTracker.Summarizer.Intake;

/// <summary>What intake accepts (section <c>Intake</c>).</summary>
internal sealed class IntakeOptions
{
    public const string Section = "Intake";

    /// <summary>Longest text of a message, in characters; 40,000 by default (where Slack truncates), 1 to 1,000,000.</summary>
    [Range(1, 1_000_000, ErrorMessage = "must be 1 to 1,000,000 characters.")]
    public int MaxTextLength { get; set; } = 40_000;

    /// <summary>
    /// How long storing a batch may take, in seconds, before it is given up and tried again; 15 by default, 1 to 600. A database
    /// that is slow or locked is waited for this way however long it lasts, and nothing is committed to Kafka meanwhile.
    /// </summary>
    [Range(1, 600, ErrorMessage = "must be 1 to 600 seconds.")]
    public int StatementTimeoutSeconds { get; set; } = 15;
}
