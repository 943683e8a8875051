using System.ComponentModel.DataAnnotations;

namespace StudyTracker.Summarizer.Members;

/// <summary>How the Summarizer answers in Slack (section <c>Slack</c>). It has no token: only the Notifier calls Slack's Web API.</summary>
internal sealed class SlackOptions : IValidatableObject
{
    public const string Section = "Slack";

    /// <summary>
    /// What an address that a command is answered at begins with; Slack's own by default. Nothing else is ever called.
    /// Must end with a slash.
    /// </summary>
    [Required(ErrorMessage = "must be an address such as https://hooks.slack.com/.")]
    public Uri ResponseUrl { get; set; } = new("https://hooks.slack.com/");

    /// <summary>Time limit of one answer, in seconds; 10 by default, 1 to 60.</summary>
    [Range(1, 60, ErrorMessage = "must be 1 to 60 seconds.")]
    public int TimeoutSeconds { get; set; } = 10;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!ResponseUrl.IsAbsoluteUri || ResponseUrl.Scheme is not ("http" or "https") || !ResponseUrl.AbsoluteUri.EndsWith('/'))
            yield return new ValidationResult("must be an absolute address that ends with a slash, such as https://hooks.slack.com/.", [nameof(ResponseUrl)]);
    }
}
