using System.Diagnostics.Metrics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Confluent.Kafka;
using Microsoft.Extensions.Options;
using StudyTracker.Contracts;
using StudyTracker.Kafka;
using StudyTracker.Telemetry;

namespace StudyTracker.Ingress;

/// <summary>A kind of request, one of <see cref="RecordKinds"/>.</summary>
/// <param name="name">The kind.</param>
internal sealed class RequestKind(string name)
{
    public static RequestKind Event { get; } = new(RecordKinds.SlackEvent);

    public static RequestKind ChannelChange { get; } = new(RecordKinds.SlackChannelChange);

    public static RequestKind Installation { get; } = new(RecordKinds.SlackInstallation);

    public static RequestKind Command { get; } = new(RecordKinds.SlackCommand);

    public static RequestKind Interaction { get; } = new(RecordKinds.SlackInteraction);

    public string Name => name;

    /// <summary>The header of its records: one for all of them.</summary>
    public Header Header { get; } = new(RecordHeaders.Kind, Encoding.UTF8.GetBytes(name));
}

/// <summary>A request that carries Slack's signature.</summary>
/// <param name="Body">Its body, byte for byte.</param>
/// <param name="ReceivedAt">When it came.</param>
internal readonly record struct SlackRequest(byte[] Body, DateTimeOffset ReceivedAt);

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
    // Under overload thousands of requests a second are shed for one and the same reason.
    private static readonly TimeSpan _logInterval = TimeSpan.FromSeconds(1);

    private static readonly Counter<long> _requests = Instruments.Meter.CreateCounter<long>(
        "studytracker.ingress.requests", "{request}", "Requests from Slack, by kind, outcome and reason.");

    private readonly SampledLog _notPublished = new(time, _logInterval);

    /// <summary>Has its counters start at 0: what is accepted; for the rest there are too many reasons.</summary>
    public static void CountFromZero(IServiceCollection services) => services.CountFromZero(
        _requests,
        ("kind", [RequestKind.Event.Name, RequestKind.Installation.Name, RequestKind.Command.Name, RequestKind.Interaction.Name]),
        ("outcome", ["accepted"]),
        ("reason", [""]));

    public static void Count(string kind, string outcome, string reason = "") =>
        _requests.Add(1, new("kind", kind), new("outcome", outcome), new("reason", reason));

    /// <summary>The workspaces and organisations whose requests are accepted; null: all.</summary>
    public IReadOnlySet<string>? AllowedTeams { get; } = slack.Value.AllowedTeams is { Count: > 0 } teams ? teams.ToHashSet() : null;

    /// <summary>Reads a request and checks its signature; null when it has been answered.</summary>
    /// <param name="context">The request.</param>
    /// <param name="kind">What it is, for the count.</param>
    /// <param name="contentType">The type that its body must have.</param>
    /// <param name="isCheck">Tells a body that asks for nothing but an answer; such a one needs no signature. Null: there are none.</param>
    public async ValueTask<SlackRequest?> ReadAsync(HttpContext context, string kind, string contentType, Func<byte[], bool>? isCheck = null)
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

        if (isCheck?.Invoke(body) == true)
        {
            Count(kind, "ssl_check");
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
    /// <param name="context">The request.</param>
    /// <param name="topic">Where to.</param>
    /// <param name="kind">What it is; a header of the record.</param>
    /// <param name="key">The record key.</param>
    /// <param name="eventId">Slack's identity of the event; null: it has none.</param>
    /// <param name="request">What to publish.</param>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> PublishAsync(
        HttpContext context, string topic, RequestKind kind, byte[] key, byte[]? eventId, SlackRequest request)
    {
        var headers = new Headers { kind.Header };
        headers.Add(RecordHeaders.ReceivedAt, Milliseconds(request.ReceivedAt));
        if (eventId is not null) headers.Add(RecordHeaders.EventId, eventId);
        if (context.Request.Headers["X-Slack-Retry-Num"] is [{ Length: 1 } retry]) headers.Add(RecordHeaders.RetryNumber, Encoding.ASCII.GetBytes(retry));

        // Not tied to the connection: once sent to Kafka, only Kafka's answer tells what became of it.
        if (await publisher.TryPublishAsync(topic, key, request.Body, headers, CancellationToken.None) is not { } failure)
        {
            Count(kind.Name, "accepted");
            return true;
        }

        if (_notPublished.IsDue(failure.Reason, out var more)) LogNotPublished(kind.Name, failure.Reason, more);
        await ShedAsync(context, kind.Name, failure.Reason);
        return false;
    }

    private static byte[] Milliseconds(DateTimeOffset at)
    {
        Span<byte> digits = stackalloc byte[20];
        at.ToUnixTimeMilliseconds().TryFormat(digits, out var length, provider: CultureInfo.InvariantCulture);
        return digits[..length].ToArray();
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

    [LoggerMessage(LogLevel.Warning, "A {Kind} was answered with 503: {Reason} (and {More} more since this was last logged)")]
    private partial void LogNotPublished(string kind, string reason, long more);
}
