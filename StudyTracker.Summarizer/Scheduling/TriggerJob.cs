using System.Globalization;
using Quartz;
using StudyTracker.Contracts;
using StudyTracker.Kafka;

namespace StudyTracker.Summarizer.Scheduling;

/// <summary>
/// What the schedule does: publish a trigger. The run's id is made from the time that was due, so that a second firing for
/// the same time, by whatever accident, is the same run.
/// </summary>
[DisallowConcurrentExecution]
internal sealed class TriggerJob(Publisher publisher) : IJob
{
    public const string KindKey = "kind";

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        var kind = Enum.Parse<SummaryKind>(context.MergedJobDataMap.GetString(KindKey)!);
        var due = Due(context);
        var runId = RunId(kind, due);
        try
        {
            await publisher.PublishAsync(
                Topics.SchedulerTriggers,
                runId,
                new TriggerRecord(runId, kind, due, "schedule"),
                ContractsJson.Default.TriggerRecord,
                RecordKinds.Trigger,
                cancellationToken);
        }
        catch (PublishException error)
        {
            // Kafka is away: a due time must not pass for that. Fire again until it is back.
            await Task.Delay(TimeSpan.FromSeconds(1), cancellationToken);
            throw new JobExecutionException(error) { RefireImmediately = true };
        }
    }

    /// <summary>
    /// The time that was due. A job that is recovered because its process was killed in the middle is due when it was
    /// then, not now: so it is the same run, if the trigger had been published after all.
    /// </summary>
    private static DateTimeOffset Due(IJobExecutionContext context) =>
        context.Recovering
        && DateTimeOffset.TryParse(
            context.MergedJobDataMap.TryGetString(SchedulerConstants.FailedJobOriginalTriggerScheduledFireTime, out var original) ? original : null,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out var due)
            ? due.ToUniversalTime()
            : context.ScheduledFireTimeUtc ?? context.FireTimeUtc;

    /// <summary>The id of the run that is due at a time, such as <c>daily-20261122t1300z</c>.</summary>
    public static string RunId(SummaryKind kind, DateTimeOffset due) =>
        $"{kind}-{due.UtcDateTime.ToString("yyyyMMdd'T'HHmm'Z'", CultureInfo.InvariantCulture)}".ToLowerInvariant();
}
