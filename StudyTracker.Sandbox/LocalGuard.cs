using System.Net;
using Microsoft.Extensions.Options;

namespace StudyTracker.Sandbox;

/// <summary>
/// The Sandbox holds the operators' key and knows no users, so pages from elsewhere must not reach it through a browser: neither by a name of
/// their own that leads to this machine (DNS rebinding), nor by a form or script that posts here.
/// </summary>
internal static class LocalGuard
{
    public static void UseLocalGuard(this WebApplication app)
    {
        var allowed = app.Services.GetRequiredService<IOptions<SandboxOptions>>().Value.AllowedHosts ?? [];
        app.Use(async (context, next) =>
        {
            if (ProblemOf(context.Request, allowed) is { } problem)
            {
                await Results.Problem(problem, statusCode: StatusCodes.Status403Forbidden).ExecuteAsync(context);
                return;
            }

            await next(context);
        });
    }

    /// <summary>Why a request is refused; null when it is not.</summary>
    internal static string? ProblemOf(HttpRequest request, IReadOnlyCollection<string> allowedHosts)
    {
        if (!IsLocal(request.Host.Host, allowedHosts)) return "The Sandbox answers to localhost, and to names in Sandbox:AllowedHosts.";
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)) return null;
        if (request.Headers["Sec-Fetch-Site"] is [{ } site] && site is not ("same-origin" or "none")) return "Only the Sandbox's own page may do that.";
        return request.Headers.Origin is [{ } origin] && !IsSame(origin, request) ? "Only the Sandbox's own page may do that." : null;
    }

    private static bool IsLocal(string host, IReadOnlyCollection<string> allowedHosts) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address))
        || allowedHosts.Contains(host, StringComparer.OrdinalIgnoreCase);

    private static bool IsSame(string origin, HttpRequest request) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var from)
        && from.Scheme == request.Scheme
        && HostString.FromUriComponent(from) is var host
        && (host.Port ?? from.Port) == (request.Host.Port ?? (request.IsHttps ? 443 : 80))
        && host.Host.Equals(request.Host.Host, StringComparison.OrdinalIgnoreCase);
}
