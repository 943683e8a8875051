using Npgsql;

namespace StudyTracker.AppHost.Demo;

/// <summary>What stands in Postgres.</summary>
/// <param name="Messages">Study messages.</param>
/// <param name="Jobs">Jobs of all runs.</param>
/// <param name="GivenUp">Jobs that ended without a summary.</param>
/// <param name="Summaries">Summaries.</param>
/// <param name="Cached">Summaries that the prompt cache answered.</param>
/// <param name="Delivered">Summaries that were posted.</param>
/// <param name="Parked">Summaries that delivery gave up.</param>
/// <param name="StoredMs">From Ingress's receipt of an event to its row: the median and the longest, in ms.</param>
/// <param name="Runs">The runs.</param>
internal sealed record StudyFigures(
    int Messages,
    int Jobs,
    int GivenUp,
    int Summaries,
    int Cached,
    int Delivered,
    int Parked,
    (double Median, double Longest) StoredMs,
    IReadOnlyDictionary<string, RunFigures> Runs)
{
    private const string Counts = """
        SELECT
            (SELECT count(*) FROM study.messages),
            (SELECT count(*) FROM study.jobs),
            (SELECT count(*) FROM study.jobs WHERE state IN ('Parked', 'Empty')),
            (SELECT count(*) FROM study.summaries),
            (SELECT count(*) FROM study.summaries WHERE cached),
            (SELECT count(*) FROM delivery.deliveries WHERE state = 'Sent'),
            (SELECT count(*) FROM delivery.deliveries WHERE state = 'Parked'),
            m.median, m.longest
        FROM (SELECT
            coalesce(percentile_cont(0.5) WITHIN GROUP (ORDER BY took), 0) AS median,
            coalesce(max(took), 0) AS longest
            FROM (SELECT 1000 * extract(epoch FROM stored_at - received_at)::float8 AS took FROM study.messages) AS t) AS m
        """;

    private const string AllRuns =
        """
        SELECT run_id, requested_at, jobs, planned_at IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM study.jobs WHERE jobs.run_id = runs.run_id AND finished_at IS NULL)
        FROM study.runs
        """;

    /// <summary>Whether every summary that was planned is written and either in Slack or parked.</summary>
    public bool IsThrough(string run) =>
        Runs.TryGetValue(run, out var planned) && planned.IsFinished && Jobs == Summaries + GivenUp && Summaries == Delivered + Parked;

    /// <summary>Counts them.</summary>
    public static async Task<StudyFigures> ReadAsync(NpgsqlDataSource database, CancellationToken cancel)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Counts));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(AllRuns));
        await using var row = await batch.ExecuteReaderAsync(cancel);
        await row.ReadAsync(cancel);
        var counts = Enumerable.Range(0, 7).Select(column => (int)row.GetInt64(column)).ToArray();
        var stored = (row.GetDouble(7), row.GetDouble(8));

        Dictionary<string, RunFigures> runs = [];
        await row.NextResultAsync(cancel);
        while (await row.ReadAsync(cancel))
        {
            runs[row.GetString(0)] = new RunFigures(row.GetFieldValue<DateTimeOffset>(1), row.GetInt32(2), row.GetBoolean(3));
        }

        return new StudyFigures(counts[0], counts[1], counts[2], counts[3], counts[4], counts[5], counts[6], stored, runs);
    }
}

/// <summary>One run.</summary>
/// <param name="RequestedAt">When it was triggered.</param>
/// <param name="Jobs">How many members had something new.</param>
/// <param name="IsFinished">Whether all its jobs have ended.</param>
internal sealed record RunFigures(DateTimeOffset RequestedAt, int Jobs, bool IsFinished);
