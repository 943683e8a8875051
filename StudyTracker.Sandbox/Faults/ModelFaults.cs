using System.Text.Json.Serialization;

namespace StudyTracker.Sandbox.Faults;

/// <summary>
/// Shares of the model's calls that go wrong, or come out odd: after the last failure that anybody may see come the odd
/// answers of servers that speak OpenAI's protocol in their own way.
/// </summary>
internal sealed record ModelFaults
{
    /// <summary>Answered with 429.</summary>
    public double RateLimited { get; init; }

    /// <summary>Answered with 500.</summary>
    public double ServerError { get; init; }

    /// <summary>Left without an answer.</summary>
    public double Hang { get; init; }

    /// <summary>Answered with something that is not JSON.</summary>
    public double Nonsense { get; init; }

    /// <summary>Cut off in the middle, with finish_reason <c>length</c>.</summary>
    public double Truncated { get; init; }

    /// <summary>Answered with 402: no money left.</summary>
    public double PaymentRequired { get; init; }

    /// <summary>Answered with 429 <c>insufficient_quota</c>, and no Retry-After.</summary>
    public double QuotaSpent { get; init; }

    /// <summary>Answered with 400 <c>context_length_exceeded</c>.</summary>
    public double ContextExceeded { get; init; }

    /// <summary>A response_format of json_schema is refused with 400; calls without one are not hit.</summary>
    public double SchemaRefused { get; init; }

    /// <summary>A response_format of json_schema is refused with 422; calls without one are not hit.</summary>
    public double SchemaUnprocessable { get; init; }

    /// <summary><c>max_completion_tokens</c> is refused with 422; calls without it are not hit.</summary>
    public double NewLimitUnprocessable { get; init; }

    /// <summary>Answered with 200, and an error in the body.</summary>
    public double ErrorInside { get; init; }

    /// <summary>Answered with 200, and a page of HTML.</summary>
    public double HtmlPage { get; init; }

    /// <summary>The connection ends in the middle of the answer.</summary>
    public double BrokenOff { get; init; }

    /// <summary>Answered without a choice.</summary>
    public double NoChoices { get; init; }

    /// <summary>The model refuses: no content, but a refusal.</summary>
    public double Refusal { get; init; }

    /// <summary>Cut off by a content filter.</summary>
    public double ContentFilter { get; init; }

    /// <summary>All tokens went into reasoning: no content, finish_reason <c>length</c>.</summary>
    public double ReasoningOnly { get; init; }

    /// <summary>A good answer within a Markdown fence.</summary>
    public double CodeFence { get; init; }

    /// <summary>A good answer with words before and after it.</summary>
    public double Chatter { get; init; }

    /// <summary>A good answer after <c>&lt;think&gt;…&lt;/think&gt;</c>.</summary>
    public double ThinkTags { get; init; }

    /// <summary>A good answer as a list of parts, the first of type <c>thinking</c>.</summary>
    public double ContentParts { get; init; }

    /// <summary>A good answer with finish_reason null, <c>""</c> or <c>"eos"</c>, in turn.</summary>
    public double OddFinishReason { get; init; }

    /// <summary>A good answer whose sources are 1, <c>"1"</c> or <c>"[m1]"</c> in place of <c>"m1"</c>, in turn.</summary>
    public double OddSources { get; init; }

    /// <summary>A good answer without id, created, model, role and whatever else nobody needs.</summary>
    public double Sparse { get; init; }

    /// <summary>A good answer without usage.</summary>
    public double NoUsage { get; init; }

    /// <summary>A good answer whose usage says that the server read a twentieth of the prompt.</summary>
    public double UsageTooLow { get; init; }

    /// <summary>A good answer in pieces, although nobody asked for a stream.</summary>
    public double UnaskedStream { get; init; }

    /// <summary>The shares in the order of <see cref="ModelFault"/>.</summary>
    [JsonIgnore]
    public double[] Shares =>
    [
        RateLimited, ServerError, Hang, Nonsense, Truncated, PaymentRequired, QuotaSpent, ContextExceeded, SchemaRefused, SchemaUnprocessable,
        NewLimitUnprocessable, ErrorInside, HtmlPage, BrokenOff, NoChoices, Refusal, ContentFilter, ReasoningOnly, CodeFence, Chatter, ThinkTags,
        ContentParts, OddFinishReason, OddSources, Sparse, NoUsage, UsageTooLow, UnaskedStream,
    ];
}

/// <summary>A fault of the model.</summary>
internal enum ModelFault
{
    None,
    RateLimited,
    ServerError,
    Hang,
    Nonsense,
    Truncated,
    PaymentRequired,
    QuotaSpent,
    ContextExceeded,
    SchemaRefused,
    SchemaUnprocessable,
    NewLimitUnprocessable,
    ErrorInside,
    HtmlPage,
    BrokenOff,
    NoChoices,
    Refusal,
    ContentFilter,
    ReasoningOnly,
    CodeFence,
    Chatter,
    ThinkTags,
    ContentParts,
    OddFinishReason,
    OddSources,
    Sparse,
    NoUsage,
    UsageTooLow,
    UnaskedStream,
}
