using System.ComponentModel.DataAnnotations;

namespace StudyTracker.Slack;

/// <summary>What every service that calls Slack's Web API needs of section <c>Slack</c>.</summary>
public abstract class SlackApiOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Slack";

    /// <summary>Where Slack's Web API is; Slack's own by default. Must end with a slash.</summary>
    [Required(ErrorMessage = "must be an address such as https://slack.com/api/.")]
    public Uri ApiUrl { get; set; } = new("https://slack.com/api/");

    /// <summary>The bot token (<c>xoxb-…</c>) of workspaces that have none of their own in <see cref="BotTokens"/>.</summary>
    public string BotToken { get; set; } = "";

    /// <summary>Bot tokens by workspace id.</summary>
    public IDictionary<string, string> BotTokens { get; } = new Dictionary<string, string>();

    /// <summary>For test workspaces: a token in which <c>{team}</c> stands for the workspace's id. Empty by default.</summary>
    public string BotTokenTemplate { get; set; } = "";

    /// <summary>Time limit of one call, in seconds; 10 by default, 1 to 60.</summary>
    [Range(1, 60, ErrorMessage = "must be 1 to 60 seconds.")]
    public int TimeoutSeconds { get; set; } = 10;

    /// <summary>The token that the configuration has for a workspace; null when there is none.</summary>
    public string? TokenFor(string teamId) =>
        BotTokens.TryGetValue(teamId, out var own) && own.Length > 0 ? own
        : BotToken.Length > 0 ? BotToken
        : BotTokenTemplate.Length > 0 ? BotTokenTemplate.Replace("{team}", teamId, StringComparison.Ordinal)
        : null;
}
