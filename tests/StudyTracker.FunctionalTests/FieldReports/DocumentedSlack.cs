using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using StudyTracker.FunctionalTests.Support;

namespace StudyTracker.FunctionalTests.FieldReports;

/// <summary>A call with its arguments, in whatever form they came; of JSON, what is no string is JSON text.</summary>
internal sealed record ReadCall(string Method, string Token, IReadOnlyDictionary<string, string> Arguments)
{
    public string this[string name] => Arguments.GetValueOrDefault(name, "");

    /// <summary>Reads a call; null when its arguments come as JSON, which a method that only reads does not take.</summary>
    public static ReadCall? Of(SlackCall call)
    {
        var arguments = call.Arguments.ToDictionary();
        if (call.Body.Length > 0)
        {
            if (call.Method is not ("chat.postMessage" or "chat.update" or "conversations.open" or "views.publish")) return null;
            using var json = JsonDocument.Parse(call.Body);
            foreach (var property in json.RootElement.EnumerateObject())
                arguments[property.Name] = property.Value.ValueKind == JsonValueKind.String ? property.Value.GetString()! : property.Value.GetRawText();
        }

        return new(call.Method, call.Token ?? "", arguments);
    }
}

/// <summary>
/// Slack's Web API by its documentation and nothing of ours: what only reads takes no JSON, a user id is not a channel, and each test
/// says what a person's profile or an installation looks like.
/// </summary>
internal sealed class DocumentedSlack : IAsyncDisposable
{
    private readonly ScriptedSlack _slack;
    private long _posted;

    private DocumentedSlack(ScriptedSlack slack)
    {
        _slack = slack;
        slack.Answer = call => new(ReadCall.Of(call) is { } read ? Answer(read) : Refused("invalid_arguments"));
    }

    public Uri ApiUrl => _slack.ApiUrl;

    /// <summary>What users.info says about somebody, as JSON of the member <c>user</c>.</summary>
    public ConcurrentDictionary<string, string> Profiles { get; } = [];

    /// <summary>What oauth.v2.access says to a code.</summary>
    public ConcurrentDictionary<string, string> Grants { get; } = [];

    public static async Task<DocumentedSlack> StartAsync() => new(await ScriptedSlack.StartAsync());

    /// <summary>The calls of a method so far whose arguments name somebody or something.</summary>
    public IReadOnlyList<ReadCall> Calls(string method, string naming) =>
        [.. _slack.CallsOf(method).Select(ReadCall.Of).OfType<ReadCall>()
            .Where(call => call.Arguments.Values.Any(value => value.Contains(naming, StringComparison.Ordinal)))];

    /// <summary>The direct messages that somebody got.</summary>
    public IReadOnlyList<ReadCall> MessagesTo(string userId) => [.. Calls("chat.postMessage", userId).Where(call => call["channel"].TrimStart('D') == userId)];

    public ValueTask DisposeAsync() => _slack.DisposeAsync();

    private string Answer(ReadCall call) => call.Method switch
    {
        "oauth.v2.access" => Grants.GetValueOrDefault(call["code"]) ?? Refused("invalid_code"),
        _ when !call.Token.StartsWith("xoxb-", StringComparison.Ordinal) => Refused("invalid_auth"),
        "auth.test" => """{"ok":true,"url":"https://example.slack.com/","team":"T","user":"bot","team_id":"T0","user_id":"UBOT","bot_id":"B0","is_enterprise_install":false}""",
        "users.info" => Profiles.TryGetValue(call["user"], out var profile) ? $$"""{"ok":true,"user":{{profile}}}""" : Refused("user_not_found"),
        "conversations.open" => $$$"""{"ok":true,"no_op":false,"channel":{"id":"D{{{call["users"]}}}"}}""",
        "conversations.history" => """{"ok":true,"messages":[],"has_more":false,"pin_count":0,"response_metadata":{"next_cursor":""}}""",
        // A user's id stands for the direct message with that user, but only to post.
        "chat.update" when !call["channel"].StartsWith('D') => Refused("channel_not_found"),
        "chat.postMessage" => Posted($"D{call["channel"].TrimStart('D')}", string.Create(CultureInfo.InvariantCulture, $"1800000000.{Interlocked.Increment(ref _posted):000000}")),
        "chat.update" => Posted(call["channel"], call["ts"]),
        _ => Refused("unknown_method"),
    };

    private static string Posted(string channel, string ts) =>
        $$$"""{"ok":true,"channel":"{{{channel}}}","ts":"{{{ts}}}","text":"","message":{"type":"message","subtype":"bot_message","ts":"{{{ts}}}","bot_id":"B0"}}""";

    private static string Refused(string error) => $$$"""{"ok":false,"error":"{{{error}}}","response_metadata":{"messages":["[ERROR] {{{error}}}"]}}""";
}
