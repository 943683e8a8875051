using System.Diagnostics;
using Npgsql;
using NpgsqlTypes;

namespace StudyTracker.LoadTests.Benchmarks;

/// <summary>The table that intake writes to: its size before a round, what came in, and the bare statement beside it.</summary>
internal sealed class IntakeTable(string connectionString) : IAsyncDisposable
{
    private const string Bare = """
        INSERT INTO study.messages
            (team_id, user_id, channel, ts, text, version, deleted_ts, thread_ts, posted_at, event_id, received_at)
        SELECT * FROM unnest(
            $1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::numeric[], $7::numeric[], $8::text[],
            $9::timestamptz[], $10::text[], $11::timestamptz[])
        ON CONFLICT DO NOTHING
        """;

    // One message every 20 ms, up to 40 days ago, by the members and in the channels of the load.
    private const string Generate = """
        WITH members AS (
            INSERT INTO study.members (team_id, user_id)
            SELECT 'T0BENCHMARK', 'U0' || lpad(upper(to_hex(m)), 8, '0') FROM generate_series(0, $2 - 1) AS m
            ON CONFLICT DO NOTHING)
        INSERT INTO study.messages (team_id, user_id, channel, ts, text, version, posted_at, event_id, received_at)
        SELECT
            'T0BENCHMARK', 'U0' || lpad(upper(to_hex(i % $2)), 8, '0'), 'C0' || lpad(upper(to_hex(i % $2 % $3)), 8, '0'),
            to_char(extract(epoch FROM at), 'FM9999999999.000000'), 'a message that has been here for long, number ' || i, 0, at,
            'EvOLD' || i, at
        FROM (SELECT i, now() - interval '40 days' - ($1 - i) * interval '20 ms' AS at FROM generate_series(1, $1) AS i) AS old
        """;

    private const string SetIndexesAside = """
        DROP TABLE IF EXISTS public.bench_indexes;
        CREATE TABLE public.bench_indexes AS
        SELECT i.indexrelid::regclass::text AS name, c.conname, CASE WHEN c.conname IS NULL
            THEN pg_get_indexdef(i.indexrelid)
            ELSE format('ALTER TABLE study.messages ADD CONSTRAINT %I %s', c.conname, pg_get_constraintdef(c.oid)) END AS definition
        FROM pg_index i LEFT JOIN pg_constraint c ON c.conindid = i.indexrelid
        WHERE i.indrelid = 'study.messages'::regclass;
        DO $$ DECLARE one record; BEGIN
            FOR one IN SELECT * FROM public.bench_indexes LOOP
                IF one.conname IS NULL THEN EXECUTE format('DROP INDEX %s', one.name);
                ELSE EXECUTE format('ALTER TABLE study.messages DROP CONSTRAINT %I', one.conname);
                END IF;
            END LOOP;
        END $$
        """;

    private const string BuildIndexes = """
        SET maintenance_work_mem = '512MB';
        DO $$ DECLARE one record; BEGIN
            FOR one IN SELECT * FROM public.bench_indexes LOOP EXECUTE one.definition; END LOOP;
        END $$;
        DROP TABLE public.bench_indexes;
        RESET maintenance_work_mem
        """;

    private const string CountRound = "SELECT count(*) FROM study.messages WHERE ts >= $1 AND ts < $2";

    private readonly NpgsqlDataSource _database = NpgsqlDataSource.Create($"{connectionString};Command Timeout=0");

