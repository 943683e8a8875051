using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using StudyTracker.Notifier.Slack;

namespace StudyTracker.Notifier.Install;

/// <summary>
/// The bot token of each workspace: from the configuration, when it names one for the workspace; then from where the app was installed
/// by itself; then the one that the configuration has for all. Asked anew for each call, because another replica may have
/// learned of a new one.
/// </summary>
internal sealed class SlackTokens(IOptions<SlackOptions> options, Installations? installations = null)
{
    /// <summary>The token; null when there is none.</summary>
    public async ValueTask<string?> ForAsync(string teamId, CancellationToken cancellationToken) =>
        Own(teamId) ?? await InstalledAsync(teamId, cancellationToken) ?? options.Value.TokenFor(teamId);

    /// <summary>Whether the token is from the configuration.</summary>
    public async ValueTask<bool> IsConfiguredAsync(string teamId, CancellationToken cancellationToken) =>
        options.Value.TokenFor(teamId) is not null && (Own(teamId) is not null || await InstalledAsync(teamId, cancellationToken) is null);

    /// <summary>Slack says that a workspace's token has run out. One from the configuration stays as it is.</summary>
    public async ValueTask<RefreshState> ExpiredAsync(string teamId, CancellationToken cancellationToken) =>
        Own(teamId) is null && installations is not null ? await installations.ExpiredAsync(teamId, cancellationToken) : default;

    /// <summary>By which the configuration's token for a workspace is known again, and not found out; null when it has none.</summary>
    public string? ConfiguredFingerprint(string teamId) => options.Value.TokenFor(teamId) is { } token
        ? Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)).AsSpan(0, 8))
        : null;

    private string? Own(string teamId) => options.Value.BotTokens.TryGetValue(teamId, out var own) && own.Length > 0 ? own : null;

    private async ValueTask<string?> InstalledAsync(string teamId, CancellationToken cancellationToken) =>
        installations is null ? null : await installations.TokenAsync(teamId, cancellationToken);
}
