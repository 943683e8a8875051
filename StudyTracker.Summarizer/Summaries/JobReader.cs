using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using StudyTracker.Contracts;
using StudyTracker.Summarizer.Scheduling;
using StudyTracker.Summarizer.Storage;

namespace StudyTracker.Summarizer.Summaries;

/// <summary>Reads jobs with their member, run, messages and summary: those that are asked for together in one round trip.</summary>
internal sealed class JobReader
{
    private const int MostTogether = 64;

    // More than any prompt holds; the rest is only counted.
    private const int MostMessages = 5_000;

    // $1 jobs, $2 default time zone, $3 today, $4 whether it is everybody's, $5 revisions, 0 for a summary's own job. The streak looks
    // back over the member's newest 2,000 messages.
    private const string Jobs = """
        SELECT
            j.job_id, j.run_id, j.team_id, j.user_id, j.kind, coalesce(v.state, j.state), r.requested_at, m.locale, m.time_zone,
            coalesce(streak.days, 0), coalesce(spent.input_tokens + spent.output_tokens, 0),
            s.local_date, s.language, s.content::text, s.message_count, s.left_out, s.streak_days, s.model, coalesce(s.revised_at, s.created_at), j.due_at,
            wanted.revision, s.revision, s.prompt_hash
        FROM unnest($1, $5) AS wanted (job_id, revision)
        JOIN study.jobs j ON j.job_id = wanted.job_id
        LEFT JOIN study.revisions v ON (v.summary_id, v.number) = (wanted.job_id, wanted.revision)
        JOIN study.runs r ON r.run_id = j.run_id
        JOIN study.members m ON (m.team_id, m.user_id) = (j.team_id, j.user_id)
        LEFT JOIN study.summaries s ON s.summary_id = j.job_id
        LEFT JOIN study.spending spent ON spent.team_id = j.team_id AND spent.day = $3
        LEFT JOIN LATERAL (
            SELECT count(*)::int AS days FROM (
                SELECT local_day, max(local_day) OVER () - local_day AS gap, row_number() OVER (ORDER BY local_day DESC) - 1 AS place
                FROM (
                    SELECT DISTINCT (x.posted_at AT TIME ZONE CASE WHEN $4 THEN $2 ELSE coalesce(m.time_zone, $2) END)::date AS local_day
                    FROM (
                        SELECT posted_at, says_something, version, deleted_ts FROM study.messages
                        WHERE (team_id, user_id) = (j.team_id, j.user_id) AND seq <= j.to_seq
                        ORDER BY seq DESC LIMIT 2000) x
                    WHERE x.deleted_ts IS NULL AND x.version >= 0 AND x.says_something) days) places
            WHERE gap = place) streak ON coalesce(v.state, j.state) = 'Pending'
        WHERE wanted.revision = 0 OR v.number IS NOT NULL
        """;

