using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using StudyTracker.Sandbox.Events;
using StudyTracker.Sandbox.Faults;
using StudyTracker.Sandbox.Ledger;
using StudyTracker.Sandbox.Workspaces;

namespace StudyTracker.Sandbox.WebApi;

/// <summary><c>/api/{method}</c>: Slack's Web API.</summary>
internal sealed class SlackWebApi(
    WorkspaceDirectory directory,
    RateLimits limits,
    FaultInjector faults,
    SandboxLedger ledger,
    ChatMethods chat,
    ConversationMethods conversations,
    UserMethods users,
    TimeProvider time)
{
    private const string TokenPrefix = "xoxb-sandbox-";
    private const string CodePrefix = "code-";
    private const string Unknown = "unknown_method";

    // Also what is counted: a caller's invented names must not fill the ledger.
    private static readonly HashSet<string> _methods =
        ["auth.test", "oauth.v2.access", "chat.postMessage", "chat.update", "conversations.history", "conversations.open", "users.info", "views.publish"];

    public async Task HandleAsync(HttpContext context, string method)
    {
        if (!_methods.Contains(method)) method = Unknown;
        var (arguments, unreadable) = await ApiArguments.ReadAsync(context.Request, context.RequestAborted);
        var fault = faults.NextForSlack();
        if (fault == SlackFault.Hang)
        {
            ledger.Record(new MethodCalled(time.GetUtcNow(), method, CallOutcome.Failed, "hang"));
            await Task.Delay(TimeSpan.FromMilliseconds(faults.Settings.HangMs), time, context.RequestAborted)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            context.Abort();
            return;
        }

        var answer = arguments is null ? ApiAnswer.Error(unreadable!) : fault switch
        {
            SlackFault.RateLimited => ApiAnswer.RateLimited(TimeSpan.FromSeconds(1)),
            SlackFault.ServerError => ApiAnswer.ServerError(),
            _ => Call(context.Request, method, arguments),
        };
        var posted = method == "chat.postMessage" && answer.Outcome == CallOutcome.Ok;
        // An accepted post is in the ledger already: it has to be there before anybody can hear of it.
        if (!posted) ledger.Record(new MethodCalled(time.GetUtcNow(), method, answer.Outcome, answer.Code));
        if (posted && fault == SlackFault.ResetAfterAccept) context.Abort();
        else await answer.WriteAsync(context.Response);
    }

    /// <summary>Hands out the token of a workspace for the code that is its id after <c>code-</c>, to whichever app asks.</summary>
    private ApiAnswer Exchange(string? code)
    {
        if (code is null || !code.StartsWith(CodePrefix, StringComparison.Ordinal) || directory.FindForCaller(code[CodePrefix.Length..]) is not { } workspace)
            return ApiAnswer.Error("invalid_code");
        return ApiAnswer.Ok(new JsonObject
        {
            ["app_id"] = SlackEnvelope.AppId,
            ["access_token"] = $"{TokenPrefix}{workspace.Id}",
            ["token_type"] = "bot",
            ["scope"] = "chat:write,im:write,im:history",
            ["bot_user_id"] = workspace.Seed.Bot.UserId,
            ["team"] = new JsonObject { ["id"] = workspace.Id, ["name"] = workspace.Seed.Name },
            ["enterprise"] = null,
        });
    }

    private ApiAnswer Call(HttpRequest request, string method, ApiArguments arguments)
    {
        if (method == "oauth.v2.access") return Exchange(arguments.Text("code"));
        var token = AuthenticationHeaderValue.TryParse(request.Headers.Authorization, out var header) && header.Scheme == "Bearer"
            ? header.Parameter
            : arguments.Text("token");
        if (string.IsNullOrEmpty(token)) return ApiAnswer.Error("not_authed");
        if (!token.StartsWith(TokenPrefix, StringComparison.Ordinal) || directory.FindForCaller(token[TokenPrefix.Length..]) is not { } workspace)
            return ApiAnswer.Error("invalid_auth");
        // chat.postMessage has limits of its own, which depend on the channel.
        if (method != "chat.postMessage" && faults.Settings.RateLimits && limits.TakeMethod(workspace.Id, method) is { Ticks: > 0 } wait)
            return ApiAnswer.RateLimited(wait);

        return method switch
        {
            "auth.test" => UserMethods.Test(workspace),
            "chat.postMessage" => chat.PostMessage(workspace, arguments),
            "chat.update" => chat.Update(workspace, arguments),
            "conversations.history" => conversations.History(workspace, arguments),
            "conversations.open" => conversations.Open(workspace, arguments),
            "users.info" => users.Info(workspace, arguments),
            "views.publish" => users.Publish(workspace, arguments),
            _ => ApiAnswer.Error(Unknown),
        };
    }
}

/// <summary>Where the Web API is.</summary>
internal static class SlackWebApiEndpoints
{
    public static void MapSlackWebApi(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapMethods("/api/{method}", ["GET", "POST"], (HttpContext context, string method, SlackWebApi api) => api.HandleAsync(context, method))
            .DisableAntiforgery();
}
