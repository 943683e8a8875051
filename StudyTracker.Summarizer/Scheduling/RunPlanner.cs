using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;
using StudyTracker.Contracts;
using StudyTracker.Kafka;
using StudyTracker.Summarizer.Days;
using StudyTracker.Summarizer.Members;
using StudyTracker.Summarizer.Storage;

namespace StudyTracker.Summarizer.Scheduling;

/// <summary>How far the planning of a run is.</summary>
/// <param name="Pages">Pages that are planned.</param>
/// <param name="IsPlanned">Whether these are all.</param>
internal readonly record struct PlanProgress(int Pages, bool IsPlanned);

/// <summary>Some members' part of a run.</summary>
/// <param name="Number">1 for the first.</param>
/// <param name="Jobs">The jobs of those who have something new.</param>
/// <param name="IsLast">Whether no members are left.</param>
internal sealed record PlannedPage(int Number, IReadOnlyList<SummaryJob> Jobs, bool IsLast);

/// <summary>
/// Turns a trigger into a run with one job per member who has something new, page by page. A page, the coverage that it moves,
/// the next due times and the run's checkpoint are one transaction, so a run that is interrupted goes on after its last page.
/// The windows of a member meet without gap or overlap, because each starts where the last one of its kind ended.
/// </summary>
internal sealed class RunPlanner(NpgsqlDataSource database, IOptions<ScheduleOptions> options, MemberZones zones, TimeProvider time)
{
    private const string AddRun = """
        INSERT INTO study.runs (run_id, kind, requested_at, requested_by, members, jobs, pages, touched_at)
        VALUES ($1, $2, $3, $4, 0, 0, 0, $5)
        ON CONFLICT DO NOTHING
        """;

    private const string SelectRun =
        "SELECT pages, planned_at IS NOT NULL, coalesce(checkpoint_team, ''), coalesce(checkpoint_user, ''), kind FROM study.runs WHERE run_id = $1";

    private const string MemberColumns = $"m.team_id, m.user_id, {ClockSettings.Columns}, {Preferences.Columns}, c.seq, c.window_end, c.last_due";

    // LIMIT 1 keeps PostgreSQL from joining all rows of the other table for one page: the further a run was, the longer a page took.
    private const string Everybody = $"""
        SELECT {MemberColumns}
        FROM study.members m
        LEFT JOIN LATERAL (
            SELECT x.seq, x.window_end, x.last_due FROM study.coverage x
            WHERE (x.team_id, x.user_id, x.kind) = (m.team_id, m.user_id, $1) LIMIT 1) AS c ON true
        WHERE (m.team_id, m.user_id) > ($2, $3)
        ORDER BY m.team_id, m.user_id
        LIMIT $4
        """;

    // No checkpoint: whoever is planned is due at another time from then on.
    private const string WhoIsDue = $"""
        SELECT {MemberColumns}
        FROM study.coverage c
        CROSS JOIN LATERAL (
            SELECT x.* FROM study.members x WHERE (x.team_id, x.user_id) = (c.team_id, c.user_id) LIMIT 1) AS m
        WHERE c.kind = $1 AND c.next_due = $2
        ORDER BY c.team_id, c.user_id
        LIMIT $3
        """;

    // New is what has a seq above the covered one. A message posted at or after the window's end closes the range just
    // before itself, so that it, and whatever came after it, is left whole to the next run.
    private const string SelectNew = """
        SELECT p.position::int - 1, new.to_seq, new.first_posted_at
        FROM unnest($1, $2, $3, $4) WITH ORDINALITY AS p (team_id, user_id, after_seq, window_end, position)
        CROSS JOIN LATERAL (
            SELECT min(x.seq) AS seq FROM study.messages x
            WHERE (x.team_id, x.user_id) = (p.team_id, p.user_id) AND x.seq > p.after_seq AND x.posted_at >= p.window_end) AS later
        CROSS JOIN LATERAL (
            SELECT max(x.seq) AS to_seq, min(x.posted_at) AS first_posted_at FROM study.messages x
            WHERE (x.team_id, x.user_id) = (p.team_id, p.user_id)
                AND x.seq > p.after_seq AND x.seq < coalesce(later.seq, 9223372036854775807)
                AND x.deleted_ts IS NULL AND x.version >= 0 AND x.says_something) AS new
        WHERE new.to_seq IS NOT NULL
        """;

