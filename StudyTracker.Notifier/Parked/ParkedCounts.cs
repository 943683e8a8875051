using System.Diagnostics.Metrics;
using Npgsql;
using StudyTracker.Kafka;
using StudyTracker.Notifier.Storage;
using StudyTracker.Storage;
using StudyTracker.Telemetry;

namespace StudyTracker.Notifier.Parked;

/// <summary>Counts what is parked, for the operator who asks and for the metrics.</summary>
internal sealed partial class ParkedCounts : BackgroundService
{
    private const int MaxReasons = 50;

    private const string ByReason = """
        SELECT coalesce(error, ''), count(*)::int, extract(epoch FROM now() - min(ended_at))::float8
        FROM delivery.deliveries WHERE state = 'Parked' GROUP BY 1 ORDER BY 2 DESC LIMIT $1
        """;

    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(15);
    private readonly NpgsqlDataSource _database;
    private readonly SchemaMigration<DeliveryDbContext> _schema;
    private readonly ILogger<ParkedCounts> _logger;
    private IReadOnlyList<ParkedReason> _latest = [];

    public ParkedCounts(NpgsqlDataSource database, SchemaMigration<DeliveryDbContext> schema, ILogger<ParkedCounts> logger)
    {
        (_database, _schema, _logger) = (database, schema, logger);
        // The reason's first word: whole reasons hold numbers, and each would be a series of its own.
        Instruments.Meter.CreateObservableGauge(
            "studytracker.delivery.parked",
            () => _latest.GroupBy(reason => reason.Reason.Split(' ', ';')[0]).Select(group =>
                new Measurement<int>(group.Sum(reason => reason.Count), new KeyValuePair<string, object?>("reason", group.Key))),
            "{delivery}",
            "Deliveries that were given up and wait for an operator, by reason.");
        Instruments.Meter.CreateObservableGauge(
            "studytracker.delivery.parked_age",
            () => _latest.Select(reason => reason.OldestSeconds).DefaultIfEmpty().Max(),
            "s",
            "For how long the oldest parked delivery has been waiting for an operator.");
    }

    /// <summary>What is parked, by reason; those of the rarest reasons are left out beyond 50.</summary>
    public async Task<IReadOnlyList<ParkedReason>> ReadAsync(CancellationToken cancellationToken)
    {
        await using var command = _database.CreateCommand(ByReason);
        command.Parameters.Add(new NpgsqlParameter { Value = MaxReasons });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var reasons = new List<ParkedReason>();
        while (await reader.ReadAsync(cancellationToken))
            reasons.Add(new ParkedReason(reader.GetString(0), reader.GetInt32(1), Math.Max(0, reader.GetDouble(2))));
        return reasons;
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

    [LoggerMessage(LogLevel.Warning, "What is parked could not be counted: {Reason}")]
    private partial void LogNotCounted(string reason);
}
