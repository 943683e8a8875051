using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using StudyTracker.Sandbox.Events;
using StudyTracker.Sandbox.Faults;
using StudyTracker.Sandbox.Workspaces;

namespace StudyTracker.Sandbox.WebApi;

/// <summary>
/// <c>oauth.v2.access</c>: hands out the token of a workspace for the code that is its id after <c>code-</c>, to whichever app asks, as
/// often as it asks. How long tokens last, and whether they are an organisation's, is in the settings.
/// </summary>
internal sealed class OauthMethods(WorkspaceDirectory directory, Tokens tokens, FaultInjector faults, IOptions<SandboxOptions> options) : IApiMethods
{
    private const string CodePrefix = "code-";

    public IEnumerable<ApiMethod> Methods => [new("oauth.v2.access", Tier.Special, Body.Form, [], [], (_, arguments) => Access(arguments))];

    /// <summary>Takes client_id and client_secret from HTTP Basic, as Slack prefers.</summary>
    public static void TakeBasic(HttpRequest request, ApiArguments arguments)
    {
        if (!AuthenticationHeaderValue.TryParse(request.Headers.Authorization, out var header) || header is not { Scheme: "Basic", Parameter: { } given }) return;
        var buffer = new byte[given.Length];
        if (!Convert.TryFromBase64String(given, buffer, out var length)) return;
        var parts = Encoding.UTF8.GetString(buffer, 0, length).Split(':', 2);
        arguments.Set("client_id", parts[0]);
        arguments.Set("client_secret", parts.Length > 1 ? parts[1] : "");
    }

    private ApiAnswer Access(ApiArguments arguments)
    {
        if (arguments.Text("client_id") is null) return ApiAnswer.Error("invalid_client_id");
        if (arguments.Text("client_secret") is null) return ApiAnswer.Error("bad_client_secret");
        switch (arguments.Text("grant_type"))
        {
            case null or "authorization_code":
                var code = arguments.Text("code");
                return code is not null && code.StartsWith(CodePrefix, StringComparison.Ordinal) && directory.FindForCaller(code[CodePrefix.Length..]) is { } installed
                    ? HandOut(installed, faults.Settings.OrgWideInstall)
                    : ApiAnswer.Error("invalid_code");
            case "refresh_token":
                return tokens.Redeem(arguments.Text("refresh_token")) is not { } owner ? ApiAnswer.Error("invalid_refresh_token")
                    : owner[0] == 'E' ? HandOut(directory.FindByEnterprise(owner)!, isOrgWide: true)
                    : HandOut(directory.FindForCaller(owner)!, isOrgWide: false);
            default:
                return ApiAnswer.Error("invalid_grant_type");
        }
    }

    private ApiAnswer HandOut(Workspace workspace, bool isOrgWide)
    {
        var owner = isOrgWide ? workspace.EnterpriseId : workspace.Id;
        var installer = workspace.Seed.Learners is [var first, ..] ? first.Id : workspace.Seed.Bot.UserId;
        var json = new JsonObject { ["app_id"] = SlackEnvelope.AppId, ["authed_user"] = new JsonObject { ["id"] = installer } };
        if (faults.Settings.TokenLifetimeSeconds is var seconds and > 0)
        {
            var (token, refresh) = tokens.Issue(owner, TimeSpan.FromSeconds(seconds));
            json["access_token"] = token;
            json["expires_in"] = seconds;
            json["refresh_token"] = refresh;
        }
        else
        {
            json["access_token"] = tokens.Issue(owner);
        }

        json["token_type"] = "bot";
        json["scope"] = string.Join(',', options.Value.EffectiveScopes);
        json["bot_user_id"] = workspace.Seed.Bot.UserId;
        json["team"] = isOrgWide ? null : new JsonObject { ["id"] = workspace.Id, ["name"] = workspace.Seed.Name };
        json["enterprise"] = isOrgWide ? new JsonObject { ["id"] = workspace.EnterpriseId, ["name"] = workspace.Seed.Name } : null;
        json["is_enterprise_install"] = isOrgWide;
        return ApiAnswer.Ok(json);
    }
}
