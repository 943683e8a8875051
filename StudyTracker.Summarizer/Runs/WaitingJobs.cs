using System.Diagnostics.Metrics;
using Npgsql;
using StudyTracker.Kafka;
using StudyTracker.Storage;
using StudyTracker.Summarizer.Storage;
using StudyTracker.Telemetry;

namespace StudyTracker.Summarizer.Runs;

/// <summary>Counts the work that waits in rows, for the metrics. Each count has an index of its own.</summary>
internal sealed partial class WaitingJobs : BackgroundService
{
    private const string Count = """
        SELECT 'planner', 'due', count(*) FROM study.coverage WHERE next_due <= now()
        UNION ALL SELECT 'writer', lower(state), count(*) FROM study.jobs WHERE finished_at IS NULL GROUP BY state
        UNION ALL SELECT 'writer', 'parked', count(*) FROM study.jobs WHERE error IS NOT NULL AND finished_at IS NOT NULL AND state = 'Parked'
        UNION ALL SELECT 'revisions', lower(state), count(*) FROM study.revisions WHERE finished_at IS NULL GROUP BY state
        """;

    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(15);
    private readonly NpgsqlDataSource _database;
    private readonly SchemaMigration<StudyDbContext> _schema;
    private readonly ILogger<WaitingJobs> _logger;

    private volatile Dictionary<(string Stage, string State), long> _latest = None();

    public WaitingJobs(NpgsqlDataSource database, SchemaMigration<StudyDbContext> schema, ILogger<WaitingJobs> logger)
    {
        (_database, _schema, _logger) = (database, schema, logger);
        Instruments.Meter.CreateObservableGauge(
            "studytracker.jobs.waiting",
            () => _latest.Select(count => new Measurement<long>(count.Value, new("stage", count.Key.Stage), new("state", count.Key.State))),
            "{job}",
            "Work that waits in PostgreSQL, by stage and state: due and not planned, pending, written and not handed over, or parked.");
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await _schema.WaitAsync(stoppingToken);
        using var timer = new PeriodicTimer(_interval);
        do
        {
            try
            {
                _latest = await ReadAsync(stoppingToken);
            }
            catch (Exception error) when (Transient.Is(error))
            {
                LogNotCounted(error.GetType().Name);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task<Dictionary<(string Stage, string State), long>> ReadAsync(CancellationToken cancellationToken)
    {
        var counts = None();
        await using var command = _database.CreateCommand(Count);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken)) counts[(row.GetString(0), row.GetString(1))] = row.GetInt64(2);
        return counts;
    }

    private static Dictionary<(string Stage, string State), long> None() => new()
    {
        [("planner", "due")] = 0,
        [("writer", "pending")] = 0,
        [("writer", "written")] = 0,
        [("writer", "parked")] = 0,
        [("revisions", "pending")] = 0,
        [("revisions", "written")] = 0,
    };

    [LoggerMessage(LogLevel.Warning, "Waiting jobs could not be counted: {Reason}")]
    private partial void LogNotCounted(string reason);
}
