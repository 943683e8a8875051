using System.Collections.Frozen;

namespace StudyTracker.Notifier.Slack;

/// <summary>What is done about an error that Slack answers with.</summary>
internal enum SlackRemedy
{
    /// <summary>The same again would end the same: park, with the error as the reason. Also for errors that are not in the table.</summary>
    Park,

    /// <summary>Wait for as long as Slack says.</summary>
    SlowDown,

    /// <summary>Slack's own trouble, before or after it did what was asked: look, and try again.</summary>
    TryAgain,

    /// <summary>The way to the reader is closed: open the direct message anew and post there; park when that fails too.</summary>
    OpenConversation,

    /// <summary>The message is refused as it is: send its text alone, short.</summary>
    Shorten,

    /// <summary>The reader cannot be reached: park, and spare Slack this reader's next deliveries.</summary>
    RefuseReader,

    /// <summary>An operator or the workspace's owner has to act: leave the workspace alone, knock from time to time, park after a while.</summary>
    RefuseWorkspace,

    /// <summary>The message to be changed is not there or may not be changed any more: leave it as it is.</summary>
    LeaveAsItIs,
}

/// <summary>
/// Slack's errors one by one, from the pages of chat.postMessage, chat.update, conversations.open and conversations.history.
/// The same table is in docs/delivery.md.
/// </summary>
internal static class SlackErrors
{
    private static readonly FrozenDictionary<string, SlackRemedy> _remedies = new Dictionary<string, SlackRemedy>
    {
        ["ratelimited"] = SlackRemedy.SlowDown,
        ["rate_limited"] = SlackRemedy.SlowDown,

        ["internal_error"] = SlackRemedy.TryAgain,
        ["fatal_error"] = SlackRemedy.TryAgain,
        ["service_unavailable"] = SlackRemedy.TryAgain,
        ["request_timeout"] = SlackRemedy.TryAgain,
        ["team_added_to_org"] = SlackRemedy.TryAgain,
        ["update_failed"] = SlackRemedy.TryAgain,

        ["channel_not_found"] = SlackRemedy.OpenConversation,
        ["not_in_channel"] = SlackRemedy.OpenConversation,
        ["is_archived"] = SlackRemedy.OpenConversation,

        ["msg_too_long"] = SlackRemedy.Shorten,
        ["msg_blocks_too_long"] = SlackRemedy.Shorten,
        ["invalid_blocks"] = SlackRemedy.Shorten,
        ["invalid_blocks_format"] = SlackRemedy.Shorten,
        ["block_mismatch"] = SlackRemedy.Shorten,
        ["no_text"] = SlackRemedy.Shorten,

        ["user_not_found"] = SlackRemedy.RefuseReader,
        ["users_not_found"] = SlackRemedy.RefuseReader,
        ["user_not_visible"] = SlackRemedy.RefuseReader,
        ["user_disabled"] = SlackRemedy.RefuseReader,
        ["cannot_dm_bot"] = SlackRemedy.RefuseReader,

        [AccountInactive] = SlackRemedy.RefuseWorkspace,
        ["invalid_auth"] = SlackRemedy.RefuseWorkspace,
        ["not_authed"] = SlackRemedy.RefuseWorkspace,
        ["token_revoked"] = SlackRemedy.RefuseWorkspace,
        ["token_expired"] = SlackRemedy.RefuseWorkspace,
        [NoToken] = SlackRemedy.RefuseWorkspace,
        ["missing_scope"] = SlackRemedy.RefuseWorkspace,
        ["no_permission"] = SlackRemedy.RefuseWorkspace,
        ["not_allowed_token_type"] = SlackRemedy.RefuseWorkspace,
        ["access_denied"] = SlackRemedy.RefuseWorkspace,
        ["accesslimited"] = SlackRemedy.RefuseWorkspace,
        ["ekm_access_denied"] = SlackRemedy.RefuseWorkspace,
        ["enterprise_is_restricted"] = SlackRemedy.RefuseWorkspace,
        ["messages_tab_disabled"] = SlackRemedy.RefuseWorkspace,
        ["org_login_required"] = SlackRemedy.RefuseWorkspace,
        ["team_access_not_granted"] = SlackRemedy.RefuseWorkspace,
        ["two_factor_setup_required"] = SlackRemedy.RefuseWorkspace,

        ["message_not_found"] = SlackRemedy.LeaveAsItIs,
        ["cant_update_message"] = SlackRemedy.LeaveAsItIs,
        ["edit_window_closed"] = SlackRemedy.LeaveAsItIs,

        ["restricted_action"] = SlackRemedy.Park,
        ["metadata_too_large"] = SlackRemedy.Park,
        ["message_limit_exceeded"] = SlackRemedy.Park,
    }.ToFrozenDictionary();

    /// <summary>The error that may be the workspace's or one reader's: only auth.test tells.</summary>
    public const string AccountInactive = "account_inactive";

    /// <summary>Ours, not Slack's: no token is configured for the workspace.</summary>
    public const string NoToken = "no_token";

    /// <summary>Every error that is in the table.</summary>
    public static IEnumerable<string> Known => _remedies.Keys;

    /// <summary>What to do about an error.</summary>
    public static SlackRemedy RemedyOf(string? error) => error is not null && _remedies.TryGetValue(error, out var remedy) ? remedy : SlackRemedy.Park;
}
