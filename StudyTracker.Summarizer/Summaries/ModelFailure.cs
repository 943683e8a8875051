using System.ClientModel;
using System.Globalization;
using System.Text.Json;

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
}

/// <summary>What a failed call means.</summary>
/// <param name="Outcome">One word for metrics.</param>
/// <param name="Reason">A line for people, without content of the request.</param>
/// <param name="Kind">What comes of it.</param>
/// <param name="RetryAfter">What the server asked for.</param>
internal sealed record ModelFailure(string Outcome, string Reason, FailureKind Kind, TimeSpan? RetryAfter = null)
{
    public static ModelFailure Of(Exception error)
    {
        var cause = error.GetBaseException();
        if (cause is AnswerTooLongException) return new("nonsense", "the model's server answered with more than OpenAI:MaxAnswerKiB", FailureKind.Passing);
        // The SDK reads the answer without checking it, and a page of HTML makes it throw what it likes.
        if (cause is JsonException or ArgumentException or InvalidOperationException or FormatException or KeyNotFoundException or IndexOutOfRangeException)
            return new("nonsense", "the model's server answered with something that is no completion", FailureKind.Passing);
        if (cause is not ClientResultException { Status: > 0 and var status } answer)
            return new("unreachable", "the model's server did not answer in time or could not be reached", FailureKind.Passing);

        return status switch
        {
            // An empty purse looks like a rate limit, but no second ends it.
            429 when answer.Message.Contains("insufficient_quota", StringComparison.Ordinal) =>
                new("quota", "the model's account has no quota left (insufficient_quota)", FailureKind.Everybody),
            429 => new("rate_limited", "the model's server limits the rate (429)", FailureKind.RateLimited, Asked(answer)),
            401 or 403 => new("unauthorized", $"the model's server refuses OpenAI:ApiKey ({status})", FailureKind.Everybody),
            404 => new("not_found", "the model's server does not know OpenAI:Model, or nothing is at OpenAI:Endpoint (404)", FailureKind.Everybody),
            < 400 or 408 or 409 or >= 500 => new("server_error", $"the model's server failed ({status})", FailureKind.Passing, Asked(answer)),
            _ when answer.Message.Contains("content_filter", StringComparison.Ordinal) =>
                new("filtered", "the content filter of the model's server refuses the messages (content_filter)", FailureKind.Final),
            _ => new("refused", $"the model's server refuses the request ({status})", FailureKind.Final),
        };
    }

    private static TimeSpan? Asked(ClientResultException answer) =>
        answer.GetRawResponse()?.Headers.TryGetValue("Retry-After", out var text) == true
        && double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)
        && seconds is >= 0 and <= 86_400
            ? TimeSpan.FromSeconds(seconds)
            : null;
}

/// <summary>A request that the model's server will not answer, however often it is sent.</summary>
internal sealed class ModelRefusedException(string reason, Exception? cause = null) : Exception(reason, cause);
