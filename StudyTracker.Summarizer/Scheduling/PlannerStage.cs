using System.Diagnostics.Metrics;
using StudyTracker.Contracts;
using StudyTracker.Hosting;
using StudyTracker.Kafka;
using StudyTracker.Telemetry;

namespace StudyTracker.Summarizer.Scheduling;

/// <summary>
/// scheduler-triggers → summary-jobs. A page's jobs are published before the next page is planned, so a run that was interrupted
/// publishes its last page again and goes on. A trigger that comes again after that publishes the jobs that are still to do
/// once more: that is all that a crash between plan and publication needs.
/// </summary>
internal sealed partial class PlannerStage(
    RunPlanner planner, Publisher publisher, FailPoint failPoint, TimeProvider time, ILogger<PlannerStage> logger)
{
    private static readonly Counter<long> _jobs = Instruments.Meter.CreateCounter<long>(
        "studytracker.planner.jobs", "{job}", "Jobs planned and published, by kind of summary.");

    private static readonly Histogram<double> _pages = Instruments.Meter.CreateHistogram<double>(
        "studytracker.planner.page_duration", "s", "How long a page took, from its plan to its last ack.");

    private static readonly Histogram<double> _delay = Instruments.Meter.CreateHistogram<double>(
        "studytracker.planner.delay", "s", "From the time that was due, or asked for, to the end of planning, by run.");

    /// <summary>Has its counters start at 0.</summary>
    public static void CountFromZero(IServiceCollection services) =>
        services.CountFromZero(_jobs, ("kind", ZeroCounts.Labels<SummaryKind>()));

    public async Task PlanAsync(Record record, CancellationToken cancellationToken)
    {
        var trigger = record.Read(ContractsJson.Default.TriggerRecord, "a trigger");
        var progress = await planner.OpenAsync(trigger, cancellationToken);
        var again = 0;
        if (progress.Pages > 0)
        {
            // Of an unfinished plan only the last page can be unpublished; of a finished one, whatever was lost since.
            again = await PublishAgainAsync(trigger.RunId, progress.IsPlanned ? 1 : progress.Pages, progress.Pages, cancellationToken);
            LogAgain(trigger.RunId, progress.Pages, again);
        }

        var planned = await PlanAsync(trigger, progress.Pages, cancellationToken);
        if (planned == 0 && progress.IsPlanned) return;
        _delay.Record((time.GetUtcNow() - trigger.RequestedAt).TotalSeconds, Kind(trigger));
        LogPlanned(trigger.RunId, trigger.RequestedBy, planned);
    }

    private async Task<int> PlanAsync(TriggerRecord trigger, int published, CancellationToken cancellationToken)
    {
        var jobs = 0;
        while (true)
        {
            var started = time.GetTimestamp();
            failPoint.Hit("planner-before-commit");
            if (await planner.PlanPageAsync(trigger, cancellationToken) is not { } page) return jobs;
            failPoint.Hit("planner-after-commit");
            failPoint.Hit($"planner-page-{page.Number}");
            // Another replica may have planned some in between, if it lost the partition without knowing, and then died.
            if (page.Number > published + 1) await PublishAgainAsync(trigger.RunId, published + 1, page.Number - 1, cancellationToken);
            await publisher.PublishJobsAsync(page.Jobs, cancellationToken);
            failPoint.Hit("planner-after-publish");
            published = page.Number;
            jobs += page.Jobs.Count;
            _jobs.Add(page.Jobs.Count, Kind(trigger));
            _pages.Record(time.GetElapsedTime(started).TotalSeconds);
            if (page.IsLast) return jobs;
        }
    }

    private async Task<int> PublishAgainAsync(string runId, int fromPage, int toPage, CancellationToken cancellationToken)
    {
        var published = 0;
        var after = new MemberKey("", "");
        while (await planner.UnfinishedAsync(runId, fromPage, toPage, after, cancellationToken) is { Count: > 0 } jobs)
        {
            await publisher.PublishJobsAsync(jobs, cancellationToken);
            published += jobs.Count;
            after = new MemberKey(jobs[^1].TeamId, jobs[^1].UserId);
        }

        return published;
    }

    private static KeyValuePair<string, object?> Kind(TriggerRecord trigger) => new("kind", trigger.Kind.Label());

    [LoggerMessage(LogLevel.Information, "Run {RunId}, asked for by {RequestedBy}, is planned with {Jobs} jobs")]
    private partial void LogPlanned(string runId, string requestedBy, int jobs);

    [LoggerMessage(LogLevel.Information, "Run {RunId} comes again with {Pages} pages planned; {Jobs} of their jobs are published again")]
    private partial void LogAgain(string runId, int pages, int jobs);
}
