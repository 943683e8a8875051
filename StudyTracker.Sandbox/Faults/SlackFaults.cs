using System.Text.Json.Serialization;

namespace StudyTracker.Sandbox.Faults;

/// <summary>Shares of the Web API's calls that go wrong.</summary>
internal sealed record SlackFaults
{
    /// <summary>Answered with 429 and a Retry-After of a second.</summary>
    public double RateLimited { get; init; }

    /// <summary>Answered with 500.</summary>
    public double ServerError { get; init; }

    /// <summary>Left without an answer, and nothing done.</summary>
    public double Hang { get; init; }

    /// <summary>The message is posted, and then the connection is reset. Only methods that post; others are not hit.</summary>
    public double ResetAfterAccept { get; init; }

    /// <summary>Answered with 429 and a Retry-After that is an HTTP date.</summary>
    public double RetryAfterDate { get; init; }

    /// <summary>Answered with 429 and a Retry-After of a second and a half.</summary>
    public double RetryAfterFraction { get; init; }

    /// <summary>Answered with 429 and a Retry-After of 0.</summary>
    public double RetryAfterZero { get; init; }

    /// <summary>Answered with 429 without a Retry-After.</summary>
    public double RetryAfterAbsent { get; init; }

    /// <summary>Answered with 200 whose body says <c>ratelimited</c>.</summary>
    public double RateLimitedBody { get; init; }

    /// <summary>Answered with 502 and a page of HTML.</summary>
    public double BadGateway { get; init; }

    /// <summary>Answered with 200 whose body says <c>internal_error</c>.</summary>
    public double InternalError { get; init; }

    /// <summary>Answered with 200 whose body says <c>fatal_error</c>: it may have been done or not; here it was not.</summary>
    public double FatalError { get; init; }

    /// <summary>Answered with 200 whose body says <c>token_expired</c>.</summary>
    public double TokenExpired { get; init; }

    /// <summary>Answered with 200 and a page of HTML.</summary>
    public double NotJson { get; init; }

    /// <summary>Answered with 200 and half a JSON object.</summary>
    public double CutOff { get; init; }

    /// <summary>The shares in the order of <see cref="SlackFault"/>.</summary>
    [JsonIgnore]
    public double[] Shares =>
    [
        RateLimited,
        ServerError,
        Hang,
        ResetAfterAccept,
        RetryAfterDate,
        RetryAfterFraction,
        RetryAfterZero,
        RetryAfterAbsent,
        RateLimitedBody,
        BadGateway,
        InternalError,
        FatalError,
        TokenExpired,
        NotJson,
        CutOff,
    ];
}

/// <summary>A fault of the Web API.</summary>
internal enum SlackFault
{
    None,
    RateLimited,
    ServerError,
    Hang,
    ResetAfterAccept,
    RetryAfterDate,
    RetryAfterFraction,
    RetryAfterZero,
    RetryAfterAbsent,
    RateLimitedBody,
    BadGateway,
    InternalError,
    FatalError,
    TokenExpired,
    NotJson,
    CutOff,
}
