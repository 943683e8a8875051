using Npgsql;
using StudyTracker.Kafka;

namespace StudyTracker.Notifier.Install;

/// <summary>
/// The workspaces that have taken their token back. As long as a workspace is among them the ledger hands out no delivery of it, in
/// no replica. Its installed token is forgotten; of a token from the configuration a fingerprint is noted, so that another
/// token there counts again. Each event does the same however often it comes, and one from before an installation nothing.
/// </summary>
internal sealed partial class Revocations(NpgsqlDataSource database, SlackTokens tokens, TimeProvider time, ILogger<Revocations> logger)
{
    // Whoever installs and whoever revokes takes turns, for each workspace by itself.
    public const string Lock = "SELECT pg_advisory_xact_lock(hashtextextended('delivery.workspaces ' || $1, 0))";

    private const string Forget =
        "UPDATE delivery.workspaces SET token = '', refresh_token = NULL, refresh_due = NULL WHERE team_id = $1 AND installed_at <= $2";

    private const string Note = """
        INSERT INTO delivery.revocations (team_id, revoked_at, reason, configured)
        SELECT $1, $2, $3, $4 WHERE NOT EXISTS (SELECT 1 FROM delivery.workspaces WHERE team_id = $1 AND installed_at > $2)
        ON CONFLICT (team_id) DO UPDATE
            SET revoked_at = excluded.revoked_at, reason = excluded.reason, configured = excluded.configured
            WHERE excluded.revoked_at > revocations.revoked_at
        """;

    // Another token in the configuration than was revoked may be used.
    private const string Standing = "SELECT reason FROM delivery.revocations WHERE team_id = $1 AND ($2::text IS NULL OR configured = $2)";

    // The configuration was read then: a token from there may be newer than whatever happened before.
    private readonly DateTimeOffset _configuredAt = time.GetUtcNow();

    /// <summary>Handles one record of the stage.</summary>
    public async Task HandleAsync(Record record, CancellationToken cancellationToken)
    {
        if (Revocation.Read(record) is not { } revocation) return;
        var (team, at) = (revocation.TeamId, revocation.At);
        var mayBeNewer = at < _configuredAt && await tokens.IsConfiguredAsync(team, cancellationToken);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection); // one transaction
        Add(Lock, team);
        Add(Forget, team, at);
        if (!mayBeNewer) Add(Note, team, at, revocation.Reason, (object?)tokens.ConfiguredFingerprint(team) ?? DBNull.Value);
        await batch.ExecuteNonQueryAsync(cancellationToken);
        if (mayBeNewer) LogOlder(team, revocation.Reason, at);
        else if (batch.BatchCommands[^1].RecordsAffected > 0) LogRevoked(team, revocation.Reason, at);

        void Add(string sql, params object[] parameters)
        {
            var command = new NpgsqlBatchCommand(sql);
            foreach (var value in parameters)
            {
                command.Parameters.Add(value is DBNull
                    ? new NpgsqlParameter { Value = value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text }
                    : new NpgsqlParameter { Value = value });
            }

            batch.BatchCommands.Add(command);
        }
    }

    /// <summary>How a workspace has taken its token back; null: it has not.</summary>
    public async Task<string?> ReasonAsync(string teamId, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Standing);
        command.Parameters.Add(new NpgsqlParameter { Value = teamId });
        command.Parameters.Add(new NpgsqlParameter
        {
            Value = (object?)tokens.ConfiguredFingerprint(teamId) ?? DBNull.Value,
            NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text,
        });
        return await command.ExecuteScalarAsync(cancellationToken) as string;
    }

    [LoggerMessage(LogLevel.Error, "Workspace {TeamId} has taken its token back ({Reason}, {At:u}): its deliveries are parked until it installs the app again, or the configuration has another token for it")]
    private partial void LogRevoked(string teamId, string reason, DateTimeOffset at);

    [LoggerMessage(LogLevel.Warning, "Workspace {TeamId} took its token back ({Reason}, {At:u}) before this process read its own from the configuration: it may be a newer one, so Slack's answers will tell")]
    private partial void LogOlder(string teamId, string reason, DateTimeOffset at);
}
