using System.Net.Http.Headers;
using System.Text.Json.Nodes;

namespace StudyTracker.Notifier.Slack;

/// <summary>
/// Stands between Slack's answers and SlackNet, which takes a 429 without Retry-After, a page of HTML and an answer without
/// "ok" for what they are not: only what is done reaches SlackNet.
/// </summary>
internal sealed class SlackAnswerGuard(SlackReplies replies) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        try
        {
            var answer = await replies.ReadAsync(response, cancellationToken);
            if (answer.Outcome != SlackOutcome.Done) throw new NotDoneException(answer);
            // SlackNet reads JSON only where the header says so.
            response.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
            return response;
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }
}

/// <summary>Slack did not do it.</summary>
internal sealed class NotDoneException(SlackAnswer<JsonObject> answer) : Exception(answer.Error)
{
    public SlackAnswer<JsonObject> Answer => answer;
}
