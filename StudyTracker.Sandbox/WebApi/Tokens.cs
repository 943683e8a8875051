using System.Collections.Concurrent;
using System.Globalization;
using StudyTracker.Sandbox.Workspaces;

namespace StudyTracker.Sandbox.WebApi;

/// <summary>
/// The app's tokens. <c>xoxb-sandbox-T…</c> is a workspace's, <c>xoxb-sandbox-E…</c> its organisation's. Those that expire have a
/// number in front and a refresh token, which can be used once.
/// </summary>
internal sealed class Tokens(WorkspaceDirectory directory, TimeProvider time)
{
    private const string Prefix = "xoxb-sandbox-", RotatingPrefix = "xoxe.xoxb-1-sandbox-", RefreshPrefix = "xoxe-1-sandbox-";
    private const int MaxIssued = 10_000;
    private readonly ConcurrentDictionary<string, (string Owner, DateTimeOffset Expires)> _issued = new();
    private readonly ConcurrentDictionary<string, string> _refresh = new();
    private readonly ConcurrentDictionary<string, byte> _revoked = new();
    private int _number;

    /// <summary>Who calls with a token; null with Slack's error when it is not good.</summary>
    public (Workspace? Workspace, string? Error) Find(string? token)
    {
        if (string.IsNullOrEmpty(token)) return (null, "not_authed");
        if (_revoked.ContainsKey(token)) return (null, "token_revoked");
        if (_issued.TryGetValue(token, out var issued))
            return issued.Expires > time.GetUtcNow() ? (Owner(issued.Owner), null) : (null, "token_expired");
        return token.StartsWith(Prefix, StringComparison.Ordinal) && Owner(token[Prefix.Length..]) is { } workspace
            ? (workspace, null)
            : (null, "invalid_auth");
    }

    /// <summary>Whether a token is an organisation's.</summary>
    public bool IsOrgWide(string? token) =>
        token is not null && (_issued.TryGetValue(token, out var issued) ? issued.Owner : token.StartsWith(Prefix, StringComparison.Ordinal) ? token[Prefix.Length..] : "") is ['E', ..];

    /// <summary>Whether it has the form of a token for the app as a whole, which the Sandbox does not hand out.</summary>
    public static bool IsAppLevel(string? token) => token?.StartsWith("xapp-", StringComparison.Ordinal) == true;

    /// <summary>The token of a workspace or organisation that does not expire.</summary>
    public string Issue(string owner)
    {
        var token = Prefix + owner;
        _revoked.TryRemove(token, out _);
        return token;
    }

    /// <summary>A token that expires, and what it is refreshed with.</summary>
    public (string Token, string Refresh) Issue(string owner, TimeSpan lifetime)
    {
        // A stand-in that runs for months must not fill its memory with tokens; those before expire or are asked for anew.
        if (_issued.Count > MaxIssued) Reset();
        var number = Interlocked.Increment(ref _number).ToString(CultureInfo.InvariantCulture);
        var (token, refresh) = ($"{RotatingPrefix}{number}-{owner}", $"{RefreshPrefix}{number}-{owner}");
        _issued[token] = (owner, time.GetUtcNow() + lifetime);
        _refresh[refresh] = owner;
        return (token, refresh);
    }

    /// <summary>Whose refresh token it is; null when it is nobody's, or was used. The access token before it stays good until it expires.</summary>
    public string? Redeem(string? refresh) => refresh is not null && _refresh.TryRemove(refresh, out var owner) ? owner : null;

    /// <summary>Takes a token back.</summary>
    public void Revoke(string token) => _revoked[token] = 0;

    /// <summary>Forgets all that were handed out or taken back.</summary>
    public void Reset()
    {
        _issued.Clear();
        _refresh.Clear();
        _revoked.Clear();
    }

    private Workspace? Owner(string owner) => owner is ['E', ..] ? directory.FindByEnterprise(owner) : directory.FindForCaller(owner);
}
