using System.Text.Json;

namespace StudyTracker.Sandbox.Events;

/// <summary>The message that an event tells of.</summary>
/// <param name="TeamId">Workspace.</param>
/// <param name="UserId">Its author.</param>
/// <param name="ChannelId">C…, G… or D….</param>
/// <param name="Ts">Slack's timestamp of the event's message.</param>
/// <param name="Text">As Slack sends it, with &amp;amp; &amp;lt; &amp;gt; escaped. Null once it is no longer kept.</param>
/// <param name="ThreadTs">The thread that it replies to.</param>
/// <param name="Subtype">Slack's subtype, such as message_changed.</param>
/// <param name="TargetTs">The message that is changed or deleted.</param>
/// <param name="BotId">The bot that wrote it.</param>
/// <param name="Attachments">What was forwarded, or what a link leads to.</param>
/// <param name="Files">Files that it shares.</param>
internal sealed record SlackMessage(
    string TeamId,
    string UserId,
    string ChannelId,
    string Ts,
    string? Text,
    string? ThreadTs = null,
    string? Subtype = null,
    string? TargetTs = null,
    string? BotId = null,
    JsonElement? Attachments = null,
    JsonElement? Files = null)
{
    /// <summary>Whether Slack itself changed it, to show what a link leads to: its author did not edit it.</summary>
    public bool IsUnfurl => Subtype == "message_changed" && Attachments is not null;
}
