using Npgsql;
using NpgsqlTypes;
using StudyTracker.LoadTests.Scenarios;

namespace StudyTracker.LoadTests.Ledger;

/// <summary>How far the pipeline is with what a run has sent.</summary>
/// <param name="Stored">Rows of messages.</param>
/// <param name="Runs">Runs that are planned, of those that were triggered.</param>
/// <param name="OpenJobs">Jobs that have not ended.</param>
/// <param name="Summaries">Summaries.</param>
/// <param name="Ended">Of these, how many are delivered or parked.</param>
internal sealed record PipelineProgress(int Stored, int Runs, int OpenJobs, int Summaries, int Ended);

/// <summary>A stored message.</summary>
/// <param name="EventId">The event that brought it.</param>
/// <param name="StoredAt">When its row was written.</param>
/// <param name="DeliveredAt">When the summary that covers it was in Slack; null when none was.</param>
internal sealed record StoredEvent(string EventId, DateTimeOffset StoredAt, DateTimeOffset? DeliveredAt);

/// <summary>A run that was executed.</summary>
internal sealed record ExecutedRun(string RunId, DateTimeOffset? PlannedAt);

/// <summary>What became of one workspace's part of a run.</summary>
internal sealed record RunPart(string RunId, string TeamId, int Jobs, int Empty, int GivenUp, int Summaries, int Sent, int Parked);

/// <summary>A message in Slack.</summary>
internal sealed record DeliveredSummary(string RunId, DateTimeOffset At);

/// <summary>What stands in PostgreSQL about a run's workspaces. The only place that knows its tables.</summary>
internal sealed class StudyRows(string connectionString, Cast cast) : IAsyncDisposable
{
    private const string Progress = """
        SELECT
            (SELECT count(*) FROM study.messages WHERE team_id = ANY($1)),
            (SELECT count(*) FROM study.runs WHERE run_id = ANY($2) AND planned_at IS NOT NULL),
            (SELECT count(*) FROM study.jobs WHERE team_id = ANY($1) AND finished_at IS NULL),
            (SELECT count(*) FROM study.summaries WHERE team_id = ANY($1)),
            (SELECT count(*) FROM delivery.deliveries WHERE team_id = ANY($1) AND state IN ('Sent', 'Parked'))
        """;

    private const string Events = """
        SELECT m.event_id, m.stored_at, d.ended_at
        FROM study.messages m
        LEFT JOIN study.jobs j ON (j.team_id, j.user_id) = (m.team_id, m.user_id) AND m.seq > j.after_seq AND m.seq <= j.to_seq
        LEFT JOIN delivery.deliveries d ON d.summary_id = j.job_id AND d.state = 'Sent'
        WHERE m.team_id = ANY($1)
        """;

    private const string Runs = "SELECT run_id, planned_at FROM study.runs WHERE run_id = ANY($1) AND planned_at IS NOT NULL";

    private const string Parts = """
        SELECT
            j.run_id, j.team_id, count(*), count(*) FILTER (WHERE j.state = 'Empty'), count(*) FILTER (WHERE j.state = 'Parked'),
            count(s.summary_id), count(*) FILTER (WHERE d.state = 'Sent'), count(*) FILTER (WHERE d.state = 'Parked')
        FROM study.jobs j
        LEFT JOIN study.summaries s ON s.summary_id = j.job_id
        LEFT JOIN delivery.deliveries d ON d.summary_id = j.job_id
        WHERE j.team_id = ANY($1)
        GROUP BY j.run_id, j.team_id
        """;

    private const string Deliveries = "SELECT run_id, ended_at FROM delivery.deliveries WHERE team_id = ANY($1) AND state = 'Sent'";

    private const string Readers = "SELECT count(DISTINCT user_id) FROM delivery.deliveries WHERE team_id = ANY($1) AND state = 'Sent'";

    private readonly NpgsqlDataSource _database = NpgsqlDataSource.Create($"{connectionString};Application Name=load;Maximum Pool Size=4");
    private readonly string[] _teams = [.. cast.Teams];

    /// <summary>By how much PostgreSQL's clock is ahead of this machine's.</summary>
    public async Task<TimeSpan> ClockAheadAsync(CancellationToken cancel)
    {
        var before = DateTimeOffset.UtcNow;
        await using var command = _database.CreateCommand("SELECT clock_timestamp()");
        var there = new DateTimeOffset((DateTime)(await command.ExecuteScalarAsync(cancel))!);
        var after = DateTimeOffset.UtcNow;
        // What is less than the answer took cannot be told from no difference at all.
        return there >= before && there <= after ? TimeSpan.Zero : there - (before + (after - before) / 2);
    }

    /// <summary>How far the pipeline is.</summary>
    /// <param name="triggers">How many triggers were planned.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task<PipelineProgress> ProgressAsync(int triggers, CancellationToken cancel)
    {
        var rows = await QueryAsync(
            Progress,
            row => new PipelineProgress((int)row.GetInt64(0), (int)row.GetInt64(1), (int)row.GetInt64(2), (int)row.GetInt64(3), (int)row.GetInt64(4)),
            cancel,
            _teams,
            RunIds(triggers));
        return rows[0];
    }

    /// <summary>Every stored message, one for each row.</summary>
    public Task<List<StoredEvent>> EventsAsync(CancellationToken cancel) =>
        QueryAsync(Events, row => new StoredEvent(row.GetString(0), Time(row, 1)!.Value, Time(row, 2)), cancel, _teams);

    /// <summary>The triggered runs that were executed.</summary>
    public Task<List<ExecutedRun>> RunsAsync(int triggers, CancellationToken cancel) =>
        QueryAsync(Runs, row => new ExecutedRun(row.GetString(0), Time(row, 1)), cancel, RunIds(triggers));

    /// <summary>What became of the runs, also of runs that others have triggered.</summary>
    public Task<List<RunPart>> PartsAsync(CancellationToken cancel) => QueryAsync(
        Parts,
        row => new RunPart(row.GetString(0), row.GetString(1), Count(row, 2), Count(row, 3), Count(row, 4), Count(row, 5), Count(row, 6), Count(row, 7)),
        cancel,
        _teams);

    /// <summary>Every message in Slack.</summary>
    public Task<List<DeliveredSummary>> DeliveriesAsync(CancellationToken cancel) =>
        QueryAsync(Deliveries, row => new DeliveredSummary(row.GetString(0), Time(row, 1)!.Value), cancel, _teams);

    /// <summary>How many learners got at least one message.</summary>
    public async Task<int> ReadersAsync(CancellationToken cancel) => (await QueryAsync(Readers, row => (int)row.GetInt64(0), cancel, _teams))[0];

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    private string[] RunIds(int triggers) => [.. Enumerable.Range(0, triggers).Select(cast.RunIdOf)];

    private async Task<List<T>> QueryAsync<T>(string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancel, params string[][] arrays)
    {
        await using var command = _database.CreateCommand(sql);
        command.CommandTimeout = 120;
        foreach (var array in arrays) command.Parameters.Add(new NpgsqlParameter { Value = array, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        var rows = new List<T>();
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel)) rows.Add(read(reader));
        return rows;
    }

    private static int Count(NpgsqlDataReader row, int column) => (int)row.GetInt64(column);

    private static DateTimeOffset? Time(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : new DateTimeOffset(row.GetDateTime(column));
}
