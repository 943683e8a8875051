using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using StudyTracker.Notifier.Pace;
using StudyTracker.Notifier.Slack;

namespace StudyTracker.Notifier.Install;

/// <summary>
/// <c>/slack/install</c> sends a browser to Slack, and <c>/slack/oauth</c> takes it back with a code, which is exchanged for the workspace's
/// token. Only the browser that set out may come back: what it brings has to fit the cookie that it was given.
/// </summary>
internal sealed partial class InstallEndpoint(
    SlackOAuth oauth,
    IOptions<SlackOptions> options,
    IDataProtectionProvider protection,
    Installations installations,
    SlackPace pace,
    ILogger<InstallEndpoint> logger)
{
    private const string Cookie = "studytracker-install";

    /// <summary>What the manifest asks for.</summary>
    private const string Scopes = "chat:write,im:write,im:history,channels:history,groups:history,groups:read,users:read,commands";

    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(10);
    private readonly ITimeLimitedDataProtector _states = protection.CreateProtector("StudyTracker.Notifier.InstallState").ToTimeLimitedDataProtector();

    /// <summary>Sets out for Slack.</summary>
    public IResult Begin(HttpContext context)
    {
        var nonce = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        context.Response.Cookies.Append(Cookie, nonce, new CookieOptions
        {
            HttpOnly = true,
            Secure = context.Request.IsHttps,
            SameSite = SameSiteMode.Lax, // it comes back by a link on Slack's page
            Path = "/slack",
            MaxAge = _patience,
        });
        return Results.Redirect(QueryHelpers.AddQueryString(options.Value.AuthorizeUrl.AbsoluteUri, new Dictionary<string, string?>
        {
            ["client_id"] = options.Value.ClientId,
            ["scope"] = Scopes,
            ["state"] = _states.Protect(nonce, _patience),
        }));
    }

    /// <summary>Comes back from Slack.</summary>
    public async Task<IResult> EndAsync(HttpContext context, string? code, string? state, string? error, CancellationToken cancellationToken)
    {
        var nonce = context.Request.Cookies[Cookie];
        context.Response.Cookies.Delete(Cookie, new CookieOptions { Path = "/slack" });
        if (!IsOurs(state, nonce)) return InstallPage.NotOurs;
        if (error is not null || string.IsNullOrEmpty(code)) return InstallPage.NotPermitted(error);
        var answer = await oauth.ExchangeAsync(code, cancellationToken);
        if (answer.Value is not { } grant)
        {
            LogNotInstalled(answer.Reason);
            return InstallPage.NotGranted(answer);
        }

        if (options.Value.AllowedTeams is { Count: > 0 } allowed && !allowed.Contains(grant.TeamId)) return InstallPage.NotAllowed(grant);
        await installations.KeepAsync(grant, cancellationToken);
        await pace.ReopenAsync(grant.TeamId);
        return InstallPage.Installed(grant);
    }

    private bool IsOurs(string? state, string? nonce)
    {
        if (string.IsNullOrEmpty(state) || string.IsNullOrEmpty(nonce)) return false;
        try
        {
            return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(_states.Unprotect(state)), Encoding.UTF8.GetBytes(nonce));
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    [LoggerMessage(LogLevel.Warning, "The app could not be installed: Slack answered {Error}")]
    private partial void LogNotInstalled(string? error);
}
