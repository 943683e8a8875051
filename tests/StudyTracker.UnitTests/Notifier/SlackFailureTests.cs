using StudyTracker.Notifier.Slack;

namespace StudyTracker.UnitTests.Notifier;

public sealed class SlackFailureTests
{
    [Theory]
    [InlineData("ratelimited", "RateLimited")]
    [InlineData("rate_limited", "RateLimited")]
    [InlineData("internal_error", "Unknown")]
    [InlineData("fatal_error", "Unknown")]
    [InlineData("service_unavailable", "Unknown")]
    [InlineData("request_timeout", "Unknown")]
    [InlineData("channel_not_found", "Refused")]
    [InlineData("invalid_auth", "Refused")]
    [InlineData("an error of a later day", "Refused")]
    public void An_error_code_means(string error, string outcome)
    {
        var answer = SlackFailure.OfError<string>(error);

        ($"{answer.Outcome}", answer.Error, answer.Value).ShouldBe((outcome, error, null));
    }

    [Theory]
    [InlineData("invalid_auth", true)]
    [InlineData("token_revoked", true)]
    [InlineData("missing_scope", true)]
    [InlineData("no_token", true)]
    [InlineData("channel_not_found", false)]
    [InlineData("user_disabled", false)]
    [InlineData(null, false)]
    public void Some_errors_are_an_operators_to_mend(string? error, bool configuration) =>
        SlackFailure.IsConfiguration(error).ShouldBe(configuration);

    [Theory]
    [InlineData(HttpRequestError.ConnectionError, true)]
    [InlineData(HttpRequestError.NameResolutionError, true)]
    [InlineData(HttpRequestError.SecureConnectionError, true)]
    [InlineData(HttpRequestError.ProxyTunnelError, true)]
    [InlineData(HttpRequestError.ResponseEnded, false)]
    [InlineData(HttpRequestError.InvalidResponse, false)]
    [InlineData(HttpRequestError.ConfigurationLimitExceeded, false)]
    [InlineData(HttpRequestError.Unknown, false)]
    public void Only_what_never_left_here_is_known_not_to_be_sent(HttpRequestError error, bool notSent) =>
        SlackFailure.NotSent(new HttpRequestException(error)).ShouldBe(notSent);
}
