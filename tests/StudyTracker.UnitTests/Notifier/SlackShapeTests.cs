using System.Globalization;
using System.Text.Json.Nodes;
using StudyTracker.Notifier.Messages;
using StudyTracker.Notifier.Slack;
using StudyTracker.Slack;

namespace StudyTracker.UnitTests.Notifier;

/// <summary>
/// Answers of the shape in which Slack really sends them: everything that Slack documents beside the few fields that we want, and each
/// of those once more missing, null, a text instead of a number, or an object that nobody knows yet.
/// </summary>
public sealed class SlackShapeTests
{
    private const string Team = "T0123ABCD";
    private static readonly Guid _summary = Guid.Parse("0199aaaa-0000-7000-8000-000000000001");
    private static readonly SlackMessage _message = new(_summary, 2, "text", [new SectionBlock("text")]);

    private const string Profile = """
        {"title":"","phone":"","skype":"","real_name":"Kim","real_name_normalized":"Kim","display_name":"kim","display_name_normalized":"kim","fields":{"Xf1":{"value":"","alt":""}},
        "status_text":"","status_emoji":":books:","status_emoji_display_info":[{"emoji_name":"books","display_url":"https://x.example/b.png","unicode":"1f4da"}],
        "status_expiration":0,"avatar_hash":"g1","always_active":false,"image_24":"https://x.example/24.png","image_512":"https://x.example/512.png","status_text_canonical":"","team":"T0123ABCD","start_date":""}
        """;

    private const string Message = """
        {"user":"U0BOT00001","type":"message","subtype":null,"ts":"1700000000.000100","client_msg_id":"9f2c1e1e-0000-4000-8000-000000000001","bot_id":"B01","app_id":"A01","text":"text","team":"T0123ABCD",
        "bot_profile":{"id":"B01","app_id":"A01","user_id":"U0BOT00001","name":"StudyTracker","icons":{"image_36":"https://x.example/36.png"},"deleted":false,"updated":1700000000,"team_id":"T0123ABCD"},
        "edited":{"user":"B01","ts":"1700000001.000000"},"reply_count":0,"reply_users":[],"reactions":[{"name":"tada","users":["U1"],"count":1}],
        "blocks":[{"type":"section","block_id":"b1","text":{"type":"mrkdwn","text":"text","verbatim":false}},{"type":"rich_text","block_id":"b2","elements":[{"type":"rich_text_section","elements":[{"type":"emoji","name":"books","unicode":"1f4da"}]}]}],
        "attachments":[{"id":1,"fallback":"","color":"d0d0d0","is_share":false,"fields":[{"title":"","value":"","short":false}]}],
        "metadata":{"event_type":"study_summary","event_payload":{"summary_id":"0199aaaa-0000-7000-8000-000000000001","revision":2}}}
        """;

    private const string Metadata = """ "response_metadata":{"next_cursor":"","warnings":[],"messages":[],"scopes":["chat:write"],"acceptedScopes":["chat:write"]},"warning":null,"needed":null,"provided":null """;

