namespace StudyTracker.Sandbox.Events;

/// <summary>The message that an event tells of.</summary>
/// <param name="TeamId">Workspace.</param>
/// <param name="UserId">Its author.</param>
/// <param name="ChannelId">C…, G… or D….</param>
/// <param name="Ts">Slack's timestamp of the event's message.</param>
/// <param name="Text">Slack mrkdwn, with &amp;amp; &amp;lt; &amp;gt; escaped. Null once it is no longer kept.</param>
/// <param name="ThreadTs">The thread that it replies to.</param>
/// <param name="Subtype">Slack's subtype, such as message_changed.</param>
/// <param name="TargetTs">The message that is changed or deleted.</param>
/// <param name="BotId">The bot that wrote it.</param>
internal sealed record SlackMessage(
    string TeamId,
    string UserId,
    string ChannelId,
    string Ts,
    string? Text,
    string? ThreadTs = null,
    string? Subtype = null,
    string? TargetTs = null,
    string? BotId = null);
