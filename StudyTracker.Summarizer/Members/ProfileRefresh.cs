using Microsoft.Extensions.Options;
using Npgsql;
using StudyTracker.Contracts;
using StudyTracker.Kafka;
using StudyTracker.Storage;
using StudyTracker.Summarizer.Storage;

namespace StudyTracker.Summarizer.Members;

/// <summary>
/// Keeps members' time zones and locales as Slack knows them, at a bounded rate. Nothing waits for it, and nothing stops when
/// Slack does not answer.
/// </summary>
internal sealed partial class ProfileRefresh(
    NpgsqlDataSource database,
    SlackProfiles slack,
    MemberProfiles profiles,
    SchemaMigration<StudyDbContext> schema,
    IOptions<MemberOptions> options,
    TimeProvider time,
    ILogger<ProfileRefresh> logger) : BackgroundService
{
    // Far more than fail at once as long as Slack answers anybody; whoever is forgotten is only asked for sooner.
    private const int MaxFailing = 10_000;

    // Taken for as long as an answer may take, so that replicas share the members between them and a killed one holds up nobody.
    private const string Take = """
        UPDATE study.members AS m SET profile_due = $2
        FROM (
            SELECT team_id, user_id FROM study.members
            WHERE (profile_due IS NULL OR profile_due <= $1) AND team_id <> ALL ($3)
            ORDER BY profile_due NULLS FIRST LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED) AS next
        WHERE (m.team_id, m.user_id) = (next.team_id, next.user_id)
        RETURNING m.team_id, m.user_id
        """;

    private const string PutOff = "UPDATE study.members SET profile_due = $3 WHERE (team_id, user_id) = ($1, $2)";

    /// <summary>Until when Slack limits a workspace's questions. The others' members need not wait for it.</summary>
    private readonly Dictionary<string, DateTimeOffset> _limited = [];

    /// <summary>How often in a row the question for a member failed for a reason that passes.</summary>
    private readonly Dictionary<MemberKey, int> _failing = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Value.ProfilesPerMinute == 0 || !slack.CanAsk) return;
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
        var answer = await profiles.RefreshAsync(member, cancellationToken);
        if (answer.Profile is null) await PutOffAsync(member, answer, cancellationToken);
        else _failing.Remove(member);
        return TimeSpan.FromMinutes(1) / options.Value.ProfilesPerMinute;
    }

    private async Task<MemberKey?> TakeAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        foreach (var (team, until) in _limited.ToArray())
        {
            if (until <= now) _limited.Remove(team);
        }

        await using var command = database.CreateCommand(Take);
        command.Parameters.AddRange(new[]
        {
            SqlParameters.Time(now), SqlParameters.Time(now.AddSeconds(2 * options.Value.ProfileTimeoutSeconds)), SqlParameters.Texts(_limited.Keys),
        });
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken) ? new MemberKey(row.GetString(0), row.GetString(1)) : null;
    }

    // One failure must not cost a member the right hour: what passes is tried again soon, and ever later while it lasts.
    private async Task PutOffAsync(MemberKey member, ProfileAnswer answer, CancellationToken cancellationToken)
    {
        var longest = TimeSpan.FromMinutes(options.Value.ProfileRetryMinutes);
        var wait = answer.RetryAfter ?? longest;
        if (answer.RetryAfter is not null) _limited[member.TeamId] = time.GetUtcNow() + wait;
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

    [LoggerMessage(LogLevel.Debug, "Slack tells no profile, which is asked for again in {Wait}: {Reason}")]
    private partial void LogNoProfile(string reason, TimeSpan wait);

    [LoggerMessage(LogLevel.Warning, "Profiles are not refreshed now: {Reason}")]
    private partial void LogFailed(string reason);
}
