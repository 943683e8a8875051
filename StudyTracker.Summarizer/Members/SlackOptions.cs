using System.ComponentModel.DataAnnotations;
using StudyTracker.Slack;

namespace StudyTracker.Summarizer.Members;

/// <summary>
/// How the Summarizer talks to Slack: the same section <c>Slack</c> that the Notifier has. Without a token members keep the
/// schedule's time zone, and nobody is told that this or that is done; everything else goes on.
/// </summary>
internal sealed class SlackOptions : SlackApiOptions, IValidatableObject
{
    /// <summary>
    /// What an address that a command is answered at begins with; Slack's own by default. Nothing else is ever called.
    /// Must end with a slash.
    /// </summary>
    [Required(ErrorMessage = "must be an address such as https://hooks.slack.com/.")]
    public Uri ResponseUrl { get; set; } = new("https://hooks.slack.com/");

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var (name, url) in new[] { (nameof(ApiUrl), ApiUrl), (nameof(ResponseUrl), ResponseUrl) })
        {
            if (!url.IsAbsoluteUri || url.Scheme is not ("http" or "https") || !url.AbsoluteUri.EndsWith('/'))
                yield return new ValidationResult("must be an absolute address that ends with a slash, such as https://slack.com/api/.", [name]);
        }
    }
}
