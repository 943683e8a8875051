using System.Text.Json.Nodes;
using StudyTracker.Sandbox.Workspaces;

namespace StudyTracker.Sandbox.WebApi;

/// <summary><c>api.test</c>, <c>auth.test</c>, <c>auth.revoke</c> and <c>apps.connections.open</c>.</summary>
internal sealed class AuthMethods(Tokens tokens) : IApiMethods
{
    public IEnumerable<ApiMethod> Methods =>
    [
        new("api.test", Tier.Four, Body.FormOrJson, [], [], (_, arguments) => Echo(arguments)),
        new("auth.test", Tier.Special, Body.FormOrJson, [], [], Test),
        new("auth.revoke", Tier.Three, Body.Form, [], [], Revoke),
        // Socket Mode needs a token of the app itself, which the Sandbox does not hand out.
        new("apps.connections.open", Tier.Three, Body.FormOrJson, [], [], (_, _) => ApiAnswer.Error("not_allowed_token_type")),
    ];

    private static ApiAnswer Echo(ApiArguments arguments)
    {
        var echoed = new JsonObject();
        foreach (var name in arguments.Names) echoed[name] = arguments.Text(name);
        var answer = arguments.Text("error") is { } error ? ApiAnswer.Error(error) : ApiAnswer.Ok();
        answer.Body["args"] = echoed;
        return answer;
    }

    private ApiAnswer Test(Workspace workspace, ApiArguments arguments)
    {
        var isOrgWide = tokens.IsOrgWide(arguments.Caller);
        var json = new JsonObject
        {
            ["url"] = workspace.Url,
            ["team"] = workspace.Seed.Name,
            ["user"] = workspace.Seed.Bot.Name.ToLowerInvariant(),
            ["team_id"] = isOrgWide ? workspace.EnterpriseId : workspace.Id,
            ["user_id"] = workspace.Seed.Bot.UserId,
            ["bot_id"] = workspace.Seed.Bot.BotId,
            ["is_enterprise_install"] = isOrgWide,
        };
        if (isOrgWide) json["enterprise_id"] = workspace.EnterpriseId;
        return ApiAnswer.Ok(json);
    }

    private ApiAnswer Revoke(Workspace workspace, ApiArguments arguments)
    {
        var isTest = arguments.Flag("test");
        if (!isTest) tokens.Revoke(arguments.Caller!);
        return ApiAnswer.Ok(new JsonObject { ["revoked"] = !isTest });
    }
}
