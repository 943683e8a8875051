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

    /// <summary>Slack's error, whose trouble it is, and what is done about it.</summary>
    public static TheoryData<string?, string, string> Errors => new()
    {
        { "invalid_auth", "the workspace's", "RefuseWorkspace" },
        { "token_revoked", "the workspace's", "RefuseWorkspace" },
        { "account_inactive", "the workspace's, or a member's", "RefuseWorkspace" },
        { "missing_scope", "the workspace's", "RefuseWorkspace" },
        { "ekm_access_denied", "the workspace's", "RefuseWorkspace" },
        { "team_access_not_granted", "the workspace's", "RefuseWorkspace" },
        { "no_token", "the workspace's", "RefuseWorkspace" },
        { "token_expired", "the workspace's", "RefreshToken" },
        { "messages_tab_disabled", "everybody's", "RefuseWorkspace" },
        { "not_allowed_token_type", "everybody's", "RefuseWorkspace" },
        { "accesslimited", "everybody's", "RefuseWorkspace" },
        { "user_not_found", "a member's", "RefuseReader" },
        { "user_disabled", "a member's", "RefuseReader" },
        { "cannot_dm_bot", "a member's", "RefuseReader" },
        { "channel_not_found", "a member's", "OpenConversation" },
        { "is_archived", "a member's", "OpenConversation" },
        { "restricted_action", "a member's", "Park" },
        { "message_limit_exceeded", "a member's", "Park" },
        { "ratelimited", "it passes", "SlowDown" },
        { "rate_limited", "it passes", "SlowDown" },
        { "fatal_error", "it passes", "TryAgain" },
        { "internal_error", "it passes", "TryAgain" },
        { "team_added_to_org", "it passes", "TryAgain" },
        { "duplicate_message_not_found", "it passes", "TryAgain" },
        { "invalid_cursor", "it passes", "TryAgain" },
        { "msg_too_long", "ours", "Shorten" },
        { "msg_blocks_too_long", "ours", "Shorten" },
        { "invalid_blocks", "ours", "Shorten" },
        { "invalid_arguments", "ours", "Park" },
        { "metadata_too_large", "ours", "Park" },
        { "invalid_metadata_format", "ours", "Park" },
        { "unknown_method", "ours", "Park" },
        { "message_not_found", "the message's", "LeaveAsItIs" },
        { "edit_window_closed", "the message's", "LeaveAsItIs" },
        { "cant_update_message", "the message's", "LeaveAsItIs" },
        { "an error of a later day", "unknown", "Park" },
        { null, "unknown", "Park" },
    };

    [Theory]
    [MemberData(nameof(Errors))]
    public void An_error_has_a_remedy(string? error, string whose, string remedy) => $"{SlackErrors.RemedyOf(error)}".ShouldBe(remedy, whose);

    [Theory]
    [InlineData("Post", "RefuseWorkspace")]
    [InlineData("Update", "RefuseWorkspace")]
    [InlineData("Find", "Park")]
    [InlineData("Open", "Park")]
    public void Who_may_not_look_or_open_may_still_post(string method, string remedy)
    {
        foreach (var error in new[] { "missing_scope", "no_permission", "not_allowed_token_type" })
            $"{SlackErrors.RemedyOf(Enum.Parse<SlackMethod>(method), error)}".ShouldBe(remedy);
        SlackErrors.RemedyOf(Enum.Parse<SlackMethod>(method), "invalid_auth").ShouldBe(SlackRemedy.RefuseWorkspace);
    }

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
