using System.Diagnostics.Metrics;
using Microsoft.Extensions.Options;
using Npgsql;
using StudyTracker.Contracts;
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
    TimeProvider time,
    ILogger<ProfileRefresh> logger) : BackgroundService
{
    private static readonly Counter<long> _asked = Instruments.Meter.CreateCounter<long>(
        "studytracker.members.profiles", "{question}", "Questions to Slack's users.info, by outcome.");

    // Taken for a while at once, so that replicas share the members between them and a failure is not repeated at once.
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
        else LogNoProfile(answer.Error!);
        return answer.RetryAfter ?? TimeSpan.FromMinutes(1) / options.Value.ProfilesPerMinute;
    }

    private async Task<MemberKey?> TakeAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await using var command = database.CreateCommand(Take);
        command.Parameters.AddRange(new[] { SqlParameters.Time(now), SqlParameters.Time(now.AddMinutes(options.Value.ProfileRetryMinutes)) });
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken) ? new MemberKey(row.GetString(0), row.GetString(1)) : null;
    }

    private async Task KeepAsync(MemberKey member, Profile profile, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Keep);
        command.Parameters.AddRange(new[]
        {
            SqlParameters.Text(member.TeamId), SqlParameters.Text(member.UserId),
            SqlParameters.Time(time.GetUtcNow().AddHours(options.Value.ProfileMaxAgeHours)),
            SqlParameters.Text(zones.IsKnown(profile.TimeZone) ? profile.TimeZone : null), SqlParameters.Text(profile.Locale),
        });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    [LoggerMessage(LogLevel.Debug, "Slack tells no profile: {Reason}")]
    private partial void LogNoProfile(string reason);

    [LoggerMessage(LogLevel.Warning, "Profiles are not refreshed now: {Reason}")]
    private partial void LogFailed(string reason);
}
