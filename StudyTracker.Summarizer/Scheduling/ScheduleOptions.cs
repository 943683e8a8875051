using System.ComponentModel.DataAnnotations;
using Quartz;

namespace StudyTracker.Summarizer.Scheduling;

/// <summary>When summaries are written by themselves (section <c>Schedule</c>).</summary>
internal sealed class ScheduleOptions : IValidatableObject
{
    public const string Section = "Schedule";

    /// <summary>Whether this replica takes part in the schedule; on by default. Any number may: Quartz fires once for all.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>IANA time zone of the schedule, and of members who have none of their own; Asia/Seoul by default.</summary>
    public string TimeZone { get; set; } = "Asia/Seoul";

    /// <summary>Quartz cron expression of the daily summary; 22:00 by default. Empty: never.</summary>
    public string Daily { get; set; } = "0 0 22 * * ?";

    /// <summary>Quartz cron expression of the weekly summary; Sundays at 22:10 by default. Empty: never.</summary>
    public string Weekly { get; set; } = "0 10 22 ? * SUN";

    /// <summary>Quartz cron expression of the monthly summary; 22:20 on the month's last day by default. Empty: never.</summary>
    public string Monthly { get; set; } = "0 20 22 L * ?";

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(TimeZone, out _))
            yield return new ValidationResult($"'{TimeZone}' is no time zone of this machine; use an IANA name such as Asia/Seoul.", [nameof(TimeZone)]);
        foreach (var (name, cron) in new[] { (nameof(Daily), Daily), (nameof(Weekly), Weekly), (nameof(Monthly), Monthly) })
        {
            if (cron.Length > 0 && !CronExpression.TryParse(cron, out _))
                yield return new ValidationResult($"'{cron}' is no Quartz cron expression, such as '0 0 22 * * ?' for 22:00 every day.", [name]);
        }
    }
}
