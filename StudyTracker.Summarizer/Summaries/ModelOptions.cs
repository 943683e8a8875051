using System.ComponentModel.DataAnnotations;

namespace StudyTracker.Summarizer.Summaries;

/// <summary>How an answer's form is asked for.</summary>
internal enum AnswerFormat
{
    /// <summary>By strict JSON schema: OpenAI, Azure OpenAI, vLLM, llama.cpp, Ollama.</summary>
    JsonSchema,

    /// <summary>As any JSON object: servers that know no schemas. The prompt describes it, and every answer is checked anyway.</summary>
    JsonObject,

    /// <summary>Not at all: servers that refuse a response_format.</summary>
    Text,
}

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

    /// <summary>How an answer's form is asked for; <c>JsonSchema</c> by default. What the server refuses is asked for in the next simpler way.</summary>
    public AnswerFormat AnswerFormat { get; set; } = AnswerFormat.JsonSchema;

    /// <summary>Time limit of one call from its start to the last byte, in seconds; 60 by default, 1 to 600.</summary>
    [Range(1, 600, ErrorMessage = "must be 1 to 600 seconds.")]
    public int TimeoutSeconds { get; set; } = 60;

    /// <summary>
    /// Most tokens of the messages in one prompt, by our own estimate, which is on the high side; the oldest messages are
    /// left out beyond it, and the summary says how many. 20,000 by default, 500 to 500,000. A server with less room makes it less.
    /// </summary>
    [Range(500, 500_000, ErrorMessage = "must be 500 to 500,000 tokens.")]
    public int MaxPromptTokens { get; set; } = 20_000;

    /// <summary>Most tokens of an answer; 1,200 by default, 100 to 16,000.</summary>
    [Range(100, 16_000, ErrorMessage = "must be 100 to 16,000 tokens.")]
    public int MaxOutputTokens { get; set; } = 1_200;

    /// <summary>
    /// Room for the thoughts of a model that reasons, in tokens on top of <see cref="MaxOutputTokens"/>; 8,000 by default, 0 (none)
    /// to 64,000. Given only once a model has spent a whole answer on thoughts, and then to every call.
    /// </summary>
    [Range(0, 64_000, ErrorMessage = "must be 0 to 64,000 tokens.")]
    public int MaxReasoningTokens { get; set; } = 8_000;

    /// <summary>How much a model that reasons may think: none, minimal, low, medium, high or xhigh. Not sent by default: the model decides.</summary>
    [RegularExpression("none|minimal|low|medium|high|xhigh", ErrorMessage = "must be none, minimal, low, medium, high or xhigh, or left out.")]
    public string? ReasoningEffort { get; set; }

    /// <summary>Longest answer of the server that is read, in KiB; 1,024 by default, 16 to 16,384.</summary>
    [Range(16, 16_384, ErrorMessage = "must be 16 to 16,384 KiB.")]
    public int MaxAnswerKiB { get; set; } = 1_024;

    /// <summary>Calls under way at once in this replica; 64 by default, 1 to 1,000. The server's 429 make it fewer for a while.</summary>
    [Range(1, 1_000, ErrorMessage = "must be 1 to 1,000 calls.")]
    public int MaxConcurrentCalls { get; set; } = 64;

    /// <summary>
    /// Calls in any minute, of all replicas together; 0 (the default) for no limit of ours, up to 1,000,000. Set it to what
    /// the account allows, or a little less: then the server never has to refuse.
    /// </summary>
    [Range(0, 1_000_000, ErrorMessage = "must be 0 to 1,000,000 calls a minute.")]
    public int RequestsPerMinute { get; set; }

    /// <summary>
    /// Tokens in any minute, of all replicas together; 0 (the default) for no limit of ours, up to 1,000,000,000. A call
    /// counts with its prompt by our estimate and <see cref="MaxOutputTokens"/>, as OpenAI counts it.
    /// </summary>
    [Range(0, 1_000_000_000, ErrorMessage = "must be 0 to 1,000,000,000 tokens a minute.")]
    public int TokensPerMinute { get; set; }

    /// <summary>
    /// Whether replicas share the two limits above through Redis; on by default. Off, or while Redis is away, each replica
    /// keeps them by itself.
    /// </summary>
    public bool SharePace { get; set; } = true;

    /// <summary>
    /// How long a job waits in its slot for its turn under these limits, in seconds; 5 by default, 0 to 60. Who would have
    /// to wait longer comes back later and leaves the slot to others.
    /// </summary>
    [Range(0, 60, ErrorMessage = "must be 0 to 60 seconds.")]
    public int MaxPaceWaitSeconds { get; set; } = 5;

    /// <summary>Calls made in a row for one job before it is put off; 3 by default, 1 to 10.</summary>
    [Range(1, 10, ErrorMessage = "must be 1 to 10 attempts.")]
    public int MaxAttempts { get; set; } = 3;

    /// <summary>
    /// Calls that may be repeated at once after a failure, in percent of all calls; 10 by default, 0 to 100. Beyond it the
    /// job is put off: a server that fails is not asked more often because it fails.
    /// </summary>
    [Range(0, 100, ErrorMessage = "must be 0 to 100 percent.")]
    public int RetryBudgetPercent { get; set; } = 10;

    /// <summary>
    /// How often a job may be put off because its own calls failed, before it is parked; 10 by default, 0 to 1,000. Waiting
    /// for a turn, or for a server that fails everybody, does not count.
    /// </summary>
    [Range(0, 1_000, ErrorMessage = "must be 0 to 1,000 times.")]
    public int MaxPostponements { get; set; } = 10;

    /// <summary>How long a job is put off, in seconds, unless the server says longer; 30 by default, 1 to 900.</summary>
    [Range(1, 900, ErrorMessage = "must be 1 to 900 seconds.")]
    public int PostponeSeconds { get; set; } = 30;

    /// <summary>Failures in a row after which no more calls are made for a while; 10 by default, 1 to 1,000.</summary>
    [Range(1, 1_000, ErrorMessage = "must be 1 to 1,000 failures.")]
    public int BreakAfterFailures { get; set; } = 10;

    /// <summary>
    /// How long no calls are made, in seconds, before one tries whether the server is well again; doubled each time that it
    /// is not, up to eight times this. 15 by default, 1 to 600.
    /// </summary>
    [Range(1, 600, ErrorMessage = "must be 1 to 600 seconds.")]
    public int BreakSeconds { get; set; } = 15;

    /// <summary>
    /// Tokens, in and out, that a workspace may spend on one day in the schedule's time zone; 0 (the default) for no limit,
    /// up to 1,000,000,000. A job beyond it is parked and goes on by itself the next day. Calls under way may exceed it.
    /// </summary>
    [Range(0, 1_000_000_000, ErrorMessage = "must be 0 to 1,000,000,000 tokens.")]
    public int DailyTokensPerWorkspace { get; set; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!Endpoint.IsAbsoluteUri || Endpoint.Scheme is not ("http" or "https"))
            yield return new ValidationResult("must be an http or https address such as https://api.openai.com/v1.", [nameof(Endpoint)]);
    }
}
