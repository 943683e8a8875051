using StudyTracker.Sandbox.Ledger;
using StudyTracker.Sandbox.Responses;
using StudyTracker.Sandbox.WebApi;
using StudyTracker.Sandbox.Workspaces;

namespace StudyTracker.Sandbox.Events;

/// <summary>What <c>POST /sandbox/interactions</c> takes: a learner presses or chooses something below a message of the app.</summary>
/// <param name="TeamId">Workspace.</param>
/// <param name="UserId">The learner.</param>
/// <param name="Ts">The message, which may be one that only the learner sees.</param>
/// <param name="ActionId">The action_id of what is pressed.</param>
/// <param name="ChannelId">Where the message stands; absent: the learner's direct conversation with the app.</param>
/// <param name="Value">What is chosen: the value of an option, a user's or channel's id, a date or a time; of several, with commas.</param>
internal sealed record InteractionRequest(string TeamId, string UserId, string Ts, string ActionId, string? ChannelId = null, string? Value = null);

/// <summary><c>/sandbox/interactions</c>: what Slack sends when something is pressed.</summary>
internal static class InteractionEndpoints
{
    public static void MapInteractions(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapPost("/sandbox/interactions", async (
            InteractionRequest body,
            HttpRequest request,
            WorkspaceDirectory directory,
            SandboxLedger ledger,
            Triggers triggers,
            ResponseUrls urls,
            IngressClient ingress,
            TimeProvider time,
            CancellationToken cancellationToken) =>
        {
            if (body is not { TeamId: not null, UserId: not null, Ts: not null, ActionId: not null })
                return Results.Problem("teamId, userId, ts and actionId are required.", statusCode: StatusCodes.Status400BadRequest);
            if (directory.Find(body.TeamId) is not { } workspace || !workspace.Learners.TryGetValue(body.UserId, out var learner)) return Results.NotFound();
            var channelId = body.ChannelId ?? workspace.DirectMessageId(body.UserId);
            var ephemeral = ledger.Ephemeral(body.TeamId, channelId, body.UserId).FirstOrDefault(one => one.Ts == body.Ts);
            if ((ephemeral ?? ledger.FindMessage(body.TeamId, channelId, body.Ts)) is not { } message || BlockActions.Find(message, body.ActionId) is not { } found)
                return Results.Problem("The message has no such button.", statusCode: StatusCodes.Status404NotFound);
            if (BlockActions.Action(found.Element, found.BlockId, body.Value, time.GetUtcNow()) is not { } action)
                return Results.Problem("value is none that can be chosen there.", statusCode: StatusCodes.Status400BadRequest);
            var invocation = new Invocation(workspace.Id, channelId, learner.Id, message.Ts, ephemeral is not null);
            var payload = BlockActions.Payload(workspace, learner, message, invocation, action, triggers.Issue(), urls.Add(invocation, request));
            var answer = await ingress.PostFormAsync("/slack/interactions", [new("payload", payload.ToJsonString())], cancellationToken);
            return Results.Ok(new { answer.Status, answer.Error });
        });
}
