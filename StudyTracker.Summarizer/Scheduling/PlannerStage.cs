using Microsoft.EntityFrameworkCore;
using StudyTracker.Contracts;
using StudyTracker.Hosting;
using StudyTracker.Kafka;
using StudyTracker.Summarizer.Storage;

namespace StudyTracker.Summarizer.Scheduling;

/// <summary>
/// scheduler-triggers → summary-jobs. A trigger that comes again publishes the jobs that are still to do once more: that
/// is all that a crash between plan and publication needs.
/// </summary>
internal sealed partial class PlannerStage(
    RunPlanner planner,
    IDbContextFactory<StudyDbContext> contexts,
    Publisher publisher,
    FailPoint failPoint,
    ILogger<PlannerStage> logger)
{
    private const int PublishTogether = 256;

    public async Task PlanAsync(Record record, CancellationToken cancellationToken)
    {
        var trigger = record.Read(ContractsJson.Default.TriggerRecord, "a trigger");
        failPoint.Hit("planner-before-commit");
        var isNew = await planner.PlanAsync(trigger, cancellationToken);
        failPoint.Hit("planner-after-commit");
        var published = await PublishAsync(trigger.RunId, cancellationToken);
        failPoint.Hit("planner-after-publish");
        if (isNew) LogPlanned(trigger.RunId, trigger.RequestedBy, published);
        else LogAgain(trigger.RunId, published);
    }

    private async Task<int> PublishAsync(string runId, CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        var jobs = await database.Jobs.AsNoTracking()
            .Where(job => job.RunId == runId && job.FinishedAt == null)
            .OrderBy(job => job.TeamId).ThenBy(job => job.UserId)
            .Select(job => new SummaryJob(job.JobId, job.RunId, job.TeamId, job.UserId, job.Kind, job.WindowStart, job.WindowEnd))
            .ToListAsync(cancellationToken);
        foreach (var chunk in jobs.Chunk(PublishTogether))
        {
            await Task.WhenAll(chunk.Select(job => publisher.PublishAsync(
                Topics.SummaryJobs,
                new MemberKey(job.TeamId, job.UserId).ToString(),
                job,
                ContractsJson.Default.SummaryJob,
                RecordKinds.Job,
                cancellationToken)));
        }

        return jobs.Count;
    }

    [LoggerMessage(LogLevel.Information, "Run {RunId}, asked for by {RequestedBy}, is planned with {Jobs} jobs")]
    private partial void LogPlanned(string runId, string requestedBy, int jobs);

    [LoggerMessage(LogLevel.Information, "Run {RunId} was planned before; {Jobs} jobs were still to do and are published again")]
    private partial void LogAgain(string runId, int jobs);
}
