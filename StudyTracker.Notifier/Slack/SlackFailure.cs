using System.Text.Json;

namespace StudyTracker.Notifier.Slack;

/// <summary>What failures mean, the same for both clients.</summary>
internal static class SlackFailure
{
    /// <summary>Whether the request cannot have reached Slack: there was no connection to send it on.</summary>
    public static bool NotSent(HttpRequestException error) =>
        error.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError
            or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError;

    /// <summary>The outcome for an error code in Slack's answer, with what Slack says besides.</summary>
    public static SlackAnswer<T> OfError<T>(string error, string? detail = null) => SlackErrors.RemedyOf(error) switch
    {
        SlackRemedy.SlowDown => new(SlackOutcome.RateLimited, Error: error),
        // It may have happened before or after the message was posted.
        SlackRemedy.TryAgain => new(SlackOutcome.Unknown, Error: error, Detail: detail),
        _ => new(SlackOutcome.Refused, Error: error, Detail: detail),
    };

    /// <summary>The outcome of a call that ended with an exception; null: nobody expected that one.</summary>
    public static SlackAnswer<T>? OfException<T>(Exception error, CancellationToken cancellationToken) => error switch
    {
        _ when error.GetBaseException() is TooLateException late => new(SlackOutcome.NotSent, Error: late.Message),
        OperationCanceledException => cancellationToken.IsCancellationRequested ? null : new(SlackOutcome.Unknown, Error: "timeout"),
        HttpRequestException http when NotSent(http) => new(SlackOutcome.NotSent, Error: $"{http.HttpRequestError}"),
        // The last two: a character set that nobody knows, and values of another type than expected.
        HttpRequestException or IOException or JsonException or InvalidOperationException or ArgumentException =>
            new(SlackOutcome.Unknown, Error: error.GetType().Name),
        _ => null,
    };
}
