using System.ComponentModel.DataAnnotations;

namespace StudyTracker.Ingress;

/// <summary>Whom Ingress lets in (section <c>Slack</c>).</summary>
internal sealed class SlackOptions : IValidatableObject
{
    public const string Section = "Slack";

    /// <summary>The app's signing secret (Slack: Basic Information → App Credentials). Required; at least 16 characters.</summary>
    [Required(ErrorMessage = "is required: copy it from your Slack app's page, Basic Information, App Credentials.")]
    [MinLength(16, ErrorMessage = "is too short for a signing secret (Slack's have 32 characters).")]
    public string SigningSecret { get; set; } = "";

    /// <summary>The secret before a rotation, accepted as well until it is removed here. Empty: none.</summary>
    public string PreviousSigningSecret { get; set; } = "";

    /// <summary>
    /// Workspaces (<c>T…</c>) and organisations (<c>E…</c>) whose requests are accepted: those that the request was sent for, and
    /// those in which its author is at home. Empty: all that hold the signing secret.
    /// </summary>
    public IReadOnlyList<string> AllowedTeams { get; set; } = [];

    /// <summary>
    /// What an address that a command or a button is answered at may begin with, besides https://hooks.slack.com/ and
    /// https://hooks.slack-gov.com/: for a sandbox, as the Summarizer's setting of this name. An http or https address that ends
    /// with a slash. Null: nothing else.
    /// </summary>
    public Uri? ResponseUrl { get; set; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (ResponseUrl is { } url && !(url.IsAbsoluteUri && url.Scheme is "http" or "https" && url.AbsoluteUri.EndsWith('/')))
            yield return new ValidationResult("must be an absolute address that ends with a slash, such as http://127.0.0.1:7080/responses/.", [nameof(ResponseUrl)]);
    }
}
