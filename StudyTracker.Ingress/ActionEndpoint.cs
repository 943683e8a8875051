using Microsoft.Extensions.Options;
using StudyTracker.Contracts;

namespace StudyTracker.Ingress;

/// <summary>
/// <c>POST /slack/commands</c> and <c>POST /slack/interactions</c>: published as they came, and acknowledged as soon as
/// Kafka has them. Slack does not send these again, it tells the learner that the app did not answer. The acknowledgement is empty, and
/// Slack shows nothing for it: the learner's language is not known here, and the answer follows at the request's response_url.
/// </summary>
internal sealed class ActionEndpoint(SlackRequests requests, IOptions<SlackOptions> slack)
{
    public Task HandleCommandAsync(HttpContext context) =>
        HandleAsync(context, RequestKind.Command, form => SlackAction.ReadCommand(form, slack.Value.ResponseUrl));

    public Task HandleInteractionAsync(HttpContext context) =>
        HandleAsync(context, RequestKind.Interaction, form => SlackAction.ReadInteraction(form, slack.Value.ResponseUrl));

    private async Task HandleAsync(HttpContext context, RequestKind kind, Func<IReadOnlyDictionary<string, string>, SlackAction> read)
    {
        if (await requests.ReadAsync(context, kind.Name, ContentTypes.Form, SlackForm.IsSslCheck) is not { } request) return;
        var action = SlackForm.Read(request.Body) is { } form ? read(form) : new SlackAction(default, "not_a_form");
        if (action.Fault.Length > 0)
        {
            await SlackRequests.RefuseAsync(context, kind.Name, StatusCodes.Status400BadRequest, action.Fault, "This is not what Slack sends to this address.");
            return;
        }

        if (action.Member == default)
        {
            SlackRequests.Count(kind.Name, "dropped", "no_team_or_user");
            return;
        }

        if (requests.AllowedTeams is { } teams && !action.Teams.Any(teams.Contains))
        {
            SlackRequests.Count(kind.Name, "dropped", "team");
            return;
        }

        await requests.PublishAsync(context, Topics.SlackInteractions, kind, action.Member.ToBytes(), eventId: null, request);
    }
}