    // A picture alone says nothing, so such messages are left out here as they are by the planner.
    private const string Messages = """
        SELECT j.job_id, x.channel, x.ts, x.text, x.posted_at, x.in_window, x.attached, x.is_cut
        FROM study.jobs j
        CROSS JOIN LATERAL (
            SELECT channel, ts, text, attached, is_cut, posted_at, seq, count(*) OVER ()::int AS in_window FROM study.messages
            WHERE (team_id, user_id) = (j.team_id, j.user_id) AND seq > j.after_seq AND seq <= j.to_seq
                AND deleted_ts IS NULL AND version >= 0 AND says_something
            ORDER BY posted_at DESC, seq DESC LIMIT $2) x
        WHERE j.job_id = ANY($1)
        ORDER BY j.job_id, x.posted_at, x.seq
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
    public DateOnly Today() => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(_time.GetUtcNow(), Zone(null)).DateTime);

    /// <summary>When that day is over.</summary>
    public DateTimeOffset Tomorrow()
    {
        var (zone, midnight) = (Zone(null), Today().AddDays(1).ToDateTime(TimeOnly.MinValue));
        // Where a clock jumps over midnight, the day begins later.
        while (zone.IsInvalidTime(midnight)) midnight = midnight.AddMinutes(15);
        return new DateTimeOffset(midnight, zone.GetUtcOffset(midnight)).ToUniversalTime();
    }

    /// <summary>A member's time zone.</summary>
    public TimeZoneInfo Zone(string? memberZone) => _zones.Find(memberZone);

    private async Task<IReadOnlyList<LoadedJob?>> ReadAsync(IReadOnlyList<JobKey> keys, CancellationToken cancellationToken)
    {
        try
        {
            return await ReadAsync(keys, defaultZone: false, cancellationToken);
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.InvalidParameterValue)
        {
            // A member's zone is one that PostgreSQL does not know. Only that member is treated as living in the default one.
            if (keys.Count == 1) return await ReadAsync(keys, defaultZone: true, cancellationToken);
            var jobs = new List<LoadedJob?>();
            foreach (var key in keys) jobs.AddRange(await ReadAsync([key], cancellationToken));
            return jobs;
        }
    }

    private async Task<IReadOnlyList<LoadedJob?>> ReadAsync(IReadOnlyList<JobKey> keys, bool defaultZone, CancellationToken cancellationToken)
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
                new() { Value = _zones.Default.Id, NpgsqlDbType = NpgsqlDbType.Text },
                new() { Value = Today(), NpgsqlDbType = NpgsqlDbType.Date },
                new() { Value = defaultZone, NpgsqlDbType = NpgsqlDbType.Boolean },
                SqlParameters.Column(wanted, key => key.Revision, NpgsqlDbType.Integer),
            },
        });
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Messages) { Parameters = { Ids(ids), new() { Value = MostMessages, NpgsqlDbType = NpgsqlDbType.Integer } } });
        await batch.PrepareAsync(cancellationToken); // once for a connection; planning costs more than running
        await using var rows = await batch.ExecuteReaderAsync(cancellationToken);
        var jobs = new Dictionary<JobKey, LoadedJob>();
        while (await rows.ReadAsync(cancellationToken))
        {
            var job = Job(rows);
            jobs[job.Key] = job;
        }

        // None, when it was planned between the two statements; two, when a summary's own job and its rewriting are read together.
        var byId = jobs.Values.ToLookup(job => job.JobId);
        await rows.NextResultAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
        {
            foreach (var job in byId[rows.GetGuid(0)])
            {
                job.Messages.Add(Message(rows, job));
                job.MessagesInWindow = rows.GetInt32(5);
            }
        }

        return [.. keys.Select(jobs.GetValueOrDefault)];
    }

    private static NpgsqlParameter Ids(Guid[] ids) => new() { Value = ids, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid };

    private static LoadedJob Job(NpgsqlDataReader row)
    {
        var (key, state) = (new JobKey(row.GetGuid(0), row.GetInt32(20)), Enum.Parse<JobState>(row.GetString(5)));
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
            TimeZone = row.IsDBNull(8) ? null : row.GetString(8),
            StreakDays = row.GetInt32(9),
            SpentToday = row.GetInt64(10),
            Summary = row.IsDBNull(11) || isToReplace ? null : new StoredSummary(
                row.GetFieldValue<DateOnly>(11),
                row.GetString(12),
                JsonSerializer.Deserialize(row.GetString(13), ContractsJson.Default.SummaryContent)!,
                row.GetInt32(14),
                row.GetInt32(15),
                row.GetInt32(16),
                row.GetString(17),
                row.GetFieldValue<DateTimeOffset>(18),
                row.GetInt32(21)),
            Replaced = row.IsDBNull(11) || !isToReplace ? null : new ReplacedSummary(
                row.GetFieldValue<DateOnly>(11), row.GetString(12), row.GetInt32(14), row.GetString(17), row.GetString(22)),
            DueAt = row.GetFieldValue<DateTimeOffset>(19),
        };
    }

    private static Message Message(NpgsqlDataReader row, LoadedJob job) => new()
    {
        TeamId = job.TeamId,
        UserId = job.UserId,
        Channel = row.GetString(1),
        Ts = row.GetString(2),
        Text = row.GetString(3),
        Attached = row.IsDBNull(6) ? null : row.GetString(6),
        IsCut = row.GetBoolean(7),
        PostedAt = row.GetFieldValue<DateTimeOffset>(4),
        EventId = "", // not read: no step needs it
    };
}
