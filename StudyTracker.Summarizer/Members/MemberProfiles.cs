using System.Diagnostics.Metrics;
using Microsoft.Extensions.Options;
using Npgsql;
using StudyTracker.Contracts;
using StudyTracker.Slack;
using StudyTracker.Storage;
using StudyTracker.Summarizer.Days;
using StudyTracker.Summarizer.Storage;
using StudyTracker.Telemetry;

namespace StudyTracker.Summarizer.Members;

/// <summary>
/// Keeps what Slack knows about members. What is known is not lost by a poorer answer: a guest's, a deactivated member's or a bot's
/// profile lacks zone and language, and one without a zone may still have an offset.
/// </summary>
internal sealed partial class MemberProfiles(
    NpgsqlDataSource database,
    SlackProfiles slack,
    ClockChanges clocks,
    IOptions<MemberOptions> options,
    TimeProvider time,
    ILogger<MemberProfiles> logger)
{
    private static readonly Counter<long> _asked = Instruments.Meter.CreateCounter<long>(
        "studytracker.members.profiles", "{question}", "Questions to Slack's users.info, by outcome.");

    private const string Lock = $"SELECT {ClockSettings.Columns} FROM study.members m WHERE (m.team_id, m.user_id) = ($1, $2) FOR NO KEY UPDATE";

    // Another clock means other due times.
    private const string Keep = """
        UPDATE study.members SET
            profile_due = $3, locale = coalesce($4, locale), time_zone = $5, offset_seconds = $6,
            schedule = CASE WHEN $7 THEN NULL ELSE schedule END
        WHERE (team_id, user_id) = ($1, $2)
        """;

    private readonly SampledLog _unknownZones = new(time, TimeSpan.FromMinutes(1));

    /// <summary>Has its counters start at 0.</summary>
    public static void CountFromZero(IServiceCollection services) =>
        services.CountFromZero(_asked, ("outcome", ["ok", "failed", "rate_limited"]));

    /// <summary>Asks once for a member's profile and keeps what is told.</summary>
    public async Task<ProfileAnswer> RefreshAsync(MemberKey member, CancellationToken cancellationToken)
    {
        var answer = await slack.AskAsync(member.TeamId, member.UserId, cancellationToken);
        _asked.Add(1, new KeyValuePair<string, object?>("outcome", answer.Error is null ? "ok" : answer.RetryAfter is null ? "failed" : "rate_limited"));
        if (answer.Profile is not null) await KeepAsync(member, answer.Profile, cancellationToken);
        return answer;
    }

    private async Task KeepAsync(MemberKey member, SlackProfile profile, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (await LockAsync(connection, member, cancellationToken) is not { } was) return; // erased meanwhile
        var becomes = Next(was, profile);
        if (was != becomes) await clocks.PrepareAsync(connection, member, was, becomes, cancellationToken);
        await using var keep = MemberTables.Command(connection, Keep, member);
        keep.Parameters.AddRange(new[]
        {
            SqlParameters.Time(time.GetUtcNow().AddHours(options.Value.ProfileMaxAgeHours)), SqlParameters.Text(profile.Locale),
            SqlParameters.Text(becomes.TimeZone), SqlParameters.Number(becomes.OffsetSeconds), SqlParameters.Flag(was != becomes),
        });
        await keep.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>A zone takes the place of whatever was known, an offset only that of another offset.</summary>
    private ClockSettings Next(ClockSettings was, SlackProfile profile)
    {
        if (TimeZones.Find(profile.TimeZone) is { } zone) return was with { TimeZone = zone.Id, OffsetSeconds = null };
        if (profile.TimeZone is { } name && _unknownZones.IsDue("", out var more)) LogUnknown(name, more);
        if (TimeZones.Find(was.TimeZone) is not null || !MemberZones.IsOffset(profile.OffsetSeconds)) return was;
        return was with { TimeZone = null, OffsetSeconds = profile.OffsetSeconds };
    }

    private static async Task<ClockSettings?> LockAsync(NpgsqlConnection connection, MemberKey member, CancellationToken cancellationToken)
    {
        await using var command = MemberTables.Command(connection, Lock, member);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken) ? ClockSettings.Read(row, 0) : null;
    }

    [LoggerMessage(LogLevel.Warning, "'{Zone}' is no time zone that is known here (and {More} more since this was last logged); such members' hours are counted by their offset from UTC")]
    private partial void LogUnknown(string zone, long more);
}
