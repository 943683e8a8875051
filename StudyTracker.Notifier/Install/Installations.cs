using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Npgsql;

namespace StudyTracker.Notifier.Install;

/// <summary>
/// The workspaces that have installed the app, with their tokens. In the table a token is encrypted; the keys are in a folder
/// (<c>Slack:KeysFolder</c>), so that who reads the database, or a copy of it, has no token.
/// </summary>
internal sealed partial class Installations(NpgsqlDataSource database, IDataProtectionProvider protection, ILogger<Installations> logger)
{
    private const string Read = "SELECT token FROM delivery.workspaces WHERE team_id = $1 AND token <> ''";

    private const string Write = """
        INSERT INTO delivery.workspaces (team_id, name, token, scopes, installed_at) VALUES ($1, $2, $3, $4, clock_timestamp())
        ON CONFLICT (team_id) DO UPDATE
            SET name = excluded.name, token = excluded.token, scopes = excluded.scopes, installed_at = excluded.installed_at
        """;

    private const string Clear = "DELETE FROM delivery.revocations WHERE team_id = $1";

    private readonly IDataProtector _tokens = protection.CreateProtector("StudyTracker.Notifier.BotToken");

    /// <summary>A workspace's token; null when it has not installed the app, has taken the token back, or the token cannot be decrypted any more.</summary>
    public async Task<string?> TokenAsync(string teamId, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Read);
        command.Parameters.Add(new NpgsqlParameter { Value = teamId });
        if (await command.ExecuteScalarAsync(cancellationToken) is not string encrypted) return null;
        try
        {
            return _tokens.Unprotect(encrypted);
        }
        catch (CryptographicException)
        {
            LogKeyLost(teamId);
            return null;
        }
    }

    /// <summary>Keeps the token of a workspace that has installed the app, or installed it anew: then deliveries go on.</summary>
    public async Task KeepAsync(string teamId, string name, string token, string scopes, CancellationToken cancellationToken)
    {
        await using var batch = database.CreateBatch(); // one transaction
        Add(Revocations.Lock, teamId);
        Add(Write, teamId, name, _tokens.Protect(token), scopes);
        Add(Clear, teamId);
        await batch.ExecuteNonQueryAsync(cancellationToken);
        LogInstalled(teamId, scopes);

        void Add(string sql, params string[] parameters)
        {
            var command = new NpgsqlBatchCommand(sql);
            foreach (var value in parameters) command.Parameters.Add(new NpgsqlParameter { Value = value });
            batch.BatchCommands.Add(command);
        }
    }

    [LoggerMessage(LogLevel.Error, "The token of workspace {TeamId} cannot be decrypted: its key is not in Slack:KeysFolder. Install the app there again")]
    private partial void LogKeyLost(string teamId);

    [LoggerMessage(LogLevel.Information, "Workspace {TeamId} has installed the app, with the scopes {Scopes}")]
    private partial void LogInstalled(string teamId, string scopes);
}
