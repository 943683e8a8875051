using System.Globalization;
using Microsoft.Extensions.Options;
using Npgsql;
using StudyTracker.Contracts;
using StudyTracker.Hosting;
using StudyTracker.Kafka;
using StudyTracker.Summarizer.Storage;

namespace StudyTracker.Summarizer.Scheduling;

/// <summary>
/// Asks for what is due: one run for each kind and due time that some member has reached. What is due stands in the database
/// until it is planned, so asking twice does no harm, and asking late asks for everything that was missed.
/// </summary>
internal sealed partial class DueRuns(
    NpgsqlDataSource database,
    Publisher publisher,
    FailPoint failPoint,
    IOptions<ScheduleOptions> options,
    TimeProvider time,
    ILogger<DueRuns> logger)
{
    /// <summary>Who asks for these runs.</summary>
    public const string RequestedBy = "schedule";

    private const string SelectDue = """
        SELECT DISTINCT c.next_due, c.kind FROM study.coverage c
        WHERE c.next_due <= $1
            AND EXISTS (SELECT 1 FROM study.members m WHERE (m.team_id, m.user_id) = (c.team_id, c.user_id))
        ORDER BY c.next_due, c.kind
        LIMIT 1000
        """;

    // Nothing is returned while its planning goes on.
    private const string Ask = """
        INSERT INTO study.runs (run_id, kind, requested_at, requested_by, members, jobs, pages, touched_at)
        VALUES ($1, $2, $3, $4, 0, 0, 0, $5)
        ON CONFLICT (run_id) DO UPDATE SET touched_at = excluded.touched_at
        WHERE study.runs.touched_at IS NULL OR study.runs.touched_at < $6
        RETURNING run_id
        """;

    /// <summary>The id of the run that is due at a time, such as <c>daily-20261122t1300z</c>.</summary>
    public static string RunId(SummaryKind kind, DateTimeOffset due) =>
        $"{kind}-{due.UtcDateTime.ToString("yyyyMMdd'T'HHmm'Z'", CultureInfo.InvariantCulture)}".ToLowerInvariant();

    public async Task AskAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        foreach (var (due, kind) in await FindAsync(now, cancellationToken))
            await AskAsync(new TriggerRecord(RunId(kind, due), kind, due, RequestedBy), now, cancellationToken);
    }

    private async Task<List<(DateTimeOffset Due, SummaryKind Kind)>> FindAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(SelectDue);
        command.Parameters.Add(SqlParameters.Time(now));
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var due = new List<(DateTimeOffset, SummaryKind)>();
        while (await row.ReadAsync(cancellationToken))
            due.Add((row.GetFieldValue<DateTimeOffset>(0), Enum.Parse<SummaryKind>(row.GetString(1))));
        return due;
    }

    /// <summary>Published before the run is marked as asked for: a crash in between asks for it once more, not never.</summary>
    private async Task AskAsync(TriggerRecord trigger, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(Ask, connection, transaction)
        {
            Parameters =
            {
                SqlParameters.Text(trigger.RunId), SqlParameters.Text($"{trigger.Kind}"), SqlParameters.Time(trigger.RequestedAt),
                SqlParameters.Text(trigger.RequestedBy), SqlParameters.Time(now),
                SqlParameters.Time(now.AddSeconds(-options.Value.AskAgainSeconds)),
            },
        };
        if (await command.ExecuteScalarAsync(cancellationToken) is null) return;
        failPoint.Hit("tick-before-publish");
        await publisher.PublishAsync(
            Topics.SchedulerTriggers, trigger.RunId, trigger, ContractsJson.Default.TriggerRecord, RecordKinds.Trigger, cancellationToken);
        failPoint.Hit("tick-after-publish");
        await transaction.CommitAsync(cancellationToken);
        LogDue(trigger.RunId, (now - trigger.RequestedAt).TotalSeconds);
    }

    [LoggerMessage(LogLevel.Information, "Run {RunId} is due since {Seconds:0} s and asked for")]
    private partial void LogDue(string runId, double seconds);
}
