using System.ComponentModel.DataAnnotations;
using StudyTracker.Slack;

namespace StudyTracker.Notifier.Slack;

/// <summary>How the Notifier talks to Slack (section <c>Slack</c>).</summary>
internal sealed class SlackOptions : SlackApiOptions, IValidatableObject
{
    /// <summary>The app's client id, when workspaces may install it by <c>/slack/install</c>. Empty by default: they may not.</summary>
    public string ClientId { get; set; } = "";

    /// <summary>The app's client secret; required with <see cref="ClientId"/>.</summary>
    public string ClientSecret { get; set; } = "";

    /// <summary>
    /// The folder of the keys that tokens of such workspaces are encrypted with, the same for all replicas and not in the
    /// database's backup; required with <see cref="ClientId"/>.
    /// </summary>
    public string KeysFolder { get; set; } = "";

    /// <summary>Where a workspace's owner is asked for permission; Slack's own page by default.</summary>
    public Uri AuthorizeUrl { get; set; } = new("https://slack.com/oauth/v2/authorize");

    /// <summary>
    /// What links to messages begin with, before the channel; Slack's own address by default, which takes everybody to their workspace.
    /// Must end with a slash.
    /// </summary>
    public Uri ArchiveUrl { get; set; } = new("https://slack.com/archives/");

    /// <summary>Workspaces and organisations that may install the app; any, when empty. The same list keeps others out of Ingress.</summary>
    public IList<string> AllowedTeams { get; } = [];

    /// <summary>
    /// The shortest that Slack is left alone after it has refused a call for its rate limits, in milliseconds, also where it says zero or
    /// nothing; 1,000 by default, 0 to 60,000.
    /// </summary>
    [Range(0, 60_000, ErrorMessage = "must be 0 to 60,000 ms.")]
    public int RetryAfterFloorMs { get; set; } = 1_000;

    /// <summary>The longest, whatever Slack says, in seconds; 600 by default, 60 to 86,400.</summary>
    [Range(60, 86_400, ErrorMessage = "must be 60 to 86,400 seconds.")]
    public int RetryAfterCapSeconds { get; set; } = 600;

    /// <summary>
    /// How long before it runs out an installed workspace's token is refreshed, in minutes, where the app has token rotation; 120 by
    /// default, 1 to 600. Never sooner than in the middle of its life.
    /// </summary>
    [Range(1, 600, ErrorMessage = "must be 1 to 600 minutes.")]
    public int RefreshAheadMinutes { get; set; } = 120;

    /// <summary>How often it is looked whether a token is to be refreshed, in seconds; 5 by default, 1 to 300.</summary>
    [Range(1, 300, ErrorMessage = "must be 1 to 300 seconds.")]
    public int RefreshPollSeconds { get; set; } = 5;

    /// <summary>The longest wait after a refresh that failed, in seconds, where the first is five seconds; 600 by default, 5 to 3,600.</summary>
    [Range(5, 3_600, ErrorMessage = "must be 5 to 3,600 seconds.")]
    public int RefreshMaxRetrySeconds { get; set; } = 600;

    /// <summary>Whether workspaces may install the app.</summary>
    public bool MayBeInstalled => ClientId.Length > 0;

    /// <summary>How long to leave Slack alone that asks for so much; null: it does not say.</summary>
    public TimeSpan Bounded(TimeSpan? retryAfter)
    {
        var (floor, cap) = (TimeSpan.FromMilliseconds(RetryAfterFloorMs), TimeSpan.FromSeconds(RetryAfterCapSeconds));
        return retryAfter is not { } asked || asked < floor ? floor : asked > cap ? cap : asked;
    }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (BotToken.Length == 0 && BotTokens.Count == 0 && BotTokenTemplate.Length == 0 && !MayBeInstalled)
            yield return new ValidationResult("is required: the Bot User OAuth Token of your Slack app (xoxb-…), OAuth & Permissions.", [nameof(BotToken)]);
        if (MayBeInstalled && ClientSecret.Length == 0)
            yield return new ValidationResult("is required with Slack:ClientId: the app's client secret, Basic Information.", [nameof(ClientSecret)]);
        if (MayBeInstalled && KeysFolder.Length == 0)
            yield return new ValidationResult("is required with Slack:ClientId: a folder for the keys that tokens are encrypted with.", [nameof(KeysFolder)]);
        if (!ApiUrl.IsAbsoluteUri || !ApiUrl.AbsoluteUri.EndsWith('/'))
            yield return new ValidationResult("must be an absolute address that ends with a slash, such as https://slack.com/api/.", [nameof(ApiUrl)]);
        if (!ArchiveUrl.IsAbsoluteUri || !ArchiveUrl.AbsoluteUri.EndsWith('/'))
            yield return new ValidationResult("must be an absolute address that ends with a slash, such as https://slack.com/archives/.", [nameof(ArchiveUrl)]);
    }
}
