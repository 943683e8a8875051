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

    /// <summary>The token has run out: one that is refreshed is refreshed now and the call made again; else as <see cref="RefuseWorkspace"/>.</summary>
    RefreshToken,

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
        // It is about the client_msg_id, which we do not send.
        ["duplicate_message_not_found"] = SlackRemedy.TryAgain,
        ["duplicate_channel_not_found"] = SlackRemedy.TryAgain,
        // The next search begins with the first page.
        [InvalidCursor] = SlackRemedy.TryAgain,

        ["channel_not_found"] = SlackRemedy.OpenConversation,
        ["not_in_channel"] = SlackRemedy.OpenConversation,
        ["is_archived"] = SlackRemedy.OpenConversation,
        ["is_inactive"] = SlackRemedy.OpenConversation,

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
        ["token_expired"] = SlackRemedy.RefreshToken,
        [NoToken] = SlackRemedy.RefuseWorkspace,
        [MissingScope] = SlackRemedy.RefuseWorkspace,
        [NoPermission] = SlackRemedy.RefuseWorkspace,
        [NotAllowedTokenType] = SlackRemedy.RefuseWorkspace,
        ["access_denied"] = SlackRemedy.RefuseWorkspace,
        ["accesslimited"] = SlackRemedy.RefuseWorkspace,
        ["ekm_access_denied"] = SlackRemedy.RefuseWorkspace,
        ["enterprise_is_restricted"] = SlackRemedy.RefuseWorkspace,
        ["messages_tab_disabled"] = SlackRemedy.RefuseWorkspace,
        ["org_login_required"] = SlackRemedy.RefuseWorkspace,
        ["team_access_not_granted"] = SlackRemedy.RefuseWorkspace,
        ["team_not_found"] = SlackRemedy.RefuseWorkspace,
        ["two_factor_setup_required"] = SlackRemedy.RefuseWorkspace,

        ["message_not_found"] = SlackRemedy.LeaveAsItIs,
        ["cant_update_message"] = SlackRemedy.LeaveAsItIs,
        ["edit_window_closed"] = SlackRemedy.LeaveAsItIs,

        // The reader's or the workspace's own rules.
        ["restricted_action"] = SlackRemedy.Park,
        ["restricted_action_read_only_channel"] = SlackRemedy.Park,
        ["restricted_action_thread_only_channel"] = SlackRemedy.Park,
        ["restricted_action_non_threadable_channel"] = SlackRemedy.Park,
        ["restricted_action_thread_locked"] = SlackRemedy.Park,
        ["message_limit_exceeded"] = SlackRemedy.Park,

        // Ours: the request is wrong, and would be wrong again.
        ["metadata_too_large"] = SlackRemedy.Park,
        ["invalid_metadata_format"] = SlackRemedy.Park,
        ["invalid_metadata_schema"] = SlackRemedy.Park,
        ["invalid_arguments"] = SlackRemedy.Park,
        ["invalid_arg_name"] = SlackRemedy.Park,
        ["invalid_array_arg"] = SlackRemedy.Park,
        ["invalid_charset"] = SlackRemedy.Park,
        ["invalid_form_data"] = SlackRemedy.Park,
        ["invalid_json"] = SlackRemedy.Park,
        ["json_not_object"] = SlackRemedy.Park,
        ["invalid_post_type"] = SlackRemedy.Park,
        ["missing_post_type"] = SlackRemedy.Park,
        ["method_deprecated"] = SlackRemedy.Park,
        ["deprecated_endpoint"] = SlackRemedy.Park,
        ["unknown_method"] = SlackRemedy.Park,
    }.ToFrozenDictionary();

    /// <summary>The error that may be the workspace's or one reader's: only auth.test tells.</summary>
    public const string AccountInactive = "account_inactive";

    /// <summary>The page of a history that was asked for is not known any more.</summary>
    public const string InvalidCursor = "invalid_cursor";

    private const string MissingScope = "missing_scope";
    private const string NoPermission = "no_permission";
    private const string NotAllowedTokenType = "not_allowed_token_type";

    /// <summary>Ours, not Slack's: no token is configured for the workspace.</summary>
    public const string NoToken = "no_token";

    /// <summary>Every error that is in the table.</summary>
    public static IEnumerable<string> Known => _remedies.Keys;

    /// <summary>What to do about an error.</summary>
    public static SlackRemedy RemedyOf(string? error) => error is not null && _remedies.TryGetValue(error, out var remedy) ? remedy : SlackRemedy.Park;

    /// <summary>
    /// What to do about an error of a method. Who may not look into a conversation or open one may still post to everybody: that
    /// concerns this delivery and not the workspace.
    /// </summary>
    public static SlackRemedy RemedyOf(SlackMethod method, string error) =>
        method is SlackMethod.Find or SlackMethod.Open && error is MissingScope or NoPermission or NotAllowedTokenType
            ? SlackRemedy.Park
            : RemedyOf(error);
}
