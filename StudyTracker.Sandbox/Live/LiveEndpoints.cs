using System.Runtime.CompilerServices;
using Microsoft.Extensions.FileProviders;
using StudyTracker.Sandbox.Workspaces;

namespace StudyTracker.Sandbox.Live;

/// <summary>The page, and <c>/sandbox/stream</c> that keeps it up to date.</summary>
internal static class LiveEndpoints
{
    /// <summary>Only what comes from here may run in the page, or be sent to by it.</summary>
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static void UsePage(this WebApplication app)
    {
        var files = new EmbeddedFileProvider(typeof(LiveEndpoints).Assembly, "StudyTracker.Sandbox.wwwroot");
        app.UseDefaultFiles(new DefaultFilesOptions { FileProvider = files });
        app.UseStaticFiles(new StaticFileOptions
        {
            FileProvider = files,
            OnPrepareResponse = context =>
            {
                var headers = context.Context.Response.Headers;
                headers.ContentSecurityPolicy = ContentSecurityPolicy;
                headers.XContentTypeOptions = "nosniff";
                headers["Referrer-Policy"] = "no-referrer";
                headers.CacheControl = "no-cache";
            },
        });
    }

    public static void MapLive(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/sandbox/stream", (LiveStream live, HttpContext context, IHostApplicationLifetime lifetime) => live.HasRoom
            ? Results.ServerSentEvents(WatchAsync(live, lifetime.ApplicationStopping, context.RequestAborted), "changed")
            : Results.Problem("Too many pages watch (Sandbox:MaxWatchers).", statusCode: StatusCodes.Status503ServiceUnavailable));

        // Slack's links to messages: the page shows the channel and points the message out.
        endpoints.MapGet("/archives/{channelId}/p{number:regex(^[0-9]{{13,20}}$)}", (string channelId, string number) =>
            SlackIds.IsWellFormed(channelId, "CGD") ? Results.Redirect($"/?message={channelId}/p{number}") : Results.NotFound());
    }

    private static async IAsyncEnumerable<LiveNotice> WatchAsync(
        LiveStream live, CancellationToken stopping, [EnumeratorCancellation] CancellationToken aborted)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, aborted);
        // Said at once, so that the page knows that it is connected.
        yield return new LiveNotice("connected");
        var notices = live.WatchAsync(either.Token).GetAsyncEnumerator(either.Token);
        await using (notices.ConfigureAwait(false))
        {
            while (await MoveAsync(notices)) yield return notices.Current;
        }
    }

    /// <summary>Whether there is one more; a watcher that leaves, or a host that stops, is an end and no error.</summary>
    private static async ValueTask<bool> MoveAsync(IAsyncEnumerator<LiveNotice> notices)
    {
        try
        {
            return await notices.MoveNextAsync();
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
