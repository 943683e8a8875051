using StudyTracker.Contracts;

namespace StudyTracker.Ingress;

/// <summary>
/// <c>POST /slack/events</c>. 200 means: acked by Kafka with acks=all, or authentic and of no concern. Everything that was
/// not safely handed over gets an answer that makes Slack send it again.
/// </summary>
internal sealed partial class SlackEndpoint(SlackRequests requests, ILogger<SlackEndpoint> logger)
{
    private const string Kind = RecordKinds.SlackEvent;

    public async Task HandleAsync(HttpContext context)
    {
        if (await requests.ReadAsync(context, Kind, ContentTypes.Json) is not { } request) return;
        var slackEvent = SlackEvent.Read(request.Body, requests.AllowedTeams);
        switch (slackEvent.Kind)
        {
            case SlackEventKind.Message:
                await requests.PublishAsync(context, Topics.SlackEvents, RequestKind.Event, slackEvent.Key, slackEvent.EventId, request);
                break;
            case SlackEventKind.ChannelChange:
                await requests.PublishAsync(context, Topics.SlackEvents, RequestKind.ChannelChange, slackEvent.Key, slackEvent.EventId, request);
                break;
            case SlackEventKind.Installation:
                await requests.PublishAsync(context, Topics.SlackInstallations, RequestKind.Installation, slackEvent.Key, slackEvent.EventId, request);
                break;
            case SlackEventKind.UrlVerification:
                SlackRequests.Count(Kind, "url_verification");
                context.Response.ContentType = "text/plain";
                await context.Response.WriteAsync(slackEvent.Challenge!);
                break;
            case SlackEventKind.RateLimited:
                SlackRequests.Count(Kind, "rate_limited");
                LogRateLimited(slackEvent.TeamId);
                break;
            case SlackEventKind.Unwanted:
                SlackRequests.Count(Kind, "dropped", slackEvent.Detail);
                break;
            default:
                await SlackRequests.RefuseAsync(
                    context, Kind, StatusCodes.Status400BadRequest, slackEvent.Detail, "This is not a request of Slack's Events API.");
                break;
        }
    }

    [LoggerMessage(LogLevel.Warning, "Slack holds events of workspace {Team} back: it exceeded its hourly cap")]
    private partial void LogRateLimited(string team);
}
