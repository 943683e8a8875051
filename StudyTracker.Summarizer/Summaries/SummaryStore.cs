using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using StudyTracker.Contracts;
using StudyTracker.Summarizer.Storage;

namespace StudyTracker.Summarizer.Summaries;

/// <summary>Moves jobs along, those that come together in one statement; every step may be repeated.</summary>
internal sealed class SummaryStore
{
    private const int MostTogether = 64;

    // Marked first, and rows that were erased meanwhile are not there to be marked: a job that is gone gets no summary. A
    // second summary for the same member, kind and window cannot get in.
    private const string Add = """
        WITH input AS (
            SELECT * FROM unnest(
                $1::uuid[], $2::date[], $3::text[], $4::jsonb[], $5::int[], $6::int[], $7::int[], $8::text[], $9::timestamptz[],
                $10::text[], $11::bool[], $12::int[], $13::int[], $14::int[], $15::date[])
            AS i(job_id, local_date, language, content, message_count, left_out, streak_days, model, created_at,
                prompt_hash, cached, input_tokens, cached_input_tokens, output_tokens, spent_on)),
        marked AS (
            UPDATE study.jobs SET state = 'Written' WHERE job_id = ANY($1) AND state = 'Pending'
            RETURNING job_id, run_id, team_id, user_id, kind, window_start, window_end),
        added AS (
            INSERT INTO study.summaries (
                summary_id, run_id, team_id, user_id, kind, window_start, window_end, local_date, language, content, message_count,
                left_out, streak_days, model, created_at, prompt_hash, cached, input_tokens, cached_input_tokens, output_tokens)
            SELECT
                m.job_id, m.run_id, m.team_id, m.user_id, m.kind, m.window_start, m.window_end, i.local_date, i.language, i.content,
                i.message_count, i.left_out, i.streak_days, i.model, i.created_at, i.prompt_hash, i.cached, i.input_tokens,
                i.cached_input_tokens, i.output_tokens
            FROM marked m JOIN input i ON i.job_id = m.job_id
            ON CONFLICT DO NOTHING
            RETURNING summary_id, team_id),
        spent AS (
            INSERT INTO study.spending AS s (team_id, day, input_tokens, output_tokens)
            SELECT a.team_id, i.spent_on, sum(i.input_tokens), sum(i.output_tokens)
            FROM added a JOIN input i ON i.job_id = a.summary_id
            WHERE i.input_tokens + i.output_tokens > 0
            GROUP BY a.team_id, i.spent_on ORDER BY a.team_id, i.spent_on
            ON CONFLICT (team_id, day) DO UPDATE SET
                input_tokens = s.input_tokens + excluded.input_tokens, output_tokens = s.output_tokens + excluded.output_tokens)
        SELECT i.job_id, a.summary_id IS NOT NULL, m.job_id IS NOT NULL
        FROM input i LEFT JOIN marked m ON m.job_id = i.job_id LEFT JOIN added a ON a.summary_id = i.job_id
        """;

    // A second end of the same job changes nothing.
    private const string End = """
        WITH input AS (
            SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::timestamptz[], $5::int[], $6::int[], $7::date[])
            AS i(job_id, state, error, retry_at, input_tokens, output_tokens, spent_on)),
        ended AS (
            UPDATE study.jobs j SET state = i.state, error = i.error, retry_at = i.retry_at, finished_at = now()
            FROM input i WHERE j.job_id = i.job_id AND j.finished_at IS NULL
            RETURNING j.job_id, j.team_id)
        INSERT INTO study.spending AS s (team_id, day, input_tokens, output_tokens)
        SELECT e.team_id, i.spent_on, sum(i.input_tokens), sum(i.output_tokens)
        FROM ended e JOIN input i ON i.job_id = e.job_id
        WHERE i.input_tokens + i.output_tokens > 0
        GROUP BY e.team_id, i.spent_on ORDER BY e.team_id, i.spent_on
        ON CONFLICT (team_id, day) DO UPDATE SET
            input_tokens = s.input_tokens + excluded.input_tokens, output_tokens = s.output_tokens + excluded.output_tokens
        """;

    private readonly NpgsqlDataSource _database;
    private readonly Gathered<NewSummary, StoreOutcome> _adds;
    private readonly Gathered<JobEnd, bool> _ends;

