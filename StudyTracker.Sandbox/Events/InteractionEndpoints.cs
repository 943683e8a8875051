using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using StudyTracker.Sandbox.Commands;
using StudyTracker.Sandbox.Ledger;
using StudyTracker.Sandbox.Responses;
using StudyTracker.Sandbox.Workspaces;

namespace StudyTracker.Sandbox.Events;

/// <summary>What <c>POST /sandbox/interactions</c> takes: a learner presses a button below a message of the app.</summary>
/// <param name="TeamId">Workspace.</param>
/// <param name="UserId">The learner.</param>
/// <param name="Ts">The message, which may be one that only the learner sees.</param>
/// <param name="ActionId">The button's action_id.</param>
/// <param name="ChannelId">Where; without one it is the learner's direct conversation with the app.</param>
internal sealed record InteractionRequest(string TeamId, string UserId, string Ts, string ActionId, string? ChannelId = null);

/// <summary><c>/sandbox/interactions</c>: what Slack sends when a button is pressed.</summary>
internal static class InteractionEndpoints
{
    public static void MapInteractions(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapPost("/sandbox/interactions", async (
            InteractionRequest body,
            HttpRequest request,
            WorkspaceDirectory directory,
            SandboxLedger ledger,
            ResponseUrls urls,
            IngressClient ingress,
            TimeProvider time,
            CancellationToken cancellationToken) =>
        {
            if (directory.Find(body.TeamId) is not { } workspace || !workspace.Learners.TryGetValue(body.UserId, out var learner)) return Results.NotFound();
            var channel = body.ChannelId ?? workspace.DirectMessageId(body.UserId);
            var ephemeral = ledger.Ephemeral(body.TeamId, channel, body.UserId).LastOrDefault(one => one.Ts == body.Ts);
            if ((ephemeral ?? ledger.FindMessage(body.TeamId, channel, body.Ts)) is not { Blocks: { } blocks } message
                || Button(blocks, body.ActionId) is not { } button)
                return Results.Problem("The message has no such button.", statusCode: StatusCodes.Status404NotFound);
            var payload = Payload(workspace, learner, channel, message, button, time.GetUtcNow());
            payload["container"]!["is_ephemeral"] = ephemeral is not null;
            // Slack does not tell what stands in a message that it has not kept.
            if (ephemeral is not null) payload.Remove("message");
            payload["response_url"] = urls.Add(new Invocation(workspace.Id, channel, learner.Id, message.Ts, ephemeral is not null), request);
            var answer = await ingress.PostFormAsync("/slack/interactions", [new("payload", payload.ToJsonString())], cancellationToken);
            return Results.Ok(new { answer.Status, answer.Error });
        });

    private static (string BlockId, JsonElement Element)? Button(JsonElement blocks, string actionId)
    {
        var number = 0;
        foreach (var block in blocks.EnumerateArray())
        {
            number++;
            if (!block.TryGetProperty("elements", out var elements)) continue;
            foreach (var element in elements.EnumerateArray())
            {
                if (element.TryGetProperty("action_id", out var id) && id.ValueEquals(actionId))
                    return (block.TryGetProperty("block_id", out var named) ? $"{named}" : $"b{number}", element);
            }
        }

        return null;
    }

    private static JsonObject Payload(
        Workspace workspace, Learner learner, string channel, ChannelMessage message, (string BlockId, JsonElement Element) button, DateTimeOffset at)
    {
        var action = JsonNode.Parse(button.Element.GetRawText())!.AsObject();
        action["block_id"] = button.BlockId;
        action["action_ts"] = string.Create(CultureInfo.InvariantCulture, $"{at.ToUnixTimeMilliseconds() / 1000.0:0.000000}");
        return new JsonObject
        {
            ["type"] = "block_actions",
            ["user"] = new JsonObject { ["id"] = learner.Id, ["username"] = learner.Name, ["name"] = learner.Name, ["team_id"] = workspace.Id },
            ["api_app_id"] = SlackEnvelope.AppId,
            ["token"] = "sandbox",
            ["container"] = new JsonObject { ["type"] = "message", ["message_ts"] = message.Ts, ["channel_id"] = channel, ["is_ephemeral"] = false },
            ["trigger_id"] = SlashCommand.NewTriggerId(),
            ["team"] = new JsonObject { ["id"] = workspace.Id, ["domain"] = workspace.Seed.Domain },
            ["enterprise"] = null,
            ["is_enterprise_install"] = false,
            ["channel"] = new JsonObject { ["id"] = channel, ["name"] = channel[0] == 'D' ? "directmessage" : workspace.Channels.GetValueOrDefault(channel)?.Name },
            ["message"] = new JsonObject
            {
                ["type"] = "message",
                ["user"] = message.UserId,
                ["bot_id"] = message.BotId,
                ["ts"] = message.Ts,
                ["text"] = message.Text,
                ["blocks"] = JsonNode.Parse(message.Blocks!.Value.GetRawText()),
            },
            ["actions"] = new JsonArray(action),
        };
    }
}
