using System.Diagnostics.Metrics;
using Microsoft.Extensions.Options;
using StudyTracker.Kafka;
using StudyTracker.Storage;
using StudyTracker.Summarizer.Storage;
using StudyTracker.Summarizer.Summaries;
using StudyTracker.Telemetry;

namespace StudyTracker.Summarizer.Revisions;

/// <summary>Looks for changes that have settled, and has the rewritings that follow put on their way.</summary>
internal sealed partial class RevisionLoop(
    Settlement settlement,
    ReplayLoop replay,
    SchemaMigration<StudyDbContext> schema,
    IOptions<RevisionOptions> options,
    TimeProvider time,
    ILogger<RevisionLoop> logger) : BackgroundService
{
    private static readonly Counter<long> _created = Instruments.Meter.CreateCounter<long>(
        "studytracker.revisions.created", "{revision}", "Rewritings of summaries that were found to be due.");

    /// <summary>Has its counters start at 0.</summary>
    public static void CountFromZero(IServiceCollection services) => services.CountFromZero(_created);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.Value.Enabled) return;
        await schema.WaitAsync(stoppingToken);
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(options.Value.IntervalSeconds), time);
        do
        {
            try
            {
                while (await StepAsync(stoppingToken) == options.Value.BatchSize)
                {
                    // There are more.
                }
            }
            catch (Exception error) when (Transient.Is(error) && !stoppingToken.IsCancellationRequested)
            {
                LogLater(error.GetBaseException().Message.ReplaceLineEndings(" "));
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task<int> StepAsync(CancellationToken cancellationToken)
    {
        var settled = await settlement.StepAsync(cancellationToken);
        if (settled.Revisions == 0) return settled.Members;
        _created.Add(settled.Revisions);
        LogCreated(settled.Revisions, settled.Members);
        replay.Wake();
        return settled.Members;
    }

    [LoggerMessage(LogLevel.Information, "{Count} summaries are written anew, because of changes by {Members} members")]
    private partial void LogCreated(int count, int members);

    [LoggerMessage(LogLevel.Warning, "Changes that have settled are looked for later: {Reason}")]
    private partial void LogLater(string reason);
}
