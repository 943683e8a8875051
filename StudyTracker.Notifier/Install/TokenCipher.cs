using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace StudyTracker.Notifier.Install;

/// <summary>
/// Encrypts tokens for the database. The keys are in a folder (<c>Slack:KeysFolder</c>), so that who reads the database, or a copy of
/// it, has no token.
/// </summary>
internal sealed partial class TokenCipher(IDataProtectionProvider protection, ILogger<TokenCipher> logger)
{
    private readonly IDataProtector _tokens = protection.CreateProtector("StudyTracker.Notifier.BotToken");

    public string Encrypt(string token) => _tokens.Protect(token);

    /// <summary>The token; null when its key is gone.</summary>
    public string? Decrypt(string teamId, string encrypted)
    {
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

    [LoggerMessage(LogLevel.Error, "A token of workspace {TeamId} cannot be decrypted: its key is not in Slack:KeysFolder. Install the app there again")]
    private partial void LogKeyLost(string teamId);
}
