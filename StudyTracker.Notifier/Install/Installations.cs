using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;
using StudyTracker.Notifier.Slack;

namespace StudyTracker.Notifier.Install;

/// <summary>Which token of a workspace is to be refreshed.</summary>
/// <param name="TeamId">The workspace.</param>
/// <param name="RefreshToken">What the next token is got with, as it is in the table.</param>
/// <param name="HasExpired">Whether the present one is of no use any more.</param>
/// <param name="Attempts">How often in a row it failed.</param>
internal sealed record DueRefresh(string TeamId, string RefreshToken, bool HasExpired, int Attempts);

/// <summary>What is done about a token that Slack says has run out.</summary>
/// <param name="IsUnderWay">Whether it is being refreshed, so that trying again helps.</param>
/// <param name="Failure">Why it was not refreshed yet.</param>
internal readonly record struct RefreshState(bool IsUnderWay, string? Failure);

/// <summary>The workspaces and organisations that have installed the app, with their tokens, which are encrypted in the table.</summary>
internal sealed partial class Installations(
    NpgsqlDataSource database, TokenCipher cipher, IOptions<SlackOptions> options, ILogger<Installations> logger)
{
    // A workspace without a token of its own is served with its organisation's.
    private const string Read = """
        SELECT coalesce(nullif(w.token, ''), o.token)
        FROM delivery.workspaces w LEFT JOIN delivery.workspaces o ON o.team_id = w.enterprise_id AND o.token <> ''
        WHERE w.team_id = $1 AND (w.token <> '' OR o.token IS NOT NULL)
        """;

    // $7 lifetime in seconds, $8 seconds until the token is to be refreshed.
    private const string Write = """
        INSERT INTO delivery.workspaces
            (team_id, name, token, scopes, enterprise_id, refresh_token, installed_at, expires_at, refresh_due)
        SELECT $1, $2, $3, $4, $5, $6, now, now + make_interval(secs => $7), now + make_interval(secs => $8)
        FROM (SELECT clock_timestamp() AS now) AS clock
        ON CONFLICT (team_id) DO UPDATE
            SET name = excluded.name, token = excluded.token, scopes = excluded.scopes, enterprise_id = excluded.enterprise_id,
                refresh_token = excluded.refresh_token, installed_at = excluded.installed_at, expires_at = excluded.expires_at,
                refresh_due = excluded.refresh_due, refreshed_at = NULL, refresh_until = NULL, refresh_attempts = 0, refresh_error = NULL
        """;

    // An organisation that installs the app wants it in those of its workspaces, too, that had removed it before.
    private const string Clear = """
        DELETE FROM delivery.revocations
        WHERE team_id = $1 OR team_id IN (SELECT team_id FROM delivery.workspaces WHERE enterprise_id = $1)
        """;

    // Taken for as long as the call may last, $1; one at a time, so that replicas share them.
    private const string Take = """
        UPDATE delivery.workspaces w SET refresh_until = clock_timestamp() + $1
        FROM (
            SELECT team_id FROM delivery.workspaces
            WHERE refresh_due <= clock_timestamp() AND (refresh_until IS NULL OR refresh_until <= clock_timestamp())
            ORDER BY refresh_due LIMIT 1 FOR UPDATE SKIP LOCKED) AS next
        WHERE w.team_id = next.team_id
        RETURNING w.team_id, w.refresh_token, w.expires_at <= clock_timestamp(), w.refresh_attempts
        """;

    // Whoever has installed the app anew meanwhile, or taken the token back, has another refresh token in the row, or none.
    private const string Refreshed = """
        UPDATE delivery.workspaces
        SET token = $3, refresh_token = $4, refreshed_at = clock_timestamp(), expires_at = clock_timestamp() + make_interval(secs => $5),
            refresh_due = clock_timestamp() + make_interval(secs => $6), refresh_until = NULL, refresh_attempts = 0, refresh_error = NULL
        WHERE team_id = $1 AND refresh_token = $2
        """;

    private const string Failed = """
        UPDATE delivery.workspaces
        SET refresh_due = clock_timestamp() + $3, refresh_until = NULL, refresh_attempts = refresh_attempts + 1, refresh_error = $4
        WHERE team_id = $1 AND refresh_token = $2
        """;

    // Slack says that it has run out. One that is new is not refreshed again, and one that just failed waits as it would have.
    private const string Expired = """
        UPDATE delivery.workspaces
        SET refresh_due = CASE
            WHEN refresh_attempts = 0 AND coalesce(refreshed_at, installed_at) < clock_timestamp() - interval '1 minute'
                THEN least(refresh_due, clock_timestamp())
            ELSE refresh_due END
        WHERE team_id = $1 AND refresh_token IS NOT NULL
        RETURNING refresh_error
        """;

    /// <summary>A workspace's token; null when it has not installed the app, has taken the token back, or the token cannot be decrypted any more.</summary>
    public async Task<string?> TokenAsync(string teamId, CancellationToken cancellationToken)
    {
        await using var command = CommandFor(Read, Of(teamId));
        return await command.ExecuteScalarAsync(cancellationToken) is string encrypted ? cipher.Decrypt(teamId, encrypted) : null;
    }

    /// <summary>Keeps the token of a workspace that has installed the app, or installed it anew: then deliveries go on.</summary>
    public async Task KeepAsync(InstallationGrant grant, CancellationToken cancellationToken)
    {
        await using var batch = database.CreateBatch(); // one transaction
        Add(Revocations.Lock, Of(grant.TeamId));
        Add(
            Write,
            Of(grant.TeamId),
            Of(grant.Name),
            Of(cipher.Encrypt(grant.Bot.Token)),
            Of(grant.Scopes),
            Of(grant.EnterpriseId),
            Of(Encrypted(grant.Bot.RefreshToken)),
            Seconds(grant.Bot.Lifetime),
            Seconds(grant.Bot.RefreshToken is null ? null : RefreshAfter(grant.Bot)));
        Add(Clear, Of(grant.TeamId));
        await batch.ExecuteNonQueryAsync(cancellationToken);
        LogInstalled(grant.TeamId, grant.Scopes);

        void Add(string sql, params NpgsqlParameter[] parameters)
        {
            var command = new NpgsqlBatchCommand(sql);
            command.Parameters.AddRange(parameters);
            batch.BatchCommands.Add(command);
        }
    }

    /// <summary>Takes a token that is to be refreshed, for a while; null: there is none now.</summary>
    public async Task<DueRefresh?> TakeDueAsync(TimeSpan lease, CancellationToken cancellationToken)
    {
        await using var command = CommandFor(Take, Of(lease));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new DueRefresh(reader.GetString(0), reader.GetString(1), !reader.IsDBNull(2) && reader.GetBoolean(2), reader.GetInt32(3))
            : null;
    }

    /// <summary>Keeps the next token. False: the installation is another by now.</summary>
    // Not cancelled: Slack gives each refresh token once.
    public async Task<bool> RefreshedAsync(DueRefresh due, TokenGrant grant)
    {
        await using var command = CommandFor(
            Refreshed,
            Of(due.TeamId),
            Of(due.RefreshToken),
            Of(cipher.Encrypt(grant.Token)),
            Of(grant.RefreshToken is null ? grant.Lifetime is null ? null : due.RefreshToken : Encrypted(grant.RefreshToken)),
            Seconds(grant.Lifetime),
            Seconds(RefreshAfter(grant)));
        return await command.ExecuteNonQueryAsync(CancellationToken.None) > 0;
    }

    /// <summary>The present token stays, and it is tried again later.</summary>
    public async Task FailedAsync(DueRefresh due, string error, TimeSpan wait)
    {
        await using var command = CommandFor(Failed, Of(due.TeamId), Of(due.RefreshToken), Of(wait), Of(error));
        await command.ExecuteNonQueryAsync(CancellationToken.None);
    }

    /// <summary>Slack says that a token has run out: it is refreshed now, if it is one that is refreshed.</summary>
    public async Task<RefreshState> ExpiredAsync(string teamId, CancellationToken cancellationToken)
    {
        await using var command = CommandFor(Expired, Of(teamId));
        return await command.ExecuteScalarAsync(cancellationToken) switch
        {
            null => default,
            string failure => new(!TokenRotation.IsFinal(failure), failure),
            _ => new(true, null),
        };
    }

    /// <summary>Some time before the token runs out, and no sooner than in the middle of its life.</summary>
    private TimeSpan? RefreshAfter(TokenGrant grant)
    {
        if (grant.Lifetime is not { } lifetime) return null;
        var ahead = TimeSpan.FromMinutes(options.Value.RefreshAheadMinutes);
        return lifetime - ahead > lifetime / 2 ? lifetime - ahead : lifetime / 2;
    }

    private string? Encrypted(string? token) => token is null ? null : cipher.Encrypt(token);

    private NpgsqlCommand CommandFor(string sql, params NpgsqlParameter[] parameters)
    {
        var command = database.CreateCommand(sql);
        command.Parameters.AddRange(parameters);
        return command;
    }

    private static NpgsqlParameter Of(string? value) => new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };

    private static NpgsqlParameter Of(TimeSpan value) => new() { Value = value, NpgsqlDbType = NpgsqlDbType.Interval };

    private static NpgsqlParameter Seconds(TimeSpan? value) =>
        new() { Value = value is { } span ? span.TotalSeconds : DBNull.Value, NpgsqlDbType = NpgsqlDbType.Double };

    [LoggerMessage(LogLevel.Information, "Workspace {TeamId} has installed the app, with the scopes {Scopes}")]
    private partial void LogInstalled(string teamId, string scopes);
}
