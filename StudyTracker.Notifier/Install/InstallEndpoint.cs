using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
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
    IHttpClientFactory clients,
    IOptions<SlackOptions> options,
    IDataProtectionProvider protection,
    Installations installations,
    SlackPace pace,
    ILogger<InstallEndpoint> logger)
{
    public const string ClientName = "slack-oauth";
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
        if (!IsOurs(state, nonce)) return Said(StatusCodes.Status400BadRequest, "This did not begin here, or took longer than ten minutes. Begin at /slack/install.");
        if (error is not null || string.IsNullOrEmpty(code)) return Said(StatusCodes.Status400BadRequest, "Slack did not allow it. Nothing was installed.");
        var (installed, why) = await ExchangeAsync(code, cancellationToken);
        if (installed is not { } workspace)
        {
            LogNotInstalled(why);
            return Said(StatusCodes.Status502BadGateway, "Slack did not hand out a token. Nothing was installed; try again.");
        }

        if (options.Value.AllowedTeams is { Count: > 0 } allowed && !allowed.Contains(workspace.TeamId))
            return Said(StatusCodes.Status403Forbidden, "StudyTracker is not for this workspace. Nothing was installed; remove the app in Slack.");
        await installations.KeepAsync(workspace.TeamId, workspace.Name, workspace.Token, workspace.Scopes, cancellationToken);
        await pace.ReopenAsync(workspace.TeamId);
        return Said(StatusCodes.Status200OK, "StudyTracker is installed. Invite it to a channel and write what you studied.");
    }

    private static IResult Said(int status, string text) => Results.Text(text, "text/plain", Encoding.UTF8, status);

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

    /// <summary>The same call with both clients: SlackNet's wants a token for every call, and this one has none yet.</summary>
    private async Task<((string TeamId, string Name, string Token, string Scopes)? Workspace, string Error)> ExchangeAsync(
        string code, CancellationToken cancellationToken)
    {
        var slack = options.Value;
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(slack.ApiUrl, "oauth.v2.access"))
        {
            Content = new FormUrlEncodedContent([new("code", code)]),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue(
            "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{slack.ClientId}:{slack.ClientSecret}")));
        try
        {
            using var http = clients.CreateClient(ClientName);
            using var answer = await http.SendAsync(request, cancellationToken);
            using var body = await answer.Content.ReadFromJsonAsync<JsonDocument>(cancellationToken);
            var root = body!.RootElement;
            if (!root.GetProperty("ok").GetBoolean()) return (null, Text(root, "error"));
            var team = root.GetProperty("team");
            return ((Text(team, "id"), Text(team, "name"), Text(root, "access_token"), Text(root, "scope")), "");
        }
        catch (Exception wrong) when (wrong is HttpRequestException or JsonException or KeyNotFoundException or InvalidOperationException
            || (wrong is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return (null, wrong.GetType().Name);
        }
    }

    private static string Text(JsonElement owner, string name) => owner.GetProperty(name).GetString() ?? throw new JsonException($"{name} is null.");

    [LoggerMessage(LogLevel.Warning, "The app could not be installed: Slack answered {Error}")]
    private partial void LogNotInstalled(string error);
}
