using System.ComponentModel.DataAnnotations;

namespace StudyTracker.Summarizer.Summaries;

/// <summary>Which language model writes, and within what limits (section <c>OpenAI</c>).</summary>
internal sealed class ModelOptions : IValidatableObject
{
    public const string Section = "OpenAI";

    /// <summary>The API key. Required.</summary>
    [Required(ErrorMessage = "is required: a key of platform.openai.com, or of the OpenAI-compatible server at OpenAI:Endpoint.")]
    public string ApiKey { get; set; } = "";

    /// <summary>Base address of an OpenAI-compatible API; OpenAI's own by default.</summary>
    [Required(ErrorMessage = "must be an http or https address such as https://api.openai.com/v1.")]
    public Uri Endpoint { get; set; } = new("https://api.openai.com/v1");

    /// <summary>The model; gpt-4.1-mini by default.</summary>
    [Required(ErrorMessage = "is required: the name of a model.")]
    public string Model { get; set; } = "gpt-4.1-mini";

    /// <summary>Time limit of one call, in seconds; 60 by default, 1 to 600.</summary>
    [Range(1, 600, ErrorMessage = "must be 1 to 600 seconds.")]
    public int TimeoutSeconds { get; set; } = 60;

    /// <summary>Most tokens of an answer; 1,200 by default, 100 to 16,000.</summary>
    [Range(100, 16_000, ErrorMessage = "must be 100 to 16,000 tokens.")]
    public int MaxOutputTokens { get; set; } = 1_200;

    /// <summary>Calls made at once for one job before it is put off; 3 by default, 1 to 10.</summary>
    [Range(1, 10, ErrorMessage = "must be 1 to 10 attempts.")]
    public int MaxAttempts { get; set; } = 3;

    /// <summary>How often a job may be put off before it is parked; 10 by default, 0 to 1,000.</summary>
    [Range(0, 1_000, ErrorMessage = "must be 0 to 1,000 times.")]
    public int MaxPostponements { get; set; } = 10;

    /// <summary>How long a job is put off, in seconds, unless the server says longer; 30 by default, 1 to 900.</summary>
    [Range(1, 900, ErrorMessage = "must be 1 to 900 seconds.")]
    public int PostponeSeconds { get; set; } = 30;

    /// <summary>
    /// Most characters of messages in one prompt; the oldest are left out beyond it, and the summary says how many. 60,000
    /// by default (some 15,000 to 40,000 tokens), 1,000 to 1,000,000.
    /// </summary>
    [Range(1_000, 1_000_000, ErrorMessage = "must be 1,000 to 1,000,000 characters.")]
    public int MaxPromptCharacters { get; set; } = 60_000;

    /// <summary>How long an answer is kept in the prompt cache, in hours; 24 by default, 0 (not at all) to 720.</summary>
    [Range(0, 720, ErrorMessage = "must be 0 to 720 hours.")]
    public int CacheHours { get; set; } = 24;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!Endpoint.IsAbsoluteUri || Endpoint.Scheme is not ("http" or "https"))
            yield return new ValidationResult("must be an http or https address such as https://api.openai.com/v1.", [nameof(Endpoint)]);
    }
}
