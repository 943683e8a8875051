using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using StudyTracker.Contracts;
using StudyTracker.Summarizer.Days;
using StudyTracker.Summarizer.Storage;

namespace StudyTracker.Summarizer.Summaries;

/// <summary>Reads jobs with their member, run, messages and summary: those that are asked for together in one round trip.</summary>
internal sealed class JobReader
{
    private const int MostTogether = 64;

    // More than any prompt holds; the rest is only counted.
    private const int MostMessages = 5_000;

    // $1 jobs, $2 today, $3 revisions, 0 for a summary's own job.
    private const string Jobs = $"""
        SELECT
            j.job_id, j.run_id, j.team_id, j.user_id, j.kind, coalesce(v.state, j.state), r.requested_at, m.locale,
            coalesce(spent.input_tokens + spent.output_tokens, 0),
            s.local_date, s.language, s.content::text, s.message_count, s.left_out, s.streak_days, s.model, coalesce(s.revised_at, s.created_at), j.due_at,
            wanted.revision, s.revision, s.prompt_hash, {ClockSettings.Columns}
        FROM unnest($1, $3) AS wanted (job_id, revision)
        JOIN study.jobs j ON j.job_id = wanted.job_id
        LEFT JOIN study.revisions v ON (v.summary_id, v.number) = (wanted.job_id, wanted.revision)
        JOIN study.runs r ON r.run_id = j.run_id
        JOIN study.members m ON (m.team_id, m.user_id) = (j.team_id, j.user_id)
        LEFT JOIN study.summaries s ON s.summary_id = j.job_id
        LEFT JOIN study.spending spent ON spent.team_id = j.team_id AND spent.day = $2
        WHERE wanted.revision = 0 OR v.number IS NOT NULL
        """;

    // A picture alone says nothing, so such messages are left out here as they are by the planner.
    private const string Messages = """
        SELECT j.job_id, x.channel, x.ts, x.text, x.posted_at, x.seq, x.in_window, x.attached, x.is_cut
        FROM study.jobs j
        CROSS JOIN LATERAL (
            SELECT channel, ts, text, attached, is_cut, posted_at, seq, count(*) OVER ()::int AS in_window FROM study.messages
            WHERE (team_id, user_id) = (j.team_id, j.user_id) AND seq > j.after_seq AND seq <= j.to_seq
                AND deleted_ts IS NULL AND version >= 0 AND says_something
            ORDER BY posted_at DESC, seq DESC LIMIT $2) x
        WHERE j.job_id = ANY($1)
        ORDER BY j.job_id, x.posted_at, x.seq
        """;

    private const string PastClocks = """
        SELECT team_id, user_id, until_seq, time_zone, offset_seconds, day_start FROM study.past_clocks
        WHERE (team_id, user_id) IN (SELECT team_id, user_id FROM study.jobs WHERE job_id = ANY ($1))
        """;

    private readonly NpgsqlDataSource _database;
    private readonly MemberZones _zones;
    private readonly TimeProvider _time;
    private readonly Gathered<JobKey, LoadedJob?> _reads;

    public JobReader(NpgsqlDataSource database, MemberZones zones, TimeProvider time)
    {
        (_database, _zones, _time) = (database, zones, time);
        _reads = new Gathered<JobKey, LoadedJob?>(MostTogether, ReadAsync);
    }

    /// <summary>The job; null when there is none.</summary>
    public Task<LoadedJob?> ReadAsync(JobKey job, CancellationToken cancellationToken) => _reads.RunAsync(job, cancellationToken);

    /// <summary>The day that spending is counted by.</summary>
    public DateOnly Today() => Spending.DayOf(_time.GetUtcNow());

    /// <summary>When that day is over.</summary>
    public DateTimeOffset Tomorrow() => Spending.StartOf(Today().AddDays(1));

    // The workspace's accounts are nobody's day: from midnight to midnight.
    private LocalDays Spending => new(_zones.Default, TimeOnly.MinValue);

