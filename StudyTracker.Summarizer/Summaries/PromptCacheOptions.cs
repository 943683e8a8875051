using System.ComponentModel.DataAnnotations;

namespace StudyTracker.Summarizer.Summaries;

/// <summary>How answers are kept in Redis (section <c>PromptCache</c>).</summary>
internal sealed class PromptCacheOptions
{
    public const string Section = "PromptCache";

    /// <summary>How long an answer is kept, in hours; 24 by default, 0 (not at all) to 720.</summary>
    [Range(0, 720, ErrorMessage = "must be 0 to 720 hours.")]
    public int Hours { get; set; } = 24;

    /// <summary>How long Redis may take to answer, in milliseconds, before it is done without; 250 by default, 10 to 10,000.</summary>
    [Range(10, 10_000, ErrorMessage = "must be 10 to 10,000 ms.")]
    public int TimeoutMs { get; set; } = 250;

    /// <summary>
    /// How long Redis is left alone after it did not answer, in milliseconds, so that not every job waits for it in vain;
    /// 1,000 by default, 0 to 60,000.
    /// </summary>
    [Range(0, 60_000, ErrorMessage = "must be 0 to 60,000 ms.")]
    public int AwayMs { get; set; } = 1_000;

    /// <summary>
    /// Model calls at once in this replica while Redis cannot keep others from asking the same; 16 by default, 1 to 1,000.
    /// </summary>
    [Range(1, 1_000, ErrorMessage = "must be 1 to 1,000 calls.")]
    public int MaxCallsWithoutRedis { get; set; } = 16;
}
