using System.Net.Http.Headers;
using Microsoft.Extensions.Options;
using StudyTracker.Sandbox.Faults;
using StudyTracker.Sandbox.Ledger;

namespace StudyTracker.Sandbox.WebApi;

/// <summary><c>/api/{method}</c>: Slack's Web API.</summary>
internal sealed class SlackWebApi(
    IEnumerable<IApiMethods> families,
    Tokens tokens,
    RateLimits limits,
    FaultInjector faults,
    OddAnswers odd,
    SandboxLedger ledger,
    IOptions<SandboxOptions> options,
    TimeProvider time)
{
    private const string Unknown = "unknown_method";

    private readonly Dictionary<string, ApiMethod> _methods =
        families.SelectMany(family => family.Methods).ToDictionary(method => method.Name, StringComparer.Ordinal);

    public async Task HandleAsync(HttpContext context, string name)
    {
        // The name is also what is counted: a caller's invented names must not fill the ledger.
        var method = _methods.GetValueOrDefault(name);
        var counted = method?.Name ?? Unknown;
        var fault = faults.NextForSlack();
        if (fault == SlackFault.Hang)
        {
            ledger.Record(new MethodCalled(time.GetUtcNow(), counted, CallOutcome.Failed, "hang"));
            await odd.HangAsync(context);
            return;
        }

        if (odd.For(fault) is { } oddity)
        {
            ledger.Record(new MethodCalled(time.GetUtcNow(), counted, oddity.Outcome, oddity.Code));
            await oddity.WriteAsync(context);
            return;
        }

        var answer = method is null ? ApiAnswer.Error(Unknown) : await AnswerAsync(context, method);
        var posted = counted == "chat.postMessage" && answer.Outcome == CallOutcome.Ok;
        // An accepted post is in the ledger already: it has to be there before anybody can hear of it.
        if (!posted) ledger.Record(new MethodCalled(time.GetUtcNow(), counted, answer.Outcome, answer.Code));
        if (posted && fault == SlackFault.ResetAfterAccept) context.Abort();
        else await answer.WriteAsync(context.Response);
    }

    /// <summary>Answers a call whose arguments were read.</summary>
    /// <param name="method">The method.</param>
    /// <param name="token">Whose call it is, as the caller says.</param>
    /// <param name="arguments">Its arguments.</param>
    public ApiAnswer Answer(ApiMethod method, string? token, ApiArguments arguments)
    {
        var answer = method.Name switch
        {
            // These know no token yet, or need none, or want another kind.
            "oauth.v2.access" or "api.test" => method.Answer(null!, arguments),
            "apps.connections.open" when Tokens.IsAppLevel(token) => ApiAnswer.Error("invalid_auth"),
            _ => AnswerCaller(method, token, arguments),
        };
        if (arguments.Warning is { } warning) answer.Warn(warning);
        return answer;
    }

    /// <summary>The method of that name.</summary>
    public ApiMethod? Find(string name) => _methods.GetValueOrDefault(name);

    private static string? TokenOf(HttpRequest request, ApiArguments arguments) =>
        AuthenticationHeaderValue.TryParse(request.Headers.Authorization, out var header) && header.Scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase)
            ? header.Parameter
            : arguments.Text("token");

    private async Task<ApiAnswer> AnswerAsync(HttpContext context, ApiMethod method)
    {
        var (arguments, unreadable) = await ApiRequest.ReadAsync(context.Request, method.Body, context.RequestAborted);
        if (arguments is null) return ApiAnswer.Error(unreadable!);
        if (method.Name == "oauth.v2.access") OauthMethods.TakeBasic(context.Request, arguments);
        var token = TokenOf(context.Request, arguments);
        arguments.Caller = token;
        context.Response.Headers["X-OAuth-Scopes"] = string.Join(',', options.Value.EffectiveScopes);
        context.Response.Headers["X-Accepted-OAuth-Scopes"] = string.Join(',', method.Scopes);
        return Answer(method, token, arguments);
    }

    private ApiAnswer AnswerCaller(ApiMethod method, string? token, ApiArguments arguments)
    {
        var (caller, refused) = tokens.Find(token);
        if (caller is not { } workspace) return ApiAnswer.Error(refused!);
        if (method.Scopes.Length > 0 && !method.Scopes.Intersect(options.Value.EffectiveScopes).Any())
        {
            var answer = ApiAnswer.Error("missing_scope");
            answer.Body["needed"] = string.Join(',', method.Scopes);
            answer.Body["provided"] = string.Join(',', options.Value.EffectiveScopes);
            return answer;
        }

        if (method.Tier != Tier.OfItsOwn && faults.Settings.RateLimits && limits.TakeMethod(workspace.Id, method) is { Ticks: > 0 } wait)
            return ApiAnswer.RateLimited(wait);
        var missing = method.Required.Where(name => !arguments.Has(name)).ToList();
        return missing.Count > 0
            ? ApiAnswer.InvalidArguments(missing.Select(name => $"missing required field: {name}"))
            : method.Answer(workspace, arguments);
    }
}

/// <summary>Where the Web API is.</summary>
internal static class SlackWebApiEndpoints
{
    public static void MapSlackWebApi(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapMethods("/api/{method}", ["GET", "POST"], (HttpContext context, string method, SlackWebApi api) => api.HandleAsync(context, method))
            .DisableAntiforgery();
}
