using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Options;
using StudyTracker.Kafka;
using StudyTracker.Storage;
using StudyTracker.Summarizer.Storage;
using StudyTracker.Telemetry;

namespace StudyTracker.Summarizer.Retention;

/// <summary>Has old rows deleted from time to time, on one replica at a time, if <see cref="RetentionOptions.MessageDays"/> says so.</summary>
internal sealed partial class RetentionService(
    OldRows rows,
    SchemaMigration<StudyDbContext> schema,
    IOptions<RetentionOptions> options,
    TimeProvider time,
    ILogger<RetentionService> logger) : BackgroundService
{
    private static readonly Counter<long> _deleted = Instruments.Meter.CreateCounter<long>(
        "studytracker.retention.rows", "{row}", "Rows deleted because of their age, by table.");

    private static readonly Histogram<double> _duration = Instruments.Meter.CreateHistogram<double>(
        "studytracker.retention.duration", "s", "How long it took to delete what was too old.");

    private static readonly Counter<long> _failures = Instruments.Meter.CreateCounter<long>(
        "studytracker.retention.failures", "{round}", "Rounds that failed; the next one comes at its time.");

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Value.MessageDays == 0) return;
        await schema.WaitAsync(stoppingToken);
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(options.Value.IntervalSeconds), time);
        do
        {
            await DeleteAsync(stoppingToken);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task DeleteAsync(CancellationToken cancellationToken)
    {
        var (started, count) = (Stopwatch.GetTimestamp(), 0);
        try
        {
            var before = time.GetUtcNow().AddDays(-options.Value.MessageDays);
            var pause = TimeSpan.FromMilliseconds(options.Value.PauseMs);
            if (!await rows.DeleteAsync(before, options.Value.BatchRows, pause, Count, cancellationToken)) return;
            _duration.Record(Stopwatch.GetElapsedTime(started).TotalSeconds);
            if (count > 0) LogDeleted(count, before);
        }
        catch (Exception error) when (Transient.Is(error) && !cancellationToken.IsCancellationRequested)
        {
            _failures.Add(1);
            LogFailed(error.GetBaseException().Message.ReplaceLineEndings(" "));
        }

        void Count(string table, int deleted)
        {
            count += deleted;
            _deleted.Add(deleted, new KeyValuePair<string, object?>("table", table));
        }
    }

    [LoggerMessage(LogLevel.Information, "{Rows} rows from before {Before:u} were deleted, because Retention:MessageDays says so")]
    private partial void LogDeleted(int rows, DateTimeOffset before);

    [LoggerMessage(LogLevel.Warning, "Old rows could not be deleted, which is tried again at the next interval: {Reason}")]
    private partial void LogFailed(string reason);
}