    public SummaryStore(NpgsqlDataSource database)
    {
        _database = database;
        _adds = new Gathered<NewSummary, StoreOutcome>(MostTogether, AddAsync);
        _ends = new Gathered<JobEnd, bool>(MostTogether, EndAsync);
    }

    /// <summary>Stores a summary, marks its job as written and adds up what it cost: all or nothing.</summary>
    public Task<StoreOutcome> AddAsync(NewSummary summary, CancellationToken cancellationToken) => _adds.RunAsync(summary, cancellationToken);

    /// <summary>Ends a job; a second end of the same job changes nothing.</summary>
    public Task EndAsync(JobEnd end, CancellationToken cancellationToken) => _ends.RunAsync(end, cancellationToken);

    private async Task<IReadOnlyList<StoreOutcome>> AddAsync(IReadOnlyList<NewSummary> added, CancellationToken cancellationToken)
    {
        await using var connection = await _database.OpenConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(Add, connection);
        Column(command, added, row => row.JobId, NpgsqlDbType.Uuid);
        Column(command, added, row => row.Summary.LocalDate, NpgsqlDbType.Date);
        Column(command, added, row => row.Summary.Language, NpgsqlDbType.Text);
        Column(command, added, row => JsonSerializer.Serialize(row.Summary.Content, ContractsJson.Default.SummaryContent), NpgsqlDbType.Jsonb);
        Column(command, added, row => row.Summary.MessageCount, NpgsqlDbType.Integer);
        Column(command, added, row => row.Summary.LeftOut, NpgsqlDbType.Integer);
        Column(command, added, row => row.Summary.StreakDays, NpgsqlDbType.Integer);
        Column(command, added, row => row.Summary.Model, NpgsqlDbType.Text);
        Column(command, added, row => row.Summary.WrittenAt, NpgsqlDbType.TimestampTz);
        Column(command, added, row => row.PromptHash, NpgsqlDbType.Text);
        Column(command, added, row => row.Cost.Cached, NpgsqlDbType.Boolean);
        Column(command, added, row => row.Cost.InputTokens, NpgsqlDbType.Integer);
        Column(command, added, row => row.Cost.CachedInputTokens, NpgsqlDbType.Integer);
        Column(command, added, row => row.Cost.OutputTokens, NpgsqlDbType.Integer);
        Column(command, added, row => row.SpentOn, NpgsqlDbType.Date);
        await command.PrepareAsync(cancellationToken); // once for a connection; planning costs more than running
        var outcomes = new Dictionary<Guid, StoreOutcome>();
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
        {
            outcomes[rows.GetGuid(0)] = rows.GetBoolean(1) ? StoreOutcome.Stored
                : rows.GetBoolean(2) ? StoreOutcome.Conflict
                : StoreOutcome.NotPending;
        }

        return [.. added.Select(row => outcomes[row.JobId])];
    }

    private async Task<IReadOnlyList<bool>> EndAsync(IReadOnlyList<JobEnd> ends, CancellationToken cancellationToken)
    {
        await using var connection = await _database.OpenConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(End, connection);
        Column(command, ends, end => end.Job.JobId, NpgsqlDbType.Uuid);
        Column(command, ends, end => $"{end.State}", NpgsqlDbType.Text);
        Column(command, ends, end => end.Error, NpgsqlDbType.Text);
        Column(command, ends, end => end.RetryAt, NpgsqlDbType.TimestampTz);
        Column(command, ends, end => end.Paid.InputTokens, NpgsqlDbType.Integer);
        Column(command, ends, end => end.Paid.OutputTokens, NpgsqlDbType.Integer);
        Column(command, ends, end => end.SpentOn, NpgsqlDbType.Date);
        await command.PrepareAsync(cancellationToken);
        await command.ExecuteNonQueryAsync(cancellationToken);
        return [.. ends.Select(_ => true)];
    }

    private static void Column<TRow, TValue>(NpgsqlCommand command, IReadOnlyList<TRow> rows, Func<TRow, TValue> value, NpgsqlDbType type)
    {
        command.Parameters.Add(new NpgsqlParameter<TValue[]> { TypedValue = [.. rows.Select(value)], NpgsqlDbType = NpgsqlDbType.Array | type });
    }
}
