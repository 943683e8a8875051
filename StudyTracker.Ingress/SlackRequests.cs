using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;
using Confluent.Kafka;
using Microsoft.Extensions.Options;
using StudyTracker.Contracts;
using StudyTracker.Kafka;
using StudyTracker.Telemetry;

namespace StudyTracker.Ingress;

/// <summary>A request that carries Slack's signature.</summary>
/// <param name="Body">Its body, byte for byte.</param>
/// <param name="ReceivedAt">When it came.</param>
internal sealed record SlackRequest(byte[] Body, DateTimeOffset ReceivedAt);

/// <summary>
/// What all of Slack's endpoints have in common: a request is let in by its signature, published, and refused or shed with
/// a count of why. What was not safely handed over gets an answer that says so.
/// </summary>
internal sealed partial class SlackRequests(
    SlackSignature signature,
    Body bodies,
    Publisher publisher,
    IOptions<SlackOptions> slack,
    IOptions<IngressOptions> options,
    TimeProvider time,
    ILogger<SlackRequests> logger)
{
    private static readonly Counter<long> _requests = Instruments.Meter.CreateCounter<long>(
        "studytracker.ingress.requests", "{request}", "Requests from Slack, by kind, outcome and reason.");

    private readonly HashSet<string> _allowedTeams = [.. slack.Value.AllowedTeams];

    public static void Count(string kind, string outcome, string reason = "") =>
        _requests.Add(1, new("kind", kind), new("outcome", outcome), new("reason", reason));

    /// <summary>Whether a workspace's requests are accepted.</summary>
    public bool Allows(string team) => _allowedTeams.Count == 0 || _allowedTeams.Contains(team);

    /// <summary>Reads a request and checks its signature; null when it has been refused.</summary>
    public async ValueTask<SlackRequest?> ReadAsync(HttpContext context, string kind, string contentType)
    {
        var receivedAt = time.GetUtcNow();
        if (!ContentTypes.IsSent(context.Request, contentType))
        {
            await RefuseAsync(context, kind, StatusCodes.Status415UnsupportedMediaType, "content_type", $"Send {contentType}, not compressed.");
            return null;
        }

        var (body, status) = await bodies.ReadAsync(context.Request, options.Value.MaxBodyBytes);
        if (body is null)
        {
            await RefuseBodyAsync(context, kind, status);
            return null;
        }

        if (signature.Check(context.Request.Headers, body) is not SignatureFault.None and var fault)
        {
            await RefuseAsync(
                context, kind, StatusCodes.Status401Unauthorized, $"signature_{fault}".ToLowerInvariant(), "The Slack signature is missing, stale or wrong.");
            return null;
        }

        return new SlackRequest(body, receivedAt);
    }

    /// <summary>Publishes a request; false when it could not be, and has been answered so.</summary>
    public async Task<bool> PublishAsync(HttpContext context, string topic, string kind, MemberKey member, string? eventId, SlackRequest request)
    {
        var headers = new Headers
        {
            { RecordHeaders.Kind, Encoding.UTF8.GetBytes(kind) },
            { RecordHeaders.ReceivedAt, Encoding.ASCII.GetBytes(request.ReceivedAt.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture)) },
        };
        if (eventId is not null) headers.Add(RecordHeaders.EventId, Encoding.UTF8.GetBytes(eventId));
        if (context.Request.Headers["X-Slack-Retry-Num"] is [{ Length: 1 } retry]) headers.Add(RecordHeaders.RetryNumber, Encoding.ASCII.GetBytes(retry));

        try
        {
            // Not tied to the connection: once sent to Kafka, only Kafka's answer tells what became of it.
            await publisher.PublishAsync(topic, member.ToBytes(), request.Body, headers, CancellationToken.None);
            Count(kind, "accepted");
            return true;
        }
        catch (PublishException error)
        {
            LogNotPublished(kind, error.Reason);
            await ShedAsync(context, kind, error.Reason);
            return false;
        }
    }

    /// <summary>Answers a request that is not let in.</summary>
    public static Task RefuseAsync(HttpContext context, string kind, int status, string reason, string text)
    {
        Count(kind, "refused", reason);
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain";
        return context.Response.WriteAsync(text);
    }

    private Task RefuseBodyAsync(HttpContext context, string kind, int status)
    {
        // The rest of the body is not waited for, so the connection cannot carry another request.
        context.Response.Headers.Connection = "close";
        return status switch
        {
            StatusCodes.Status503ServiceUnavailable => ShedAsync(context, kind, "unfinished_bodies"),
            StatusCodes.Status413PayloadTooLarge => RefuseAsync(context, kind, status, "too_large", $"The body has more than {options.Value.MaxBodyBytes} bytes."),
            StatusCodes.Status408RequestTimeout => RefuseAsync(context, kind, status, "body_timeout", "The body came too slowly."),
            StatusCodes.Status499ClientClosedRequest => RefuseAsync(context, kind, status, "client_gone", ""),
            _ => RefuseAsync(context, kind, status, "body", "The body breaks off, or is not of the length or the form that it claims."),
        };
    }

    private Task ShedAsync(HttpContext context, string kind, string reason)
    {
        Count(kind, "shed", reason);
        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        context.Response.Headers.RetryAfter = options.Value.RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
        context.Response.ContentType = "text/plain";
        return context.Response.WriteAsync("It could not be stored now. Send it again.");
    }

    [LoggerMessage(LogLevel.Warning, "A {Kind} was answered with 503: {Reason}")]
    private partial void LogNotPublished(string kind, string reason);
}
