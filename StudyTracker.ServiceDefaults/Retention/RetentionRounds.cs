using System.ComponentModel.DataAnnotations;

namespace StudyTracker.Retention;

/// <summary>How a service deletes what is too old (section <c>Retention</c>); each says for itself what and when that is.</summary>
public abstract class RetentionRounds
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Retention";

    /// <summary>Rows deleted by one statement; 1,000 by default, 1 to 100,000. Only these rows are locked meanwhile.</summary>
    [Range(1, 100_000, ErrorMessage = "must be 1 to 100,000 rows.")]
    public int BatchRows { get; set; } = 1_000;

    /// <summary>Pause between two such statements, in milliseconds; 50 by default, 0 to 60,000. Leaves room to the stages.</summary>
    [Range(0, 60_000, ErrorMessage = "must be 0 to 60,000 ms.")]
    public int PauseMs { get; set; } = 50;

    /// <summary>How often old rows are looked for, in seconds; 3,600 by default, 1 to 86,400.</summary>
    [Range(1, 86_400, ErrorMessage = "must be 1 to 86,400 seconds.")]
    public int IntervalSeconds { get; set; } = 3_600;

    /// <summary>After how many days a row is too old, and the option that says so; 0 days: never.</summary>
    public abstract (int Days, string Option) Age();
}
