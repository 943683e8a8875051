namespace StudyTracker.Notifier.Slack;

/// <summary>What failures mean, the same for both clients.</summary>
internal static class SlackFailure
{
    /// <summary>Whether the request cannot have reached Slack: there was no connection to send it on.</summary>
    public static bool NotSent(HttpRequestException error) =>
        error.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError
            or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError;

    /// <summary>The outcome for an error code in Slack's answer.</summary>
    public static SlackAnswer<T> OfError<T>(string error) => error switch
    {
        "ratelimited" or "rate_limited" => new(SlackOutcome.RateLimited, Error: error),
        // Slack's own trouble: it may have happened before or after the message was posted.
        "internal_error" or "fatal_error" or "service_unavailable" or "request_timeout" => new(SlackOutcome.Unknown, Error: error),
        _ => new(SlackOutcome.Refused, Error: error),
    };

    /// <summary>Errors that an operator ends by mending tokens or permissions, after which the same call succeeds.</summary>
    public static bool IsConfiguration(string? error) => error is
        "invalid_auth" or "not_authed" or "token_revoked" or "token_expired" or "account_inactive" or "missing_scope"
        or "no_permission" or "org_login_required" or "ekm_access_denied" or "accesslimited" or "team_access_not_granted"
        or "no_token";
}
