using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using Npgsql;
using StudyTracker.Contracts;
using StudyTracker.Hosting;
using StudyTracker.Kafka;
using StudyTracker.Storage;
using StudyTracker.Summarizer.Scheduling;
using StudyTracker.Summarizer.Storage;

namespace StudyTracker.Summarizer.Summaries;

/// <summary>How jobs are put on their way again (section <c>Replay</c>).</summary>
internal sealed class ReplayOptions
{
    public const string Section = "Replay";

    /// <summary>How often jobs that are due are looked for, in seconds; 30 by default, 1 to 3,600.</summary>
    [Range(1, 3_600, ErrorMessage = "must be 1 to 3,600 seconds.")]
    public int IntervalSeconds { get; set; } = 30;

    /// <summary>Jobs put on their way in one step; 500 by default, 1 to 5,000.</summary>
    [Range(1, 5_000, ErrorMessage = "must be 1 to 5,000 jobs.")]
    public int BatchSize { get; set; } = 500;

    /// <summary>
    /// After how long a job that was put on its way, and has not ended, is published once more, in minutes; 60 by default,
    /// 1 to 1,440. It may only wait for its turn: then the second record finds it done.
    /// </summary>
    [Range(1, 1_440, ErrorMessage = "must be 1 to 1,440 minutes.")]
    public int AgainMinutes { get; set; } = 60;
}

/// <summary>
/// Puts jobs and rewritings on their way whose <see cref="Job.RetryAt"/> has come: new rewritings, parked ones that are possible
/// again or were replayed, and those of which a crash took the record. A job is freed before it is published, and stays due until it has ended,
/// so it cannot get lost in between; a record too many finds its job done.
/// </summary>
internal sealed partial class ReplayLoop(
    NpgsqlDataSource database,
    Publisher publisher,
    SchemaMigration<StudyDbContext> schema,
    FailPoint failPoint,
    IOptions<ReplayOptions> options,
    TimeProvider time,
    ILogger<ReplayLoop> logger) : BackgroundService
{
    private const string Free = """
        UPDATE study.jobs j SET
            state = CASE WHEN EXISTS (SELECT FROM study.summaries s WHERE s.summary_id = j.job_id) THEN 'Written' ELSE 'Pending' END,
            error = NULL, finished_at = NULL, retry_at = now() + $2
        FROM (SELECT job_id FROM study.jobs WHERE retry_at <= now() ORDER BY retry_at LIMIT $1 FOR UPDATE SKIP LOCKED) due
        WHERE j.job_id = due.job_id
        RETURNING j.job_id, j.run_id, j.team_id, j.user_id, j.kind, j.window_start, j.window_end, j.due_at, 0
        """;

    private const string FreeRevisions = """
        UPDATE study.revisions r SET
            state = CASE WHEN s.revision >= r.number THEN 'Written' ELSE 'Pending' END,
            error = NULL, finished_at = NULL, retry_at = now() + $2
        FROM (SELECT summary_id, number FROM study.revisions WHERE retry_at <= now() ORDER BY retry_at LIMIT $1 FOR UPDATE SKIP LOCKED) due
        JOIN study.jobs j ON j.job_id = due.summary_id
        JOIN study.summaries s ON s.summary_id = due.summary_id
        WHERE (r.summary_id, r.number) = (due.summary_id, due.number)
        RETURNING j.job_id, j.run_id, j.team_id, j.user_id, j.kind, j.window_start, j.window_end, j.due_at, r.number
        """;

    private readonly SemaphoreSlim _wake = new(0, 1);

    /// <summary>Has due jobs looked for now.</summary>
    public void Wake()
    {
        if (_wake.CurrentCount > 0) return;
        try
        {
            _wake.Release();
        }
        catch (SemaphoreFullException)
        {
            // Another caller was as quick: it is awake.
        }
    }

    public override void Dispose()
    {
        _wake.Dispose(); // harmless a second time: the container disposes the loop as itself and as a hosted service
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await schema.WaitAsync(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                while (await ReplayAsync(Free, stoppingToken) + await ReplayAsync(FreeRevisions, stoppingToken) >= options.Value.BatchSize)
                {
                    // There are more.
                }
            }
            catch (Exception error) when (Transient.Is(error))
            {
                LogLater(error.GetBaseException().Message.ReplaceLineEndings(" "));
            }

            using var next = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
            var woken = _wake.WaitAsync(next.Token);
            await Task.WhenAny(woken, Task.Delay(TimeSpan.FromSeconds(options.Value.IntervalSeconds), time, next.Token));
            await next.CancelAsync();
            await woken.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<int> ReplayAsync(string free, CancellationToken cancellationToken)
    {
        var jobs = new List<SummaryJob>();
        await using (var command = database.CreateCommand(free))
        {
            command.Parameters.Add(new() { Value = options.Value.BatchSize });
            command.Parameters.Add(new() { Value = TimeSpan.FromMinutes(options.Value.AgainMinutes) });
            await using var rows = await command.ExecuteReaderAsync(cancellationToken);
            while (await rows.ReadAsync(cancellationToken))
            {
                jobs.Add(new SummaryJob(
                    rows.GetGuid(0), rows.GetString(1), rows.GetString(2), rows.GetString(3), Enum.Parse<SummaryKind>(rows.GetString(4)),
                    rows.GetFieldValue<DateTimeOffset>(5), rows.GetFieldValue<DateTimeOffset>(6), rows.GetFieldValue<DateTimeOffset>(7),
                    rows.GetInt32(8)));
            }
        }

        if (jobs.Count == 0) return 0;
        failPoint.Hit("replay-before-publish");
        await publisher.PublishJobsAsync(jobs, cancellationToken);
        failPoint.Hit("replay-after-publish");
        LogReplayed(jobs.Count);
        return jobs.Count;
    }

    [LoggerMessage(LogLevel.Information, "{Count} jobs are on their way again")]
    private partial void LogReplayed(int count);

    [LoggerMessage(LogLevel.Warning, "Jobs that are due are put on their way later: {Reason}")]
    private partial void LogLater(string reason);
}
