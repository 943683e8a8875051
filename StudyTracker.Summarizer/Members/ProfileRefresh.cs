using System.Diagnostics.Metrics;
using Microsoft.Extensions.Options;
using Npgsql;
using StudyTracker.Contracts;
using StudyTracker.Kafka;
using StudyTracker.Storage;
using StudyTracker.Summarizer.Scheduling;
using StudyTracker.Summarizer.Storage;
using StudyTracker.Telemetry;

namespace StudyTracker.Summarizer.Members;

/// <summary>
/// Keeps members' time zones and locales as Slack knows them, at a bounded rate. Nothing waits for it, and nothing stops when
/// Slack does not answer.
/// </summary>
internal sealed partial class ProfileRefresh(
    NpgsqlDataSource database,
    SlackProfiles slack,
    MemberZones zones,
    SchemaMigration<StudyDbContext> schema,
    IOptions<MemberOptions> options,
    IOptions<SlackOptions> slackOptions,
    TimeProvider time,
    ILogger<ProfileRefresh> logger) : BackgroundService
{
    private static readonly Counter<long> _asked = Instruments.Meter.CreateCounter<long>(
        "studytracker.members.profiles", "{question}", "Questions to Slack's users.info, by outcome.");

    // Far more than fail at once as long as Slack answers anybody; whoever is forgotten is only asked for sooner.
    private const int MaxFailing = 10_000;

    // Taken for as long as an answer may take, so that replicas share the members between them and a killed one holds up nobody.
    private const string Take = """
        UPDATE study.members AS m SET profile_due = $2
        FROM (
            SELECT team_id, user_id FROM study.members
            WHERE profile_due IS NULL OR profile_due <= $1
            ORDER BY profile_due NULLS FIRST LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED) AS next
        WHERE (m.team_id, m.user_id) = (next.team_id, next.user_id)
        RETURNING m.team_id, m.user_id
        """;

    // A new zone means new due times.
    private const string Keep = """
        UPDATE study.members SET
            profile_due = $3, locale = coalesce($5, locale), time_zone = $4,
            schedule = CASE WHEN time_zone IS DISTINCT FROM $4 THEN NULL ELSE schedule END
        WHERE (team_id, user_id) = ($1, $2)
        """;

    private const string PutOff = "UPDATE study.members SET profile_due = $3 WHERE (team_id, user_id) = ($1, $2)";

    /// <summary>How often in a row the question for a member failed for a reason that passes.</summary>
    private readonly Dictionary<MemberKey, int> _failing = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Value.ProfilesPerMinute == 0) return;
        await schema.WaitAsync(stoppingToken);
        while (true)
        {
            try
            {
                await Task.Delay(await NextAsync(stoppingToken), time, stoppingToken);
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailed(error.GetBaseException().Message.ReplaceLineEndings(" "));
                await Task.Delay(TimeSpan.FromSeconds(options.Value.ProfilePollSeconds), time, stoppingToken);
            }
        }
    }

    /// <summary>Asks for one member.</summary>
    /// <returns>How long to wait before the next.</returns>
    private async Task<TimeSpan> NextAsync(CancellationToken cancellationToken)
    {
        if (await TakeAsync(cancellationToken) is not { } member) return TimeSpan.FromSeconds(options.Value.ProfilePollSeconds);
        var answer = await slack.AskAsync(member.TeamId, member.UserId, cancellationToken);
        _asked.Add(1, new KeyValuePair<string, object?>("outcome", answer.Error is null ? "ok" : answer.RetryAfter is null ? "failed" : "rate_limited"));
        if (answer.Profile is not null) await KeepAsync(member, answer.Profile, cancellationToken);
        else await PutOffAsync(member, answer, cancellationToken);
        var pace = TimeSpan.FromMinutes(1) / options.Value.ProfilesPerMinute;
        return answer.RetryAfter > pace ? answer.RetryAfter.Value : pace;
    }

    private async Task<MemberKey?> TakeAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await using var command = database.CreateCommand(Take);
        command.Parameters.AddRange(new[] { SqlParameters.Time(now), SqlParameters.Time(now.AddSeconds(2 * slackOptions.Value.TimeoutSeconds)) });
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken) ? new MemberKey(row.GetString(0), row.GetString(1)) : null;
    }

    // One failure must not cost a member the right hour: what passes is tried again soon, and ever later while it lasts.
    private async Task PutOffAsync(MemberKey member, ProfileAnswer answer, CancellationToken cancellationToken)
    {
        var longest = TimeSpan.FromMinutes(options.Value.ProfileRetryMinutes);
        var wait = answer.RetryAfter ?? longest;
        if (!answer.Passes)
        {
            _failing.Remove(member);
        }
        else
        {
            if (_failing.Count >= MaxFailing) _failing.Clear();
            var times = _failing[member] = _failing.GetValueOrDefault(member) + 1;
            wait = Backoff.After(times, TimeSpan.FromSeconds(options.Value.ProfilePollSeconds), longest, Random.Shared.NextDouble());
        }

        await using var command = database.CreateCommand(PutOff);
        command.Parameters.AddRange(new[]
        {
            SqlParameters.Text(member.TeamId), SqlParameters.Text(member.UserId), SqlParameters.Time(time.GetUtcNow() + wait),
        });
        await command.ExecuteNonQueryAsync(cancellationToken);
        LogNoProfile(answer.Error!, wait);
    }

    private async Task KeepAsync(MemberKey member, Profile profile, CancellationToken cancellationToken)
    {
        _failing.Remove(member);
        await using var command = database.CreateCommand(Keep);
        command.Parameters.AddRange(new[]
        {
            SqlParameters.Text(member.TeamId), SqlParameters.Text(member.UserId),
            SqlParameters.Time(time.GetUtcNow().AddHours(options.Value.ProfileMaxAgeHours)),
            SqlParameters.Text(zones.IsKnown(profile.TimeZone) ? profile.TimeZone : null), SqlParameters.Text(profile.Locale),
        });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    [LoggerMessage(LogLevel.Debug, "Slack tells no profile, which is asked for again in {Wait}: {Reason}")]
    private partial void LogNoProfile(string reason, TimeSpan wait);

    [LoggerMessage(LogLevel.Warning, "Profiles are not refreshed now: {Reason}")]
    private partial void LogFailed(string reason);
}
