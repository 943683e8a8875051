using System.ClientModel.Primitives;
using System.Text.RegularExpressions;

namespace StudyTracker.Summarizer.Summaries;

/// <summary>What comes of a failed call.</summary>
internal enum FailureKind
{
    /// <summary>It may pass: repeated within the budget, then put off.</summary>
    Passing,

    /// <summary>The server limits the rate: all calls keep quiet for as long as it asked.</summary>
    RateLimited,

    /// <summary>Every call will fail like it until an operator mends something: no more calls for a while.</summary>
    Everybody,

    /// <summary>No repetition of this request can succeed.</summary>
    Final,

    /// <summary>The server does not know a parameter: it is left out from now on.</summary>
    Unsupported,

    /// <summary>The prompt is longer than the model can read: it is made shorter.</summary>
    TooLong,

    /// <summary>The server allows no answer as long as was asked for.</summary>
    AnswerTooLong,

    /// <summary>The model has answered with nothing but thoughts: it is given more room.</summary>
    NoRoomToThink,

    /// <summary>The server refuses the request and does not say why: it may be this one, or all.</summary>
    Unexplained,
}

/// <summary>What a failed call means.</summary>
/// <param name="Outcome">One word for metrics.</param>
/// <param name="Reason">A line for people, without content of the request.</param>
/// <param name="Kind">What comes of it.</param>
/// <param name="RetryAfter">What the server asked for.</param>
/// <param name="Refused">The parameter that it does not know.</param>
/// <param name="IsUnknown">Whether it knows the parameter with no value at all.</param>
/// <param name="Limit">How many tokens it has room for.</param>
/// <param name="Share">Which part of the prompt fits; 0 when the server gives no figures.</param>
internal sealed partial record ModelFailure(
    string Outcome, string Reason, FailureKind Kind, TimeSpan? RetryAfter = null,
    Parameter? Refused = null, bool IsUnknown = false, long Limit = 0, double Share = 0)
{
    private const int SmallestAnswer = 128; // below it, a number is no limit of an answer
    private const int SmallestContext = 512; // and none of a context

    /// <summary>No answer came, or none that anybody wants to read.</summary>
    public static ModelFailure Of(Exception error) => error.GetBaseException() is AnswerTooLongException
        ? new("nonsense", "the model's server answered with more than OpenAI:MaxAnswerKiB", FailureKind.Passing)
        : new("unreachable", "the model's server did not answer in time or could not be reached", FailureKind.Passing);

    /// <summary>All words of <see cref="Outcome"/>.</summary>
    public static IReadOnlyList<string> Outcomes { get; } =
    [
        "rate_limited", "server_error", "unreachable", "nonsense", "quota", "unauthorized", "not_found", "redirected", "unsupported", "too_long", "no_room",
        "refused", "filtered",
    ];

    /// <summary>An answer of nothing but thoughts, paid for.</summary>
    public static ModelFailure NoRoomToThink { get; } = new("no_room", "the model has spent all its tokens on thoughts", FailureKind.NoRoomToThink);

    /// <summary>Something came that is neither a completion nor an error.</summary>
    public static ModelFailure Nonsense { get; } = new("nonsense", "the model's server answered with something that is no completion", FailureKind.Passing);

    /// <summary>The server answered with an error. Servers and proxies disagree on the status of most, so that its words come first.</summary>
    /// <param name="error">The error.</param>
    /// <param name="words">Its message, fit for a log.</param>
    /// <param name="headers">The answer's headers.</param>
    /// <param name="used">How the server was asked.</param>
    /// <param name="now">The time.</param>
    public static ModelFailure Of(ModelError error, string words, PipelineResponseHeaders headers, ModelDialect used, DateTimeOffset now)
    {
        var (status, said) = (error.Status, words.Length > 0 ? $": {words}" : "");
        return OfPath(error, said)
            ?? OfAccount(error, said)
            ?? OfLength(error, said, used)
            ?? OfParameter(error, said, used)
            ?? OfModel(error, said)
            ?? status switch
            {
                429 => new("rate_limited", $"the model's server limits the rate (429){said}", FailureKind.RateLimited, RequestedWait.Of(headers, error.Text, now)),
                401 => new("unauthorized", $"the model's server refuses OpenAI:ApiKey (401){said}", FailureKind.Everybody),
                403 => new("unauthorized", $"the model's server refuses OpenAI:ApiKey or the place it is used from (403){said}", FailureKind.Everybody),
                404 or 405 or 410 => new("not_found", $"the model's server does not know OpenAI:Model, or nothing is at OpenAI:Endpoint ({status}){said}", FailureKind.Everybody),
                _ when error.Says("rate_limit_exceeded", "rate limit", "too many requests") =>
                    new("rate_limited", $"the model's server limits the rate{said}", FailureKind.RateLimited, RequestedWait.Of(headers, error.Text, now)),
                < 400 or 408 or 409 or 424 or 425 or 498 or 499 or >= 500 =>
                    new("server_error", $"the model's server failed ({status}){said}", FailureKind.Passing, RequestedWait.Of(headers, error.Text, now)),
                _ => new("refused", $"the model's server refuses the request ({status}){said}", FailureKind.Unexplained),
            };
    }

    /// <summary>Something on the way answers, not the server.</summary>
    private static ModelFailure? OfPath(ModelError error, string said) => error switch
    {
        { Status: 407 } => new("unauthorized", $"a proxy on the way to OpenAI:Endpoint wants a password (407){said}", FailureKind.Everybody),
        { Status: >= 300 and < 400 } => new("redirected", $"OpenAI:Endpoint redirects elsewhere ({error.Status}), which is not followed: the key goes to nobody else", FailureKind.Everybody),
        { IsPage: true, Status: >= 200 and < 300 } => new("nonsense", $"a web page answers at OpenAI:Endpoint{said}", FailureKind.Everybody),
        { IsPage: true, Status: 511 } => new("nonsense", $"a network wants somebody to sign in (511){said}", FailureKind.Everybody),
        _ => null,
    };

    /// <summary>The content of this prompt is refused; or the account, the key or the place, and with it every call.</summary>
    private static ModelFailure? OfAccount(ModelError error, string said) => error switch
    {
        _ when error.Says(
            "content_filter", "content management policy", "content_policy_violation", "responsibleaipolicyviolation",
            "data_inspection_failed", "input was flagged", "moderation_blocked", "prohibited_content") =>
            new("filtered", $"the content filter of the model's server refuses the messages (content_filter){said}", FailureKind.Final),
        // An empty purse often looks like a rate limit, but no second ends it.
        { Status: 402 } => new("quota", $"the model's account has no credit left (402){said}", FailureKind.Everybody),
        _ when error.Says("insufficient_quota", "insufficient quota") =>
            new("quota", $"the model's account has no quota left (insufficient_quota){said}", FailureKind.Everybody),
        _ when error.Says(
            "insufficient balance", "insufficient_balance", "insufficient credit", "insufficient_credit", "insufficient funds", "balance is too low",
            "payment required", "payment_required", "billing_hard_limit", "billing hard limit", "billing_not_active", "exceeded your monthly",
            "spend limit", "spending limit", "out of credits", "余额不足", "欠费", "account is in arrears", "arrearage") =>
            new("quota", $"the model's account has no credit left{said}", FailureKind.Everybody),
        _ when error.Says(
            "account_deactivated", "account has been deactivated", "account is not active", "account_suspended",
            "account has been suspended", "organization has been disabled") =>
            new("unauthorized", $"the model's account is closed{said}", FailureKind.Everybody),
        _ when error.Says(
            "invalid_api_key", "api_key_invalid", "incorrect api key", "invalid api key", "api key not valid",
            "api key expired", "authentication_error", "no auth credentials", "missing api key", "invalid authentication") =>
            new("unauthorized", $"the model's server refuses OpenAI:ApiKey ({error.Status}){said}", FailureKind.Everybody),
        _ when error.Says(
            "unsupported_country", "location is not supported", "country, region, or territory not supported",
            "not available in your country", "not available in your region") =>
            new("unauthorized", $"the model's server does not serve the place it is called from{said}", FailureKind.Everybody),
        _ => null,
    };

    private static ModelFailure? OfModel(ModelError error, string said) =>
        error.Status is < 500 and not 429
        && (error.Says(
            "model_not_found", "unsupported model", "deploymentnotfound", "model_decommissioned", "invalid model",
            "unknown model", "model_not_supported", "not a valid model", "no such model") || MissingModel().IsMatch(error.Text))
            ? new("not_found", $"the model's server does not know OpenAI:Model ({error.Status}){said}", FailureKind.Everybody)
            : null;

    private static ModelFailure? OfLength(ModelError error, string said, ModelDialect used)
    {
        if (AnswerLength().IsMatch(error.Text))
        {
            var allowed = error.Figures().Where(figure => figure >= SmallestAnswer && figure < used.OutputTokens).DefaultIfEmpty().Max();
            if (allowed > 0) return new("too_long", $"the model's server allows shorter answers only{said}", FailureKind.AnswerTooLong, Limit: allowed);
        }

        if (error.Status != 413 && !PromptLength().IsMatch(error.Text)) return null;
        // A rate limit is about the last minute, unless the request alone is beyond it.
        if (error.Status == 429 && !error.Says("request too large", "must be reduced", "reduce your message", "reduce the length")) return null;
        var figures = error.Figures().Where(figure => figure >= SmallestContext && figure != error.Status && figure != used.OutputTokens).ToList();
        var (limit, wanted) = figures.Count > 0 ? (figures.Min(), figures.Max()) : (0, 0);
        if (limit > 0 && limit / 2 < used.OutputTokens)
            return new("too_long", $"the prompt and its answer are too long for the model ({error.Status}){said}", FailureKind.AnswerTooLong, Limit: limit / 2);
        // What is said of all together counts the answer too, and nothing says which figure does.
        var share = limit > 0 && limit < wanted ? (double)Math.Max(limit - used.OutputTokens, limit / 4) / wanted : 0;
        return new("too_long", $"the prompt is too long for the model ({error.Status}){said}", FailureKind.TooLong, Limit: limit, Share: share);
    }

    private static ModelFailure? OfParameter(ModelError error, string said, ModelDialect used)
    {
        // A server that fails has to say so plainly; one that refuses has only to name the parameter.
        if (error.Status is < 200 or 401 or 403 or 429 || (error.Status >= 500 && !Unsupported().IsMatch(error.Text))) return null;
        var refused = Named(error, used);
        return refused is null ? null : new(
            "unsupported", $"the model's server refuses a parameter ({error.Status}){said}", FailureKind.Unsupported, Refused: refused, IsUnknown: Unknown().IsMatch(error.Text));
    }

    private static Parameter? Named(ModelError error, ModelDialect used) => error switch
    {
        _ when used.Format != AnswerFormat.Text && error.Says(
            "response_format", "response format", "json_schema", "json schema", "json_object", "json mode", "structured output",
            "guided_json", "guided decoding", "guided_decoding", "grammar", "invalid schema", "bad schema") =>
            Parameter.ResponseFormat,
        _ when used.ReasoningEffort && error.Says("reasoning_effort", "reasoning effort", "reasoning.effort", "thinking_level") => Parameter.ReasoningEffort,
        _ when used.Limit == OutputLimit.MaxCompletionTokens && error.Says("max_completion_tokens") => Parameter.OutputLimit,
        _ when used.Limit == OutputLimit.MaxTokens && error.Says("max_tokens") => Parameter.OutputLimit,
        _ when used.SystemRole && SystemRole().IsMatch(error.Text) => Parameter.SystemRole,
        _ when used.Stream && (error.Parameter == "stream" || StreamParameter().IsMatch(error.Text)) => Parameter.Stream,
        _ => null,
    };

    [GeneratedRegex(
        @"\bmodels?\b[^\n]{0,100}?" +
        @"(does not exist|do not exist|not found|is not available|not a valid|has been (deprecated|decommissioned|retired)|no longer (available|supported))|" +
        @"no (models loaded|endpoints found for)|(invalid|unknown|no such) model\b",
        RegexOptions.ExplicitCapture)]
    private static partial Regex MissingModel();

    [GeneratedRegex(
        @"at most [\d,]+ (completion|output) tokens|" +
        @"(max_completion_tokens|max_tokens|max_new_tokens|output tokens)\W[^\n]{0,120}" +
        @"(less than or equal|valid range|range is|maximum value|at most|must be between|should be in|cannot exceed|exceeds the (model's )?(maximum|output|limit))|" +
        @"max(imum)? (number of )?(completion|output) tokens",
        RegexOptions.ExplicitCapture)]
    private static partial Regex AnswerLength();

    [GeneratedRegex(
        @"context_length_exceeded|maximum context length|" +
        @"max(imum)?[ _](context|model|sequence|input|prompt)[ _](length|len|size|tokens?)|context (length|size|window)|" +
        @"context_window|exceed_context_size|" +
        @"(prompt|input|request|messages?|conversation)[^\n]{0,20} (is |are )?too (long|large|big)|string_above_max_length|" +
        @"input token count|(inputs?|prompt)`? tokens \+|too many (input |prompt )?tokens|tokens? (limit )?exceeds?|" +
        @"exceeds the (maximum|max|limit|model)[^\n]{0,40}(tokens?|context|length)|" +
        @"reduce (the length|your (message|prompt)|the (prompt|message))|must be reduced|payload too large|" +
        @"request entity too large|content too large|n_ctx|please shorten",
        RegexOptions.ExplicitCapture)]
    private static partial Regex PromptLength();

    [GeneratedRegex(
        @"not supported|unsupported|not support|unavailable|not available|unrecognized|unknown|not permitted|extra_forbidden|" +
        @"not implemented|notimplemented|not allowed|unexpected|invalid|no support|disabled|must be|not enabled|failed to",
        RegexOptions.ExplicitCapture)]
    private static partial Regex Unsupported();

    [GeneratedRegex(
        @"extra_forbidden|extra inputs|extra fields|unrecognized (request )?(argument|parameter|field|key)|" +
        @"unknown (name|parameter|field|argument|request)|unexpected (keyword|argument|parameter|field|property)|" +
        @"unknown_parameter|additional properties|cannot find field|parameter[^\n]{0,3} is not (known|recognized)",
        RegexOptions.ExplicitCapture)]
    private static partial Regex Unknown();

    [GeneratedRegex(
        @"system (role|prompt|message|instruction)s?[^\n]{0,40}(not|un|only)|developer (role|instruction)|roles must alternate|" +
        @"(does not|doesn't|not) support[^\n]{0,20}system|role[^\n]{0,20}system[^\n]{0,30}(not|invalid|unsupported)|" +
        @"invalid role[^\n]{0,20}system|only user and assistant roles",
        RegexOptions.ExplicitCapture)]
    private static partial Regex SystemRole();

    [GeneratedRegex(
        @"(parameter|argument|field|name|property|input)\W{1,4}stream\W|^stream$",
        RegexOptions.ExplicitCapture | RegexOptions.Multiline)]
    private static partial Regex StreamParameter();
}

/// <summary>A request that the model's server will not answer, however often it is sent.</summary>
internal sealed class ModelRefusedException(string reason) : Exception(reason);

/// <summary>The prompt is longer than the model can read. Shorter ones are made from now on.</summary>
internal sealed class PromptTooLongException() : Exception("the prompt is too long for the model");
