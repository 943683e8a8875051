using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;

namespace StudyTracker.FunctionalTests.FieldReports;

/// <summary>A call of Slack's Web API.</summary>
/// <param name="Method">Such as <c>chat.postMessage</c>.</param>
/// <param name="Token">The bearer token; empty when there is none.</param>
/// <param name="Arguments">Its arguments by name; of a JSON body, what is no string is JSON text.</param>
internal sealed record SlackCall(string Method, string Token, IReadOnlyDictionary<string, string> Arguments)
{
    public string this[string name] => Arguments.GetValueOrDefault(name, "");
}

/// <summary>
/// Slack's Web API by its documentation and nothing of ours: what only reads takes no JSON, a user id is not a channel, and each test
/// says what a person's profile or an installation looks like.
/// </summary>
internal sealed class ScriptedSlack : IAsyncDisposable
{
    private static readonly HashSet<string> _jsonMethods = ["chat.postMessage", "chat.update", "conversations.open", "views.publish"];

    private readonly WebApplication _app;
    private readonly ConcurrentQueue<SlackCall> _calls = [];
    private long _posted;

    private ScriptedSlack(WebApplication app) => _app = app;

    public Uri ApiUrl { get; private set; } = null!;

    /// <summary>What users.info says about somebody, as JSON of the member <c>user</c>.</summary>
    public ConcurrentDictionary<string, string> Profiles { get; } = [];

    /// <summary>What oauth.v2.access says to a code or a refresh token.</summary>
    public ConcurrentDictionary<string, string> Grants { get; } = [];

    public static async Task<ScriptedSlack> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var slack = new ScriptedSlack(builder.Build());
        slack._app.Map("/api/{method}", slack.AnswerAsync);
        await slack._app.StartAsync();
        slack.ApiUrl = new Uri($"{slack._app.Urls.First()}/api/");
        return slack;
    }

    /// <summary>The calls of a method so far whose arguments name somebody or something.</summary>
    public IReadOnlyList<SlackCall> Calls(string method, string naming) =>
        [.. _calls.Where(call => call.Method == method && call.Arguments.Values.Any(value => value.Contains(naming, StringComparison.Ordinal)))];

    /// <summary>The direct messages that somebody got.</summary>
    public IReadOnlyList<SlackCall> MessagesTo(string userId) => Calls("chat.postMessage", $"D{userId}");

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context, string method)
    {
        var arguments = await ArgumentsAsync(context, method);
        var token = context.Request.Headers.Authorization.ToString().Replace("Bearer ", "", StringComparison.Ordinal);
        var call = new SlackCall(method, token, arguments ?? new Dictionary<string, string>());
        _calls.Enqueue(call);
        context.Response.ContentType = "application/json; charset=utf-8";
        await context.Response.WriteAsync(arguments is null ? Refused("invalid_arguments") : Answer(call));
    }

    private string Answer(SlackCall call) => call.Method switch
    {
        "oauth.v2.access" => Grants.GetValueOrDefault(call["code"].Length > 0 ? call["code"] : call["refresh_token"]) ?? Refused("invalid_code"),
        _ when !call.Token.StartsWith("xoxb-", StringComparison.Ordinal) && !call.Token.StartsWith("xoxe.xoxb-", StringComparison.Ordinal) => Refused("invalid_auth"),
        "auth.test" => """{"ok":true,"url":"https://example.slack.com/","team":"T","user":"bot","team_id":"T0","user_id":"UBOT","bot_id":"B0","is_enterprise_install":false}""",
        "users.info" => Profiles.TryGetValue(call["user"], out var profile) ? $$"""{"ok":true,"user":{{profile}}}""" : Refused("user_not_found"),
        "conversations.open" => $$$"""{"ok":true,"no_op":false,"channel":{"id":"D{{{call["users"]}}}"}}""",
        "conversations.history" => """{"ok":true,"messages":[],"has_more":false,"pin_count":0,"response_metadata":{"next_cursor":""}}""",
        "chat.postMessage" or "chat.update" when !call["channel"].StartsWith('D') => Refused("channel_not_found"),
        "chat.postMessage" => Posted(call["channel"], string.Create(CultureInfo.InvariantCulture, $"{1_800_000_000}.{Interlocked.Increment(ref _posted):000000}")),
        "chat.update" => Posted(call["channel"], call["ts"]),
        "views.publish" => """{"ok":true,"view":{"id":"V1","hash":"1"}}""",
        _ => Refused("unknown_method"),
    };

    private static string Posted(string channel, string ts) =>
        $$$"""{"ok":true,"channel":"{{{channel}}}","ts":"{{{ts}}}","text":"","message":{"type":"message","subtype":"bot_message","ts":"{{{ts}}}","bot_id":"B0"}}""";

    private static string Refused(string error) => $$$"""{"ok":false,"error":"{{{error}}}","response_metadata":{"messages":["[ERROR] {{{error}}}"]}}""";

    /// <summary>The arguments as Slack reads them; null: in a form that the method does not take.</summary>
    private static async Task<IReadOnlyDictionary<string, string>?> ArgumentsAsync(HttpContext context, string method)
    {
        var arguments = context.Request.Query.ToDictionary(pair => pair.Key, pair => pair.Value.ToString());
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync();
        if (body.Length == 0) return arguments;
        if (context.Request.ContentType?.StartsWith("application/json", StringComparison.Ordinal) == true)
        {
            if (!_jsonMethods.Contains(method)) return null;
            using var json = JsonDocument.Parse(body);
            foreach (var property in json.RootElement.EnumerateObject())
                arguments[property.Name] = property.Value.ValueKind == JsonValueKind.String ? property.Value.GetString()! : property.Value.GetRawText();
        }
        else
        {
            foreach (var (name, value) in QueryHelpers.ParseQuery(body)) arguments[name] = value.ToString();
        }

        return arguments;
    }
}
