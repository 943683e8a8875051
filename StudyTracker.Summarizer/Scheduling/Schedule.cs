using Microsoft.Extensions.Options;
using Quartz;
using StudyTracker.Contracts;
using StudyTracker.Storage;
using StudyTracker.Summarizer.Storage;

namespace StudyTracker.Summarizer.Scheduling;

/// <summary>
/// Runs Quartz, clustered in Postgres, once the schema is there. A due time that passed while nobody ran is caught up
/// once at the next start.
/// </summary>
internal sealed partial class Schedule(
    ISchedulerFactory schedulers,
    SchemaMigration<StudyDbContext> schema,
    IOptions<ScheduleOptions> options,
    ILogger<Schedule> logger) : BackgroundService
{
    private IScheduler? _scheduler;

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_scheduler is not null) await _scheduler.Shutdown(waitForJobsToComplete: true, cancellationToken);
        await base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.Value.Enabled) return;
        await schema.WaitAsync(stoppingToken);
        for (var attempt = 1; _scheduler is null; attempt++)
        {
            try
            {
                var scheduler = await schedulers.GetScheduler(stoppingToken);
                await DeclareAsync(scheduler, stoppingToken);
                await scheduler.Start(stoppingToken);
                _scheduler = scheduler;
            }
            catch (SchedulerException error)
            {
                LogWaiting(error.GetBaseException().Message);
                await Task.Delay(Kafka.Backoff.After(attempt, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30), Random.Shared.NextDouble()), stoppingToken);
            }
        }
    }

    private async Task DeclareAsync(IScheduler scheduler, CancellationToken cancellationToken)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(options.Value.TimeZone);
        foreach (var (kind, cron) in new[]
        {
            (SummaryKind.Daily, options.Value.Daily), (SummaryKind.Weekly, options.Value.Weekly), (SummaryKind.Monthly, options.Value.Monthly),
        })
        {
            var job = new JobKey($"{kind}".ToLowerInvariant());
            if (cron.Length == 0)
            {
                await scheduler.DeleteJob(job, cancellationToken);
                continue;
            }

            await scheduler.AddJob(
                JobBuilder.Create<TriggerJob>().WithIdentity(job).UsingJobData(TriggerJob.KindKey, $"{kind}").StoreDurably().RequestRecovery().Build(),
                AddJobOptions.Replacing,
                cancellationToken);
            await DeclareTriggerAsync(scheduler, job, cron, zone, cancellationToken);
        }
    }

    /// <summary>Leaves a trigger that says the same alone: replacing it would forget a due time that was missed.</summary>
    private async Task DeclareTriggerAsync(IScheduler scheduler, JobKey job, string cron, TimeZoneInfo zone, CancellationToken cancellationToken)
    {
        var key = new TriggerKey(job.Name);
        var trigger = TriggerBuilder.Create().WithIdentity(key).ForJob(job)
            .WithCronSchedule(cron, schedule => schedule.InTimeZone(zone).WithMisfireInstruction(CronTriggerMisfireInstruction.FireAndProceed))
            .Build();
        var existing = await scheduler.GetTrigger(key, cancellationToken) as ICronTrigger;
        if (existing is null)
            await scheduler.ScheduleJob(trigger, cancellationToken: cancellationToken);
        else if (existing.CronExpressionString != cron || existing.TimeZone.Id != zone.Id)
            await scheduler.RescheduleJob(key, trigger, cancellationToken);
        LogScheduled(job.Name, cron, zone.Id);
    }

    [LoggerMessage(LogLevel.Information, "The {Kind} summary is due at '{Cron}' in {Zone}")]
    private partial void LogScheduled(string kind, string cron, string zone);

    [LoggerMessage(LogLevel.Warning, "The schedule cannot start yet: {Reason}")]
    private partial void LogWaiting(string reason);
}
