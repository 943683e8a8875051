using Microsoft.Extensions.Options;
using Quartz;
using StudyTracker.Contracts;
using StudyTracker.Kafka;
using StudyTracker.Storage;
using StudyTracker.Summarizer.Storage;

namespace StudyTracker.Summarizer.Scheduling;

/// <summary>Runs Quartz, clustered in Postgres, once the schema is there. All it does is to tick.</summary>
internal sealed partial class Schedule(
    ISchedulerFactory schedulers,
    SchemaMigration<StudyDbContext> schema,
    Enrolment enrolment,
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
                await enrolment.RunAllAsync(stoppingToken);
                var scheduler = await schedulers.GetScheduler(stoppingToken);
                await DeclareAsync(scheduler, stoppingToken);
                await scheduler.Start(stoppingToken);
                _scheduler = scheduler;
                LogStarted(options.Value.TickSeconds, options.Value.TimeZone);
            }
            catch (Exception error) when (error is SchedulerException || Transient.Is(error))
            {
                LogWaiting(error.GetBaseException().Message.ReplaceLineEndings(" "));
                await Task.Delay(Backoff.After(attempt, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30), Random.Shared.NextDouble()), stoppingToken);
            }
        }
    }

    private async Task DeclareAsync(IScheduler scheduler, CancellationToken cancellationToken)
    {
        // An earlier version had a job for each kind, of a class that is no more.
        foreach (var kind in Enum.GetNames<SummaryKind>()) await scheduler.DeleteJob(new JobKey(kind.ToLowerInvariant()), cancellationToken);

        var job = new JobKey("tick");
        var key = new TriggerKey(job.Name);
        var interval = TimeSpan.FromSeconds(options.Value.TickSeconds);
        await scheduler.AddJob(JobBuilder.Create<ScheduleTick>().WithIdentity(job).StoreDurably().Build(), AddJobOptions.Replacing, cancellationToken);
        var trigger = TriggerBuilder.Create().WithIdentity(key).ForJob(job)
            .WithSimpleSchedule(schedule => schedule
                .WithInterval(interval)
                .RepeatForever()
                // Ticks that were missed need not be made up for one by one.
                .WithMisfireInstruction(SimpleTriggerMisfireInstruction.NowWithRemainingCount))
            .Build();
        var existing = await scheduler.GetTrigger(key, cancellationToken) as ISimpleTrigger;
        if (existing is null)
            await scheduler.ScheduleJob(trigger, cancellationToken: cancellationToken);
        else if (existing.RepeatInterval != interval)
            await scheduler.RescheduleJob(key, trigger, cancellationToken);
    }

    [LoggerMessage(LogLevel.Information, "What is due is looked for every {Seconds} s; members without a time zone are in {Zone}")]
    private partial void LogStarted(int seconds, string zone);

    [LoggerMessage(LogLevel.Warning, "The schedule cannot start yet: {Reason}")]
    private partial void LogWaiting(string reason);
}