    /// <summary>Leaves the table with so many rows.</summary>
    public async Task PrepareAsync(long rows, IntakeLoad load, CancellationToken cancellationToken)
    {
        // Nothing runs by itself while a round is measured: what it finds is the same for the statement and for intake.
        await ExecuteAsync("ALTER TABLE study.messages SET (autovacuum_enabled = false)", cancellationToken);
        await ExecuteAsync("TRUNCATE study.messages, study.members", cancellationToken);
        // Millions of rows are in sooner when the indexes are built afterwards.
        await ExecuteAsync(SetIndexesAside, cancellationToken);
        await using (var generate = _database.CreateCommand(Generate))
        {
            foreach (var number in new[] { rows, load.Members, load.Channels }) generate.Parameters.Add(new() { Value = number });
            await generate.ExecuteNonQueryAsync(cancellationToken);
        }

        await ExecuteAsync(BuildIndexes, cancellationToken);
        await ExecuteAsync("VACUUM ANALYZE study.messages", cancellationToken);
        await ExecuteAsync("VACUUM ANALYZE study.members", cancellationToken);
    }

    /// <summary>Has what was written so far go to disk, so that the next round does not pay for it.</summary>
    public Task SettleAsync(CancellationToken cancellationToken) => ExecuteAsync("CHECKPOINT", cancellationToken);

    /// <summary>Rows of one round: those of its hour.</summary>
    public async Task<long> CountAsync(int round, CancellationToken cancellationToken)
    {
        await using var command = _database.CreateCommand(CountRound);
        command.Parameters.Add(new() { Value = $"{IntakeLoad.Start(round).ToUnixTimeSeconds()}" });
        command.Parameters.Add(new() { Value = $"{IntakeLoad.Start(round + 1).ToUnixTimeSeconds()}" });
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>Rows of the whole table.</summary>
    public Task<long> CountAsync(CancellationToken cancellationToken) => ScalarAsync("SELECT count(*) FROM study.messages", cancellationToken);

    /// <summary>The last number that a row was given; asking costs nothing, however many rows there are.</summary>
    public Task<long> LastSeqAsync(CancellationToken cancellationToken) =>
        ScalarAsync("SELECT last_value FROM study.messages_seq_seq", cancellationToken);

    /// <summary>What the machine can do at best: the bare statement on one connection, with everything ready in memory.</summary>
    /// <returns>Rows a second.</returns>
    public async Task<double> MeasureBareAsync(IReadOnlyList<BenchMessage> messages, int batchSize, CancellationToken cancellationToken)
    {
        await using var connection = await _database.OpenConnectionAsync(cancellationToken);
        var commands = messages.Chunk(batchSize).Select(chunk => Command(connection, chunk)).ToList();
        await commands[0].PrepareAsync(cancellationToken);
        var started = Stopwatch.GetTimestamp();
        foreach (var command in commands) await command.ExecuteNonQueryAsync(cancellationToken);
        var elapsed = Stopwatch.GetElapsedTime(started);
        foreach (var command in commands) await command.DisposeAsync();
        return messages.Count / elapsed.TotalSeconds;
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    private static NpgsqlCommand Command(NpgsqlConnection connection, BenchMessage[] messages)
    {
        return new NpgsqlCommand(Bare, connection)
        {
            Parameters =
            {
                Array(message => message.TeamId, NpgsqlDbType.Text),
                Array(message => message.UserId, NpgsqlDbType.Text),
                Array(message => message.Channel, NpgsqlDbType.Text),
                Array(message => message.Ts, NpgsqlDbType.Text),
                Array(message => message.Text, NpgsqlDbType.Text),
                Array(_ => 0m, NpgsqlDbType.Numeric),
                Array(_ => (decimal?)null, NpgsqlDbType.Numeric),
                Array(_ => (string?)null, NpgsqlDbType.Text),
                Array(message => message.PostedAt, NpgsqlDbType.TimestampTz),
                Array(message => message.EventId, NpgsqlDbType.Text),
                Array(message => message.ReceivedAt, NpgsqlDbType.TimestampTz),
            },
        };

        NpgsqlParameter Array<T>(Func<BenchMessage, T> column, NpgsqlDbType type) =>
            new() { Value = messages.Select(column).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | type };
    }

    private async Task<long> ScalarAsync(string sql, CancellationToken cancellationToken)
    {
        await using var command = _database.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private async Task ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        await using var command = _database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
