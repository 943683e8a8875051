using System.Net.Mime;
using System.Text;
using StudyTracker.Sandbox.Events;
using StudyTracker.Sandbox.Responses;
using StudyTracker.Sandbox.WebApi;
using StudyTracker.Sandbox.Workspaces;

namespace StudyTracker.Sandbox.Commands;

/// <summary>What <c>POST /sandbox/commands</c> takes: a learner types a slash command.</summary>
/// <param name="TeamId">Workspace.</param>
/// <param name="UserId">The learner.</param>
/// <param name="ChannelId">Where; without one it is the learner's direct conversation with the app.</param>
/// <param name="Text">What was typed, such as <c>/study status</c>.</param>
internal sealed record CommandRequest(string? TeamId, string? UserId, string? ChannelId, string? Text)
{
    /// <summary>What is wrong with it; null when nothing is.</summary>
    public string? Problem()
    {
        if (!SlackIds.IsWellFormed(TeamId, "T")) return "teamId must be a workspace's id, such as T0SEOUL0001.";
        if (!SlackIds.IsWellFormed(UserId, "UW")) return "userId must be a user's id, such as U0SEOULJIWO.";
        if (ChannelId is not null && !SlackIds.IsWellFormed(ChannelId, "CGD")) return "channelId must be a channel's id, such as C0SEOULLOG1.";
        if (SlashCommand.Read(Text) is null) return "text must be a slash command, such as /study status.";
        return null;
    }
}

/// <summary><c>/sandbox/commands</c>: what Slack does with a slash command.</summary>
internal static class CommandEndpoints
{
    public static void MapCommands(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/sandbox/commands", () => SlashCommand.OfApp);
        endpoints.MapPost("/sandbox/commands", async (
            CommandRequest body,
            HttpRequest request,
            WorkspaceDirectory directory,
            ResponseUrls urls,
            Triggers triggers,
            AnswerBoard board,
            IngressClient ingress,
            CancellationToken cancellationToken) =>
        {
            if (body.Problem() is { } problem) return Results.Problem(problem, statusCode: StatusCodes.Status400BadRequest);
            var workspace = directory.Register(body.TeamId!);
            if (directory.RegisterUser(workspace, body.UserId!) is not { } learner)
                return Results.Problem("The directory is full (Sandbox:MaxDirectory).", statusCode: StatusCodes.Status503ServiceUnavailable);
            var command = SlashCommand.Read(body.Text)!;
            var channel = body.ChannelId ?? workspace.DirectMessageId(learner.Id);
            var asked = new Invocation(workspace.Id, channel, learner.Id);
            if (!command.IsKnown)
            {
                board.Tell(asked, command.UnknownText());
                return Results.Ok(new { command.Name, IsKnown = false });
            }

            var url = urls.Add(asked, request);
            var answer = await ingress.PostFormAsync("/slack/commands", command.Fields(workspace, learner, channel, url, triggers.Issue()), cancellationToken);
            if (answer.Error is not null) board.Tell(asked, command.FailedText(answer.Status, answer.Error));
            else if (Read(answer) is { } said) board.Show(asked, said);
            return Results.Ok(new { command.Name, IsKnown = true, answer.Status, answer.Error });
        });
    }

    /// <summary>What the acknowledgement says; null when it says nothing. A text that is no JSON is shown as it is.</summary>
    private static AppAnswer? Read(IngressAnswer answer)
    {
        if (string.IsNullOrWhiteSpace(answer.Body)) return null;
        return answer.ContentType == MediaTypeNames.Application.Json
            ? AppAnswer.Read(Encoding.UTF8.GetBytes(answer.Body)).Answer
            : AppAnswer.Ephemeral(answer.Body);
    }
}