    // Coverage moves past messages only together with the job that covers them.
    private const string AddPage = """
        WITH planned AS (
            SELECT * FROM unnest($3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
                AS p (job_id, team_id, user_id, window_start, window_end, after_seq, to_seq, last_due, next_due, held)),
        added AS (
            INSERT INTO study.jobs
                (job_id, run_id, page, team_id, user_id, kind, window_start, window_end, due_at, after_seq, to_seq, state)
            SELECT job_id, $1, $13, team_id, user_id, $2, window_start, window_end, $15, after_seq, to_seq, 'Pending'
            FROM planned WHERE to_seq IS NOT NULL
            ON CONFLICT DO NOTHING
            RETURNING job_id),
        moved AS (
            INSERT INTO study.coverage AS c (team_id, user_id, kind, seq, window_end, last_due, next_due, held)
            SELECT
                team_id, user_id, $2, CASE WHEN added.job_id IS NULL THEN after_seq ELSE to_seq END, window_end,
                last_due, next_due, held
            FROM planned LEFT JOIN added USING (job_id)
            WHERE $14 OR added.job_id IS NOT NULL
            ON CONFLICT (team_id, user_id, kind) DO UPDATE SET
                seq = excluded.seq,
                window_end = greatest(c.window_end, excluded.window_end),
                last_due = coalesce(excluded.last_due, c.last_due),
                next_due = CASE WHEN $14 THEN excluded.next_due ELSE c.next_due END,
                held = CASE WHEN $14 THEN excluded.held ELSE c.held END)
        SELECT job_id FROM added
        """;

    private const string MoveRun = """
        UPDATE study.runs SET
            pages = pages + 1, members = members + $2, jobs = jobs + $3, checkpoint_team = $4, checkpoint_user = $5,
            held_back = held_back + $8, touched_at = $6, planned_at = CASE WHEN $7 THEN $6 ELSE planned_at END
        WHERE run_id = $1
        """;

    private const string EndRun = "UPDATE study.runs SET planned_at = $2, touched_at = $2 WHERE run_id = $1 AND planned_at IS NULL";

    private const string SelectUnfinished = """
        SELECT job_id, team_id, user_id, kind, window_start, window_end, due_at FROM study.jobs
        WHERE run_id = $1 AND finished_at IS NULL AND page BETWEEN $2 AND $3 AND (team_id, user_id) > ($4, $5)
        ORDER BY team_id, user_id
        LIMIT $6
        """;