    private async Task<IReadOnlyList<LoadedJob?>> ReadAsync(IReadOnlyList<JobKey> keys, CancellationToken cancellationToken)
    {
        await using var connection = await _database.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection);
        var wanted = keys.Distinct().ToArray();
        var ids = Array.ConvertAll(wanted, key => key.JobId);
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Jobs)
        {
            Parameters =
            {
                Ids(ids),
                new() { Value = Today(), NpgsqlDbType = NpgsqlDbType.Date },
                SqlParameters.Column(wanted, key => key.Revision, NpgsqlDbType.Integer),
            },
        });
        batch.BatchCommands.Add(new NpgsqlBatchCommand(PastClocks) { Parameters = { Ids(ids) } });
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Messages) { Parameters = { Ids(ids), new() { Value = MostMessages, NpgsqlDbType = NpgsqlDbType.Integer } } });
        await batch.PrepareAsync(cancellationToken); // once for a connection; planning costs more than running
        await using var rows = await batch.ExecuteReaderAsync(cancellationToken);
        var jobs = new Dictionary<JobKey, LoadedJob>();
        while (await rows.ReadAsync(cancellationToken))
        {
            var job = Job(rows);
            jobs[job.Key] = job;
        }

        await rows.NextResultAsync(cancellationToken);
        var past = new List<PastClock>();
        while (await rows.ReadAsync(cancellationToken)) past.Add(PastClock.Read(rows, 2, new MemberKey(rows.GetString(0), rows.GetString(1))));
        var pastOf = past.ToLookup(clock => new MemberKey(clock.TeamId, clock.UserId));
        foreach (var job in jobs.Values) job.Days = new MessageDays(job.TeamId, job.Clock, pastOf[new MemberKey(job.TeamId, job.UserId)], _zones);

        // None, when it was planned between the statements; two, when a summary's own job and its rewriting are read together.
        var byId = jobs.Values.ToLookup(job => job.JobId);
        await rows.NextResultAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
        {
            foreach (var job in byId[rows.GetGuid(0)])
            {
                job.Messages.Add(Message(rows, job));
                job.MessagesInWindow = rows.GetInt32(6);
            }
        }

        return [.. keys.Select(jobs.GetValueOrDefault)];
    }

    private static NpgsqlParameter Ids(Guid[] ids) => new() { Value = ids, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid };

    private static LoadedJob Job(NpgsqlDataReader row)
    {
        var (key, state) = (new JobKey(row.GetGuid(0), row.GetInt32(18)), Enum.Parse<JobState>(row.GetString(5)));
        // What stands there is what a rewriting that is still to be written replaces.
        var isToReplace = key.Revision > 0 && state == JobState.Pending;
        return new LoadedJob
        {
            Key = key,
            RunId = row.GetString(1),
            TeamId = row.GetString(2),
            UserId = row.GetString(3),
            Kind = Enum.Parse<SummaryKind>(row.GetString(4)),
            State = state,
            RequestedAt = row.GetFieldValue<DateTimeOffset>(6),
            Locale = row.IsDBNull(7) ? null : row.GetString(7),
            SpentToday = row.GetInt64(8),
            Summary = row.IsDBNull(9) || isToReplace ? null : new StoredSummary(
                row.GetFieldValue<DateOnly>(9),
                row.GetString(10),
                JsonSerializer.Deserialize(row.GetString(11), ContractsJson.Default.SummaryContent)!,
                row.GetInt32(12),
                row.GetInt32(13),
                row.GetInt32(14),
                row.GetString(15),
                row.GetFieldValue<DateTimeOffset>(16),
                row.GetInt32(19)),
            Replaced = row.IsDBNull(9) || !isToReplace ? null : new ReplacedSummary(
                row.GetFieldValue<DateOnly>(9), row.GetString(10), row.GetInt32(12), row.GetString(15), row.GetString(20)),
            DueAt = row.GetFieldValue<DateTimeOffset>(17),
            Clock = ClockSettings.Read(row, 21),
        };
    }

    private static Message Message(NpgsqlDataReader row, LoadedJob job) => new()
    {
        TeamId = job.TeamId,
        UserId = job.UserId,
        Channel = row.GetString(1),
        Ts = row.GetString(2),
        Text = row.GetString(3),
        Attached = row.IsDBNull(7) ? null : row.GetString(7),
        IsCut = row.GetBoolean(8),
        PostedAt = row.GetFieldValue<DateTimeOffset>(4),
        Seq = row.GetInt64(5),
        EventId = "", // not read: no step needs it
    };
}
