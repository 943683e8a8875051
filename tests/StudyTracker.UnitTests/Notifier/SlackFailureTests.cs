using StudyTracker.AppHost.Local;
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
    [InlineData("invalid_auth", "RefuseWorkspace")]
    [InlineData("token_revoked", "RefuseWorkspace")]
    [InlineData("account_inactive", "RefuseWorkspace")]
    [InlineData("missing_scope", "RefuseWorkspace")]
    [InlineData("team_access_not_granted", "RefuseWorkspace")]
    [InlineData("no_token", "RefuseWorkspace")]
    [InlineData("channel_not_found", "OpenConversation")]
    [InlineData("is_archived", "OpenConversation")]
    [InlineData("msg_too_long", "Shorten")]
    [InlineData("msg_blocks_too_long", "Shorten")]
    [InlineData("invalid_blocks", "Shorten")]
    [InlineData("user_not_found", "RefuseReader")]
    [InlineData("user_disabled", "RefuseReader")]
    [InlineData("cannot_dm_bot", "RefuseReader")]
    [InlineData("ratelimited", "SlowDown")]
    [InlineData("fatal_error", "TryAgain")]
    [InlineData("message_not_found", "LeaveAsItIs")]
    [InlineData("restricted_action", "Park")]
    [InlineData("an error of a later day", "Park")]
    [InlineData(null, "Park")]
    public void An_error_has_a_remedy(string? error, string remedy) => $"{SlackErrors.RemedyOf(error)}".ShouldBe(remedy);

    [Fact]
    public void The_page_on_delivery_has_the_same_table()
    {
        var page = File.ReadAllText(Path.Combine(ServicePaths.Repository(AppContext.BaseDirectory), "docs", "delivery.md"));

        foreach (var error in SlackErrors.Known) page.ShouldContain($"`{error}`");
    }

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