    /// <summary>Begins the run, or finds how far it is.</summary>
    /// <exception cref="PoisonException">A run of another kind has the id.</exception>
    public async Task<PlanProgress> OpenAsync(TriggerRecord trigger, CancellationToken cancellationToken)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(new NpgsqlBatchCommand(AddRun)
        {
            Parameters =
            {
                SqlParameters.Text(trigger.RunId), SqlParameters.Text($"{trigger.Kind}"), SqlParameters.Time(trigger.RequestedAt),
                SqlParameters.Text(trigger.RequestedBy), SqlParameters.Time(time.GetUtcNow()),
            },
        });
        batch.BatchCommands.Add(new NpgsqlBatchCommand(SelectRun) { Parameters = { SqlParameters.Text(trigger.RunId) } });
        await using var row = await batch.ExecuteReaderAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        return row.GetString(4) == $"{trigger.Kind}"
            ? new PlanProgress(row.GetInt32(0), row.GetBoolean(1))
            : throw new PoisonException($"The run's id is taken by a {row.GetString(4).ToLowerInvariant()} run; this trigger asks for a {$"{trigger.Kind}".ToLowerInvariant()} one.");
    }

    /// <summary>Plans the next page; durable when it returns.</summary>
    /// <returns>The page; null when nobody was left.</returns>
    public async Task<PlannedPage?> PlanPageAsync(TriggerRecord trigger, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await PlanLock.TakeAsync(connection, transaction, cancellationToken);
        var page = new Page(connection, transaction, trigger, IsScheduled(trigger), time.GetUtcNow(), cancellationToken);

        var members = await MembersAsync(page);
        if (members is { Count: 0 }) await page.ExecuteAsync(EndRun, SqlParameters.Text(trigger.RunId), SqlParameters.Time(page.Now));
        PlannedPage? planned = null;
        if (members is { Count: > 0 })
        {
            await FindNewAsync(page, members);
            planned = await AddAsync(page, members);
        }

        await transaction.CommitAsync(cancellationToken);
        return planned;
    }

    /// <summary>Jobs of a run that are not finished, in order of the members.</summary>
    /// <param name="runId">The run.</param>
    /// <param name="fromPage">Of this page…</param>
    /// <param name="toPage">…to this one.</param>
    /// <param name="after">After this member.</param>
    /// <param name="cancellationToken">The caller's.</param>
    public async Task<IReadOnlyList<SummaryJob>> UnfinishedAsync(
        string runId, int fromPage, int toPage, MemberKey after, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(SelectUnfinished);
        command.Parameters.AddRange(new[]
        {
            SqlParameters.Text(runId), SqlParameters.Number(fromPage), SqlParameters.Number(toPage),
            SqlParameters.Text(after.TeamId), SqlParameters.Text(after.UserId), SqlParameters.Number(options.Value.PageSize),
        });
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var jobs = new List<SummaryJob>();
        while (await row.ReadAsync(cancellationToken))
        {
            jobs.Add(new SummaryJob(
                row.GetGuid(0), runId, row.GetString(1), row.GetString(2), Enum.Parse<SummaryKind>(row.GetString(3)),
                row.GetFieldValue<DateTimeOffset>(4), row.GetFieldValue<DateTimeOffset>(5), row.GetFieldValue<DateTimeOffset>(6)));
        }

        return jobs;
    }

    private static bool IsScheduled(TriggerRecord trigger) => trigger.RequestedBy == DueRuns.RequestedBy;

    /// <summary>The members of the next page with the ends of their windows; null when the run is planned already.</summary>
    private async Task<List<PlannedMember>?> MembersAsync(Page page)
    {
        string team, user;
        await using (var run = await page.Command(SelectRun, SqlParameters.Text(page.Trigger.RunId)).ExecuteReaderAsync(page.Cancellation))
        {
            if (!await run.ReadAsync(page.Cancellation)) return null; // erased meanwhile
            if (run.GetBoolean(1) && !page.IsScheduled) return null;
            page.Number = run.GetInt32(0) + 1;
            (team, user) = (run.GetString(2), run.GetString(3));
        }

        var (kind, limit) = (SqlParameters.Text($"{page.Trigger.Kind}"), SqlParameters.Number(options.Value.PageSize));
        await using var command = page.IsScheduled
            ? page.Command(WhoIsDue, kind, SqlParameters.Time(page.Trigger.RequestedAt), limit)
            : page.Command(Everybody, kind, SqlParameters.Text(team), SqlParameters.Text(user), limit);
        await using var row = await command.ExecuteReaderAsync(page.Cancellation);
        var members = new List<PlannedMember>();
        while (await row.ReadAsync(page.Cancellation))
        {
            var member = PlannedMember.Read(row, zones);
            if (page.IsScheduled) member.MeetDue(page.Trigger.Kind, page.Trigger.RequestedAt, page.Now, options.Value);
            else member.MeetOrder(page.Trigger.Kind, page.Trigger.RequestedAt);
            members.Add(member);
        }

        return members;
    }

    private static async Task FindNewAsync(Page page, List<PlannedMember> members)
    {
        // Those who hold their summaries back are few, and nobody should be told that they have written nothing.
        var asked = members.Where(member => member.IsOpen || member.HeldBackUntil is not null).ToList();
        await using var command = page.Command(
            SelectNew,
            SqlParameters.Column(asked, member => member.TeamId, NpgsqlDbType.Text),
            SqlParameters.Column(asked, member => member.UserId, NpgsqlDbType.Text),
            SqlParameters.Column(asked, member => member.AfterSeq, NpgsqlDbType.Bigint),
            SqlParameters.Column(asked, member => member.WindowEnd ?? member.HeldBackUntil, NpgsqlDbType.TimestampTz));
        await using var row = await command.ExecuteReaderAsync(page.Cancellation);
        while (await row.ReadAsync(page.Cancellation))
            asked[row.GetInt32(0)].Found(row.GetInt64(1), row.GetFieldValue<DateTimeOffset>(2));
    }

    private async Task<PlannedPage> AddAsync(Page page, List<PlannedMember> members)
    {
        var added = new HashSet<Guid>();
        await using (var command = page.Command(
            AddPage,
            SqlParameters.Text(page.Trigger.RunId),
            SqlParameters.Text($"{page.Trigger.Kind}"),
            SqlParameters.Column(members, member => member.JobId, NpgsqlDbType.Uuid),
            SqlParameters.Column(members, member => member.TeamId, NpgsqlDbType.Text),
            SqlParameters.Column(members, member => member.UserId, NpgsqlDbType.Text),
            SqlParameters.Column(members, member => member.WindowStart, NpgsqlDbType.TimestampTz),
            SqlParameters.Column(members, member => member.WindowEnd, NpgsqlDbType.TimestampTz),
            SqlParameters.Column(members, member => member.AfterSeq, NpgsqlDbType.Bigint),
            SqlParameters.Column(members, member => member.ToSeq, NpgsqlDbType.Bigint),
            SqlParameters.Column(members, member => member.LastDue, NpgsqlDbType.TimestampTz),
            SqlParameters.Column(members, member => member.NextDue, NpgsqlDbType.TimestampTz),
            SqlParameters.Column(members, member => member.Held, NpgsqlDbType.Boolean),
            SqlParameters.Number(page.Number),
            SqlParameters.Flag(page.IsScheduled),
            SqlParameters.Time(page.Trigger.RequestedAt)))
        {
            await using var row = await command.ExecuteReaderAsync(page.Cancellation);
            while (await row.ReadAsync(page.Cancellation)) added.Add(row.GetGuid(0));
        }

        var isLast = members.Count < options.Value.PageSize;
        await page.ExecuteAsync(
            MoveRun,
            SqlParameters.Text(page.Trigger.RunId),
            SqlParameters.Number(members.Count),
            SqlParameters.Number(added.Count),
            SqlParameters.Text(members[^1].TeamId),
            SqlParameters.Text(members[^1].UserId),
            SqlParameters.Time(page.Now),
            SqlParameters.Flag(isLast),
            SqlParameters.Number(members.Count(member => member.IsHeldBack)));
        var jobs = members.Where(member => added.Contains(member.JobId)).Select(member => member.Job(page.Trigger)).ToList();
        return new PlannedPage(page.Number, jobs, isLast);
    }

    /// <summary>The transaction of one page.</summary>
    private sealed record Page(
        NpgsqlConnection Connection,
        NpgsqlTransaction Transaction,
        TriggerRecord Trigger,
        bool IsScheduled,
        DateTimeOffset Now,
        CancellationToken Cancellation)
    {
        public int Number { get; set; }

        public NpgsqlCommand Command(string sql, params NpgsqlParameter[] parameters)
        {
            var command = new NpgsqlCommand(sql, Connection, Transaction);
            command.Parameters.AddRange(parameters);
            return command;
        }

        public async Task ExecuteAsync(string sql, params NpgsqlParameter[] parameters)
        {
            await using var command = Command(sql, parameters);
            await command.ExecuteNonQueryAsync(Cancellation);
        }
    }
}
