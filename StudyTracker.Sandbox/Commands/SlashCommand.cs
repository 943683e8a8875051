using System.Text.RegularExpressions;
using StudyTracker.Sandbox.Events;
using StudyTracker.Sandbox.Workspaces;

namespace StudyTracker.Sandbox.Commands;

/// <summary>A slash command of the app, as its manifest describes it.</summary>
/// <param name="Name">With the slash.</param>
/// <param name="Description">What it is for.</param>
/// <param name="UsageHint">What may follow it.</param>
internal sealed record AppCommand(string Name, string Description, string UsageHint);

/// <summary>What somebody typed that begins with a slash.</summary>
/// <param name="Name">The command, with the slash.</param>
/// <param name="Text">What follows it.</param>
internal sealed partial record SlashCommand(string Name, string Text)
{
    /// <summary>The commands that the app has, as in deploy/slack-manifest.yaml.</summary>
    public static IReadOnlyList<AppCommand> OfApp { get; } =
    [
        new(
            "/study",
            "When and whether you get your summaries",
            "status | pause [until 2026-12-01 | 7 days] | resume | stop weekly | start weekly | time [weekly] 21:30"),
    ];

    /// <summary>Whether the app has it.</summary>
    public bool IsKnown => OfApp.Any(command => command.Name == Name);

    /// <summary>
    /// Reads what was typed; null when it is a message. As in Slack, a space in front makes a message of it, and two slashes
    /// begin no command.
    /// </summary>
    public static SlashCommand? Read(string? typed)
    {
        var match = Form().Match(typed ?? "");
        return match.Success ? new SlashCommand(match.Groups[1].Value, match.Groups[2].Value.Trim()) : null;
    }

    /// <summary>The form that Slack sends, field by field in its order.</summary>
    public IEnumerable<KeyValuePair<string, string>> Fields(Workspace workspace, Learner learner, string channelId, string responseUrl, string triggerId) =>
    [
        new("token", SlackEnvelope.VerificationToken),
        new("team_id", workspace.Id),
        new("team_domain", workspace.Seed.Domain),
        new("channel_id", channelId),
        new("channel_name", NameOf(workspace, channelId)),
        new("user_id", learner.Id),
        new("user_name", learner.Name),
        new("command", Name),
        new("text", Composer.Escape(Text)),
        new("api_app_id", SlackEnvelope.AppId),
        new("is_enterprise_install", "false"),
        new("response_url", responseUrl),
        new("trigger_id", triggerId),
    ];

    /// <summary>What Slackbot says to a command that nobody has.</summary>
    public string UnknownText() =>
        $"`{Name}` is not a valid command. In Slack, all messages that start with the \"/\" character are interpreted as commands.\n"
        + "If you are trying to send a message and not run a command, try preceding the \"/\" with an empty space.";

    /// <summary>What Slackbot says when the app does not take the command.</summary>
    /// <param name="status">The HTTP status; null when there was none.</param>
    /// <param name="error">Slack's word for what failed.</param>
    public string FailedText(int? status, string? error) =>
        $"{Name} failed with the error \"{(status is null && error == DeliveryPlan.HttpTimeout ? "operation_timeout" : "dispatch_failed")}\"";

    private static string NameOf(Workspace workspace, string channelId) =>
        channelId[0] == 'D' ? "directmessage"
            : channelId[0] == 'G' ? "privategroup"
            : workspace.Channels.TryGetValue(channelId, out var channel) ? channel.Name : channelId.ToLowerInvariant();

    [GeneratedRegex(@"\A(/[^\s/]\S{0,31})(?:\s+(.*))?\z", RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
