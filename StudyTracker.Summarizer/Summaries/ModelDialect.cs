namespace StudyTracker.Summarizer.Summaries;

/// <summary>By which parameter the length of an answer is bounded.</summary>
internal enum OutputLimit
{
    /// <summary>OpenAI's present name.</summary>
    MaxCompletionTokens,

    /// <summary>The name that older servers know.</summary>
    MaxTokens,

    /// <summary>Not at all: the server knows neither.</summary>
    None,
}

/// <summary>A part of a request that a server may not know.</summary>
internal enum Parameter
{
    ResponseFormat,
    OutputLimit,
    SystemRole,
    ReasoningEffort,
    Stream,
}

/// <summary>How requests are put to a server: OpenAI's API without what this one has refused.</summary>
/// <param name="Format">How the answer's form is asked for.</param>
/// <param name="Limit">By which parameter its length is bounded.</param>
/// <param name="SystemRole">Whether the instructions are a message of their own; else they begin the user's.</param>
/// <param name="ReasoningEffort">Whether the effort is sent, where one is configured.</param>
/// <param name="Stream">Whether it is said that no stream is wanted.</param>
/// <param name="OutputTokens">Most tokens of an answer.</param>
/// <param name="PromptTokens">Most tokens of the messages in one prompt.</param>
internal sealed record ModelDialect(
    AnswerFormat Format, OutputLimit Limit, bool SystemRole, bool ReasoningEffort, bool Stream, int OutputTokens, int PromptTokens)
{
    /// <summary>What a server is asked that nothing is known of.</summary>
    public static ModelDialect Of(ModelOptions options) => new(
        options.AnswerFormat,
        OutputLimit.MaxCompletionTokens,
        SystemRole: true,
        ReasoningEffort: options.ReasoningEffort is not null,
        Stream: true,
        options.MaxOutputTokens,
        options.MaxPromptTokens);

    /// <summary>The next simpler way to ask, without what was refused; null when there is none.</summary>
    /// <param name="refused">What the server refused.</param>
    /// <param name="isUnknown">Whether it does not know the parameter at all, whatever its value.</param>
    public ModelDialect? Without(Parameter refused, bool isUnknown = false) => refused switch
    {
        Parameter.ResponseFormat when Format == AnswerFormat.JsonSchema && !isUnknown => this with { Format = AnswerFormat.JsonObject },
        Parameter.ResponseFormat when Format != AnswerFormat.Text => this with { Format = AnswerFormat.Text },
        Parameter.OutputLimit when Limit != OutputLimit.None => this with { Limit = Limit + 1 },
        Parameter.SystemRole when SystemRole => this with { SystemRole = false },
        Parameter.ReasoningEffort when ReasoningEffort => this with { ReasoningEffort = false },
        Parameter.Stream when Stream => this with { Stream = false },
        _ => null,
    };

    /// <summary>The next simpler way where the server does not say what it refuses: the newest part of the API is the likeliest.</summary>
    public ModelDialect? Simpler() => Without(Parameter.ResponseFormat) ?? Without(Parameter.ReasoningEffort) ?? Without(Parameter.OutputLimit);
}
