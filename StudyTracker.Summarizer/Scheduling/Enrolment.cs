using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;
using StudyTracker.Contracts;
using StudyTracker.Summarizer.Days;
using StudyTracker.Summarizer.Members;
using StudyTracker.Summarizer.Storage;

namespace StudyTracker.Summarizer.Scheduling;

/// <summary>
/// Computes due times for members who are new, or whose time zone, preferences or schedule have changed. Whoever changes
/// one of these only forgets by which schedule the member's due times were computed (<see cref="Member.Schedule"/>).
/// </summary>
internal sealed class Enrolment(NpgsqlDataSource database, IOptions<ScheduleOptions> options, MemberZones zones, TimeProvider time)
{
    private static readonly SummaryKind[] _kinds = Enum.GetValues<SummaryKind>();

    private const string New = "schedule IS NULL";
    private const string NewOrOther = "schedule IS DISTINCT FROM $2";

    // LIMIT 1 keeps PostgreSQL from joining all of the coverage for one page of members.
    // Since when a member waits for a first summary: since the first message came, even if nobody was there to store it.
    private static string Select(string which) => $"""
        SELECT
            m.team_id, m.user_id, {ClockSettings.Columns}, {Preferences.Columns}, k.kind, c.last_due,
            coalesce(c.window_end, first.received_at, m.created_at), coalesce(c.held, false)
        FROM (
            SELECT * FROM study.members WHERE {which}
            ORDER BY team_id, user_id LIMIT $1 FOR NO KEY UPDATE SKIP LOCKED) AS m
        CROSS JOIN unnest($3) AS k (kind)
        LEFT JOIN LATERAL (
            SELECT x.last_due, x.window_end, x.held FROM study.coverage x
            WHERE (x.team_id, x.user_id, x.kind) = (m.team_id, m.user_id, k.kind) LIMIT 1) AS c ON true
        LEFT JOIN LATERAL (
            SELECT x.received_at FROM study.messages x
            WHERE c.window_end IS NULL AND (x.team_id, x.user_id) = (m.team_id, m.user_id) ORDER BY x.seq LIMIT 1) AS first ON true
        """;

    private const string Update = """
        INSERT INTO study.coverage (team_id, user_id, kind, seq, next_due, held)
        SELECT team_id, user_id, kind, 0, next_due, held FROM unnest($1, $2, $3, $4, $5) AS p (team_id, user_id, kind, next_due, held)
        ON CONFLICT (team_id, user_id, kind) DO UPDATE SET next_due = excluded.next_due, held = excluded.held
        """;

    private const string Mark = """
        UPDATE study.members SET schedule = $3 WHERE (team_id, user_id) IN (SELECT * FROM unnest($1, $2))
        """;

    /// <summary>Those who are new or changed.</summary>
    public Task RunAsync(CancellationToken cancellationToken) => RunAsync(Select(New), cancellationToken);

    /// <summary>Also those whose due times are of another schedule: to be called once after a start, with what may be other options.</summary>
    public Task RunAllAsync(CancellationToken cancellationToken) => RunAsync(Select(NewOrOther), cancellationToken);

    private async Task RunAsync(string select, CancellationToken cancellationToken)
    {
        while (await PageAsync(select, cancellationToken) > 0)
        {
            // A page is a transaction of its own.
        }
    }

    private async Task<int> PageAsync(string select, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await PlanLock.TakeAsync(connection, transaction, cancellationToken);
        var cycles = await ReadAsync(select, connection, transaction, cancellationToken);
        if (cycles.Count == 0) return 0;
        await using var batch = new NpgsqlBatch(connection, transaction)
        {
            BatchCommands =
            {
                new(Update)
                {
                    Parameters =
                    {
                        SqlParameters.Column(cycles, cycle => cycle.TeamId, NpgsqlDbType.Text),
                        SqlParameters.Column(cycles, cycle => cycle.UserId, NpgsqlDbType.Text),
                        SqlParameters.Column(cycles, cycle => $"{cycle.Kind}", NpgsqlDbType.Text),
                        SqlParameters.Column(cycles, cycle => cycle.NextDue, NpgsqlDbType.TimestampTz),
                        SqlParameters.Column(cycles, cycle => cycle.NextDue is null, NpgsqlDbType.Boolean),
                    },
                },
                new(Mark)
                {
                    Parameters =
                    {
                        SqlParameters.Column(cycles, cycle => cycle.TeamId, NpgsqlDbType.Text),
                        SqlParameters.Column(cycles, cycle => cycle.UserId, NpgsqlDbType.Text),
                        SqlParameters.Text(options.Value.Fingerprint),
                    },
                },
            },
        };
        await batch.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return cycles.Count;
    }

    private async Task<List<Cycle>> ReadAsync(
        string select, NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await using var command = new NpgsqlCommand(select, connection, transaction)
        {
            Parameters =
            {
                SqlParameters.Number(options.Value.PageSize),
                SqlParameters.Text(options.Value.Fingerprint),
                SqlParameters.Texts(_kinds.Select(kind => $"{kind}")),
            },
        };
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var cycles = new List<Cycle>();
        while (await row.ReadAsync(cancellationToken))
        {
            var kind = Enum.Parse<SummaryKind>(row.GetString(12));
            var preferences = Preferences.Read(row, 5);
            cycles.Add(new Cycle(row.GetString(0), row.GetString(1), kind, preferences.NextDue(
                kind,
                options.Value,
                zones.DaysOf(row.GetString(0), ClockSettings.Read(row, 2)),
                row.IsDBNull(13) ? null : row.GetFieldValue<DateTimeOffset>(13),
                row.GetFieldValue<DateTimeOffset>(14),
                row.GetBoolean(15),
                now)));
        }

        return cycles;
    }

    /// <summary>When one member's next summary of one kind is due; null: held back.</summary>
    private sealed record Cycle(string TeamId, string UserId, SummaryKind Kind, DateTimeOffset? NextDue);
}
