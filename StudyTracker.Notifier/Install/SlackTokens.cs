using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using StudyTracker.Notifier.Slack;

namespace StudyTracker.Notifier.Install;

/// <summary>
/// The bot token of each workspace: from the configuration, when it names one for the workspace; then from where the app was installed
/// by itself; then the one that the configuration has for all.
/// </summary>
internal sealed class SlackTokens(IOptions<SlackOptions> options, TimeProvider time, Installations? installations = null)
{
    // So long a replica may go on with the token of an app that was installed anew through another one.
    private static readonly TimeSpan _kept = TimeSpan.FromSeconds(30);
    private readonly ConcurrentDictionary<string, (string? Token, DateTimeOffset Until)> _installed = new();

    /// <summary>The token; null when there is none.</summary>
    public async ValueTask<string?> ForAsync(string teamId, CancellationToken cancellationToken)
    {
        if (options.Value.BotTokens.TryGetValue(teamId, out var own) && own.Length > 0) return own;
        if (installations is null) return options.Value.TokenFor(teamId);
        if (!_installed.TryGetValue(teamId, out var known) || known.Until <= time.GetUtcNow())
        {
            known = (await installations.TokenAsync(teamId, cancellationToken), time.GetUtcNow() + _kept);
            _installed[teamId] = known;
        }

        return known.Token ?? options.Value.TokenFor(teamId);
    }

    /// <summary>The token of a workspace has changed.</summary>
    public void Forget(string teamId) => _installed.TryRemove(teamId, out _);
}
