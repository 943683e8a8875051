using Npgsql;
using NpgsqlTypes;
using StudyTracker.Contracts;
using StudyTracker.Summarizer.Storage;

namespace StudyTracker.Summarizer.Days;

/// <summary>Days on which a member wrote.</summary>
/// <param name="Member">Who.</param>
/// <param name="Days">The days, at least one.</param>
/// <param name="Assumed">Whether they are days of the schedule's zone, because the member's clock is not known.</param>
internal sealed record WrittenDays(MemberKey Member, IReadOnlyCollection<DateOnly> Days, bool Assumed);

/// <summary>
/// Keeps on which days members wrote, and the how manyth in a row each was. What is there is never lowered: who deletes an old note,
/// or whose old messages are deleted because of their age, keeps the streak.
/// </summary>
internal sealed class StudyDays
{
    private const int MostTogether = 64;

    // Two who count for one member do it after each other, so that neither misses the other's days.
    private const string Lock = """
        SELECT 1 FROM study.members WHERE (team_id, user_id) IN (SELECT * FROM unnest($1, $2)) ORDER BY team_id, user_id FOR NO KEY UPDATE
        """;

    // Looked at is everything from the day before the first new one: days in a row have the same distance to their number. The first of
    // a row that is there already knows how many came before it. A member who was erased meanwhile gets none.
    private const string Add = """
        WITH new AS (
            SELECT DISTINCT n.* FROM unnest($1, $2, $3, $4) AS n (team_id, user_id, day, assumed)
            JOIN study.members USING (team_id, user_id)),
        known AS (
            SELECT d.team_id, d.user_id, d.day, d.streak, d.assumed
            FROM (SELECT team_id, user_id, min(day) AS day FROM new GROUP BY team_id, user_id) AS first
            JOIN study.days d ON (d.team_id, d.user_id) = (first.team_id, first.user_id) AND d.day >= first.day - 1),
        every AS (
            SELECT * FROM known
            UNION ALL
            SELECT team_id, user_id, day, 1, assumed FROM new
            WHERE NOT EXISTS (SELECT FROM known k WHERE (k.team_id, k.user_id, k.day) = (new.team_id, new.user_id, new.day)))
        INSERT INTO study.days AS d (team_id, user_id, day, streak, assumed)
        SELECT team_id, user_id, day, first_value(streak) OVER in_a_row + row_number() OVER in_a_row - 1, assumed
        FROM (SELECT *, day - row_number() OVER (PARTITION BY team_id, user_id ORDER BY day)::int AS distance FROM every) AS numbered
        WINDOW in_a_row AS (PARTITION BY team_id, user_id, distance ORDER BY day)
        ON CONFLICT (team_id, user_id, day) DO UPDATE SET streak = excluded.streak WHERE d.streak < excluded.streak
        """;

    private const string Select = """
        SELECT coalesce(d.streak, 0) FROM unnest($1, $2, $3) WITH ORDINALITY AS n (team_id, user_id, day, position)
        LEFT JOIN study.days d ON (d.team_id, d.user_id, d.day) = (n.team_id, n.user_id, n.day)
        ORDER BY n.position
        """;

    private readonly NpgsqlDataSource _database;
    private readonly Gathered<WrittenDays, int> _records;

    public StudyDays(NpgsqlDataSource database)
    {
        _database = database;
        _records = new Gathered<WrittenDays, int>(MostTogether, RecordAsync);
    }

    /// <summary>Keeps the days; durable when it returns, and harmless to repeat.</summary>
    /// <returns>The how manyth day in a row the last of them is; 0 when the member was erased meanwhile.</returns>
    public Task<int> RecordAsync(WrittenDays days, CancellationToken cancellationToken) => _records.RunAsync(days, cancellationToken);

    /// <summary>The statement that keeps the days of members whose rows the transaction has locked.</summary>
    public static NpgsqlBatchCommand AddCommand(IReadOnlyCollection<WrittenDays> written)
    {
        var rows = written.SelectMany(one => one.Days.Select(day => (one.Member, Day: day, one.Assumed))).ToList();
        return new NpgsqlBatchCommand(Add)
        {
            Parameters =
            {
                SqlParameters.Column(rows, row => row.Member.TeamId, NpgsqlDbType.Text),
                SqlParameters.Column(rows, row => row.Member.UserId, NpgsqlDbType.Text),
                SqlParameters.Column(rows, row => row.Day, NpgsqlDbType.Date),
                SqlParameters.Column(rows, row => row.Assumed, NpgsqlDbType.Boolean),
            },
        };
    }

    private async Task<IReadOnlyList<int>> RecordAsync(IReadOnlyList<WrittenDays> written, CancellationToken cancellationToken)
    {
        await using var connection = await _database.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new(Lock)
                {
                    Parameters =
                    {
                        SqlParameters.Column(written, one => one.Member.TeamId, NpgsqlDbType.Text),
                        SqlParameters.Column(written, one => one.Member.UserId, NpgsqlDbType.Text),
                    },
                },
                AddCommand(written),
                new(Select)
                {
                    Parameters =
                    {
                        SqlParameters.Column(written, one => one.Member.TeamId, NpgsqlDbType.Text),
                        SqlParameters.Column(written, one => one.Member.UserId, NpgsqlDbType.Text),
                        SqlParameters.Column(written, one => one.Days.Max(), NpgsqlDbType.Date),
                    },
                },
            },
        };
        await using var row = await batch.ExecuteReaderAsync(cancellationToken);
        await row.NextResultAsync(cancellationToken); // past the lock
        var streaks = new List<int>();
        while (await row.ReadAsync(cancellationToken)) streaks.Add(row.GetInt32(0));
        return streaks;
    }
}
