using System.ComponentModel.DataAnnotations;

namespace StudyTracker.Summarizer.Runs;

/// <summary>What <c>GET /runs</c> shows, and where the Notifier is (section <c>Runs</c>).</summary>
internal sealed class RunsOptions : IValidatableObject
{
    public const string Section = "Runs";

    /// <summary>
    /// Where the Notifier is asked how a run's deliveries stand, and for members' Slack profiles, with the operators' key; not asked
    /// when null, the default: then everybody lives in <c>Schedule:TimeZone</c>.
    /// </summary>
    public Uri? NotifierUrl { get; set; }

    /// <summary>How long its answer about deliveries is waited for, in milliseconds; 1,000 by default, 50 to 10,000.</summary>
    [Range(50, 10_000, ErrorMessage = "must be 50 to 10,000 ms.")]
    public int NotifierTimeoutMs { get; set; } = 1_000;

    /// <summary>Most failed members that one run lists; 50 by default, 1 to 1,000.</summary>
    [Range(1, 1_000, ErrorMessage = "must be 1 to 1,000 members.")]
    public int MaxFailed { get; set; } = 50;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (NotifierUrl is { } url && (!url.IsAbsoluteUri || url.Scheme is not ("http" or "https")))
            yield return new ValidationResult("must be an http or https address such as http://notifier.", [nameof(NotifierUrl)]);
    }
}
