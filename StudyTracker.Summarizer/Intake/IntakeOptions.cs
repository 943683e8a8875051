using System.ComponentModel.DataAnnotations;

namespace StudyTracker.Summarizer.Intake;

/// <summary>What intake accepts (section <c>Intake</c>).</summary>
internal sealed class IntakeOptions
{
    public const string Section = "Intake";

    /// <summary>
    /// How much of a message's text is stored, in characters (UTF-16, without markup and entities); 40,000 by default (where Slack
    /// truncates), 1 to 1,000,000. What is longer is cut, and the model is told so.
    /// </summary>
    [Range(1, 1_000_000, ErrorMessage = "must be 1 to 1,000,000 characters.")]
    public int MaxTextLength { get; set; } = 40_000;

    /// <summary>
    /// How much is stored of what came along with a message (forwarded messages, snippets, titles of links and files), in
    /// characters; 8,000 by default, 0 to 1,000,000.
    /// </summary>
    [Range(0, 1_000_000, ErrorMessage = "must be 0 to 1,000,000 characters.")]
    public int MaxAttachedLength { get; set; } = 8_000;

    /// <summary>
    /// How long storing a batch may take, in seconds, before it is given up and tried again; 15 by default, 1 to 600. A database
    /// that is slow or locked is waited for this way however long it lasts, and nothing is committed to Kafka meanwhile.
    /// </summary>
    [Range(1, 600, ErrorMessage = "must be 1 to 600 seconds.")]
    public int StatementTimeoutSeconds { get; set; } = 15;
}