    /// <summary>Each method's answer, the fields that must stay as they are, the call, and what comes of it.</summary>
    private static readonly Dictionary<string, (string Answer, string[] Needed, Func<ISlackClient, CancellationToken, Task<object?>> Call, object? Right)> _shapes = new()
    {
        ["chat.postMessage"] = (
            $$$"""{"ok":true,"channel":"D0123","ts":"1700000000.000100","message":{{{Message}}},{{{Metadata}}}}""",
            ["$.channel", "$.ts"],
            async (slack, token) => (await slack.PostAsync(Team, "U1", _message, token)).Value,
            new PostedMessage("D0123", "1700000000.000100")),
        ["chat.update"] = (
            $$$"""{"ok":true,"channel":"D0123","ts":"1700000000.000100","text":"text","message":{{{Message}}},{{{Metadata}}}}""",
            [],
            async (slack, token) => (await slack.UpdateAsync(Team, new PostedMessage("D0123", "1700000000.000100"), _message, token)).Value,
            new PostedMessage("D0123", "1700000000.000100")),
        ["conversations.open"] = (
            $$$"""
            {"ok":true,"no_op":true,"already_open":true,"channel":{"id":"D0123","created":1700000000,"is_archived":false,"is_im":true,"is_org_shared":false,"user":"U1",
            "last_read":"1700000000.000100","latest":{{{Message}}},"unread_count":0,"unread_count_display":0,"is_open":true,"properties":{"tabs":[]},"priority":0.5},{{{Metadata}}}}
            """,
            ["$.channel.id"],
            async (slack, token) => (await slack.OpenAsync(Team, "U1", token)).Value,
            "D0123"),
        ["conversations.history"] = (
            $$$"""
            {"ok":true,"latest":"1700000009.000000","oldest":"1699999000.000000","messages":[{"type":"message","subtype":"tombstone","text":"This message was deleted.","user":"USLACKBOT","hidden":true,"ts":"1700000002.000000"},
            {{{Message}}}],"has_more":false,"pin_count":0,"is_limited":false,"channel_actions_ts":null,"channel_actions_count":0,{{{Metadata}}}}
            """,
            ["$.messages[1].ts", "$.messages[1].metadata.event_type", "$.messages[1].metadata.event_payload.summary_id"],
            async (slack, token) => (await slack.FindAsync(Team, "D0123", new HistorySearch(_summary, DateTimeOffset.UnixEpoch), token)).Value?.Found?.Ts,
            "1700000000.000100"),
        ["auth.test"] = (
            """
            {"ok":true,"url":"https://study.slack.com/","team":"Study","user":"studytracker","team_id":"T0123ABCD","user_id":"U0BOT00001","bot_id":"B01","is_enterprise_install":false,
            "enterprise_id":"E0123","app_name":"StudyTracker","app_id":"A01","expires_in":43200,"error":null,"warning":null,"needed":null,"provided":null}
            """,
            ["$.team_id"],
            async (slack, token) => (await slack.TestAsync(Team, token)).Value,
            Team),
        ["users.info"] = (
            $$$"""
            {"ok":true,"user":{"id":"U1","team_id":"T0123ABCD","name":"kim","deleted":false,"color":"9f69e7","real_name":"Kim","tz":"Asia/Seoul","tz_label":"Korea Standard Time","tz_offset":32400,"profile":{{{Profile}}},
            "is_admin":false,"is_owner":false,"is_restricted":false,"is_bot":false,"is_app_user":false,"updated":1700000000,"is_email_confirmed":true,"has_2fa":false,"locale":"ko-KR","who_can_share_contact_card":"EVERYONE",
            "enterprise_user":{"id":"W1","enterprise_id":"E0123","enterprise_name":"Org","is_admin":false,"is_owner":false,"teams":["T0123ABCD"]}},{{{Metadata}}}}
            """,
            ["$.user.tz", "$.user.tz_offset", "$.user.locale"],
            async (slack, token) => (await slack.ProfileAsync(Team, "U1", token)).Value,
            new SlackProfile("Asia/Seoul", 32_400, "ko-KR")),
    };

    /// <summary>What is done to each field that is not wanted.</summary>
    private static readonly Dictionary<string, Func<JsonNode?, JsonNode?>> _changes = new()
    {
        ["as documented"] = value => value?.DeepClone(),
        ["null"] = _ => null,
        ["a text instead of a number"] = value => value is JsonValue number && number.TryGetValue<double>(out var told)
            ? JsonValue.Create(told.ToString(CultureInfo.InvariantCulture))
            : value?.DeepClone(),
        ["an empty text"] = value => value is JsonValue text && text.TryGetValue<string>(out _) ? JsonValue.Create("") : value?.DeepClone(),
        ["followed by something unknown"] = value => value?.DeepClone(),
    };

    public static MatrixTheoryData<string, string> Cases => new(_shapes.Keys, _changes.Keys);

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task What_is_wanted_is_found_whatever_the_rest_looks_like(string method, string change)
    {
        var (answer, needed, call, right) = _shapes[method];
        var changed = Changed(JsonNode.Parse(answer)!, [.. needed, "$.ok", "$.messages", "$.has_more"], change);
        await using var server = await SlackServer.StartAsync(SlackServer.Json(changed.ToJsonString()), team: Team);

        (await call(server.Client, TestContext.Current.CancellationToken)).ShouldBe(right, changed.ToJsonString());
    }

    private static JsonNode Changed(JsonNode node, string[] needed, string change)
    {
        switch (node)
        {
            case JsonObject fields:
                var changed = new JsonObject();
                foreach (var (name, value) in fields)
                    changed[name] = IsOnTheWay(value) ? Changed(value!, needed, change) : _changes[change](value);
                if (change == "followed by something unknown") changed["new_in_2030"] = JsonNode.Parse("""{"nested":[{"deep":[null,1.5,"x"]}],"ok":false}""");
                return changed;
            case JsonArray values:
                return new JsonArray([.. values.Select(value => IsOnTheWay(value) ? Changed(value!, needed, change) : value?.DeepClone())]);
            default:
                return node.DeepClone();
        }

        bool IsOnTheWay(JsonNode? value)
        {
            if (value?.GetPath() is not { } path) return false;
            return needed.Any(one => one == path || one.StartsWith($"{path}.", StringComparison.Ordinal) || one.StartsWith($"{path}[", StringComparison.Ordinal));
        }
    }
}
