using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;
using Confluent.Kafka;
using Microsoft.Extensions.Options;
using StudyTracker.Contracts;
using StudyTracker.Kafka;
using StudyTracker.Telemetry;

namespace StudyTracker.Ingress;

/// <summary>
/// <c>POST /slack/events</c>. 200 means: acked by Kafka with acks=all, or authentic and of no concern. Everything that was
/// not safely handed over gets an answer that makes Slack send it again.
/// </summary>
internal sealed partial class SlackEndpoint(
    SlackSignature signature,
    Publisher publisher,
    IOptions<SlackOptions> slack,
    IOptions<IngressOptions> options,
    TimeProvider time,
    ILogger<SlackEndpoint> logger)
{
    private static readonly Counter<long> _requests = Instruments.Meter.CreateCounter<long>(
        "studytracker.ingress.requests", "{request}", "Requests from Slack, by outcome and reason.");

    private static readonly byte[] _kind = Encoding.UTF8.GetBytes(RecordKinds.SlackEvent);
    private readonly HashSet<string> _allowedTeams = [.. slack.Value.AllowedTeams];

    public async Task HandleAsync(HttpContext context)
    {
        var receivedAt = time.GetUtcNow();
        var body = await Body.ReadAsync(context.Request, options.Value.MaxBodyBytes, context.RequestAborted);
        if (body is null)
        {
            await AnswerAsync(context, StatusCodes.Status413PayloadTooLarge, "too_large", $"The body has more than {options.Value.MaxBodyBytes} bytes.");
            return;
        }

        if (signature.Check(context.Request.Headers, body) is not SignatureFault.None and var fault)
        {
            await AnswerAsync(context, StatusCodes.Status401Unauthorized, $"signature_{fault}".ToLowerInvariant(), "The Slack signature is missing, stale or wrong.");
            return;
        }

        var slackEvent = SlackEvent.Read(body);
        switch (slackEvent.Kind)
        {
            case SlackEventKind.Message when _allowedTeams.Count > 0 && !_allowedTeams.Contains(slackEvent.TeamId!):
                Count("dropped", "team");
                break;
            case SlackEventKind.Message:
                await PublishAsync(context, slackEvent, body, receivedAt);
                break;
            case SlackEventKind.UrlVerification:
                Count("url_verification", "");
                context.Response.ContentType = "text/plain";
                await context.Response.WriteAsync(slackEvent.Challenge!, context.RequestAborted);
                break;
            case SlackEventKind.RateLimited:
                Count("rate_limited", "");
                LogRateLimited(slackEvent.TeamId);
                break;
            case SlackEventKind.Unwanted:
                Count("dropped", slackEvent.Detail);
                break;
            default:
                await AnswerAsync(context, StatusCodes.Status400BadRequest, slackEvent.Detail, "This is not a request of Slack's Events API.");
                break;
        }
    }

    private async Task PublishAsync(HttpContext context, SlackEvent slackEvent, byte[] body, DateTimeOffset receivedAt)
    {
        var headers = new Headers
        {
            { RecordHeaders.Kind, _kind },
            { RecordHeaders.EventId, Encoding.UTF8.GetBytes(slackEvent.EventId!) },
            { RecordHeaders.ReceivedAt, Encoding.ASCII.GetBytes(receivedAt.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture)) },
        };
        if (context.Request.Headers["X-Slack-Retry-Num"] is [{ Length: 1 } retry]) headers.Add(RecordHeaders.RetryNumber, Encoding.ASCII.GetBytes(retry));

        try
        {
            var key = new MemberKey(slackEvent.TeamId!, slackEvent.UserId!).ToBytes();
            // Not tied to the connection: once sent to Kafka, only Kafka's answer tells what became of it.
            await publisher.PublishAsync(Topics.SlackEvents, key, body, headers, CancellationToken.None);
            Count("accepted", "");
        }
        catch (PublishException error)
        {
            LogNotPublished(error.Reason);
            context.Response.Headers.RetryAfter = options.Value.RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
            await AnswerAsync(context, StatusCodes.Status503ServiceUnavailable, error.Reason, "The event could not be stored now. Send it again.");
        }
    }

    private static async Task AnswerAsync(HttpContext context, int status, string reason, string text)
    {
        Count(status == StatusCodes.Status503ServiceUnavailable ? "shed" : "refused", reason);
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain";
        await context.Response.WriteAsync(text, context.RequestAborted);
    }

    private static void Count(string outcome, string reason) => _requests.Add(1, new("outcome", outcome), new("reason", reason));

    [LoggerMessage(LogLevel.Warning, "An event was answered with 503: {Reason}")]
    private partial void LogNotPublished(string reason);

    [LoggerMessage(LogLevel.Warning, "Slack holds events of workspace {Team} back: it exceeded its hourly cap")]
    private partial void LogRateLimited(string? team);
}
