using System.Text.Json;
using System.Text.Json.Nodes;
using StudyTracker.Sandbox.Ledger;

namespace StudyTracker.UnitTests.Sandbox;

public sealed class WebApiMethodTests
{
    [Theory]
    [InlineData("xoxb-of-nobody", "invalid_auth")]
    [InlineData("", "not_authed")]
    public void A_token_that_is_not_good_gets_Slacks_word_for_it(string token, string error)
    {
        using var sandbox = new SandboxFixture();

        sandbox.Call("auth.test", new { }, token).Code.ShouldBe(error);
    }

    [Fact]
    public void Auth_test_tells_who_calls()
    {
        using var sandbox = new SandboxFixture();

        var body = sandbox.Call("auth.test", new { }).Body;

        body["url"]!.GetValue<string>().ShouldBe("https://seoul-study.slack.com/");
        body["team_id"]!.GetValue<string>().ShouldBe(SandboxFixture.Team);
        body["is_enterprise_install"]!.GetValue<bool>().ShouldBeFalse();
        sandbox.Call("apps.connections.open", new { }).Code.ShouldBe("not_allowed_token_type");
    }

    [Fact]
    public void A_scope_that_the_app_lacks_is_named()
    {
        using var sandbox = new SandboxFixture(configure: options => options.Scopes = ["chat:write"]);

        var answer = sandbox.Call("users.info", new { user = SandboxFixture.User });

        answer.Code.ShouldBe("missing_scope");
        answer.Body["needed"]!.GetValue<string>().ShouldBe("users:read");
        answer.Body["provided"]!.GetValue<string>().ShouldBe("chat:write");
        sandbox.Post(SandboxFixture.User).Code.ShouldBeNull();
    }

    [Theory]
    [InlineData("chat.postMessage", "channel")]
    [InlineData("chat.update", "channel,ts")]
    [InlineData("conversations.info", "channel")]
    [InlineData("conversations.replies", "channel,ts")]
    [InlineData("reactions.add", "channel,name,timestamp")]
    [InlineData("views.publish", "user_id,view")]
    public void Arguments_that_are_absent_are_named(string method, string missing)
    {
        using var sandbox = new SandboxFixture();

        var answer = sandbox.Call(method, new { });

        answer.Code.ShouldBe("invalid_arguments");
        Lines(answer.Body["response_metadata"]!["messages"]).ShouldBe(missing.Split(',').Select(name => $"[ERROR] missing required field: {name}"));
    }

    [Fact]
    public void History_comes_newest_first_and_in_pages()
    {
        using var sandbox = new SandboxFixture();
        for (var i = 0; i < 5; i++) sandbox.Submit($"Ev{i}", request => request with { Text = $"{i}" });
        sandbox.Submit("EvReply", request => request with { ThreadTs = "1.000000" });

        var texts = new List<string>();
        var cursor = "";
        do
        {
            var page = sandbox.Call("conversations.history", new { channel = SandboxFixture.Channel, limit = 2, cursor }).Body;
            texts.AddRange(page["messages"]!.AsArray().Select(message => message!["text"]!.GetValue<string>()));
            cursor = page["response_metadata"]?["next_cursor"]!.GetValue<string>() ?? "";
            page["has_more"]!.GetValue<bool>().ShouldBe(cursor.Length > 0);
        }
        while (cursor.Length > 0);

        texts.ShouldBe(["4", "3", "2", "1", "0"]);
    }

    [Fact]
    public void Oldest_and_latest_are_exclusive_unless_inclusive_is_asked_for()
    {
        using var sandbox = new SandboxFixture();
        var ts = Enumerable.Range(0, 3).Select(i => sandbox.Submit($"Ev{i}").Queued.Message.Ts).ToList();

        Count(new { channel = SandboxFixture.Channel, oldest = ts[0], latest = ts[2] }).ShouldBe(1);
        Count(new { channel = SandboxFixture.Channel, oldest = ts[0], latest = ts[2], inclusive = true }).ShouldBe(3);
        Count(new { channel = SandboxFixture.Channel }).ShouldBe(3);

        int Count(object arguments) => sandbox.Call("conversations.history", arguments).Body["messages"]!.AsArray().Count;
    }

    [Theory]
    [InlineData("""{"channel":""}""", "channel_not_found")]
    [InlineData("""{"channel":"#general"}""", "channel_not_found")]
    [InlineData("""{"channel":"C0SEOULLOG1","oldest":"yesterday"}""", "invalid_ts_oldest")]
    [InlineData("""{"channel":"C0SEOULLOG1","oldest":"0000000000.000000"}""", "invalid_ts_oldest")]
    [InlineData("""{"channel":"C0SEOULLOG1","latest":"1e9"}""", "invalid_ts_latest")]
    [InlineData("""{"channel":"C0SEOULLOG1","limit":0}""", "invalid_limit")]
    [InlineData("""{"channel":"C0SEOULLOG1","limit":"many"}""", "invalid_limit")]
    [InlineData("""{"channel":"C0SEOULLOG1","limit":1000}""", "invalid_limit")]
    [InlineData("""{"channel":"C0SEOULLOG1","cursor":"x"}""", "invalid_cursor")]
    public void A_wrong_question_for_history_gets_Slacks_word_for_it(string json, string error)
    {
        using var sandbox = new SandboxFixture();

        sandbox.CallWith("conversations.history", Json(json)).Code.ShouldBe(error);
    }

    [Fact]
    public void Replies_are_the_thread_and_its_root_tells_of_them()
    {
        using var sandbox = new SandboxFixture();
        var root = sandbox.Submit("Ev1").Queued.Message.Ts;
        for (var i = 0; i < 3; i++) sandbox.Submit($"EvReply{i}", request => request with { ThreadTs = root, Text = $"reply {i}" });

        var replies = sandbox.Call("conversations.replies", new { channel = SandboxFixture.Channel, ts = root }).Body["messages"]!.AsArray();
        var history = sandbox.Call("conversations.history", new { channel = SandboxFixture.Channel }).Body["messages"]!.AsArray();

        replies.Select(message => message!["text"]!.GetValue<string>()).ShouldBe(["TCP", "reply 0", "reply 1", "reply 2"]);
        history.ShouldHaveSingleItem()!["reply_count"]!.GetValue<int>().ShouldBe(3);
        sandbox.Call("conversations.replies", new { channel = SandboxFixture.Channel, ts = "1.000001" }).Code.ShouldBe("thread_not_found");
    }

    [Fact]
    public void A_message_of_a_person_has_rich_text_and_an_id_of_its_client()
    {
        using var sandbox = new SandboxFixture();
        sandbox.Submit("Ev1", request => request with { Text = "`Vec<u8>` && more" });

        var message = sandbox.Call("conversations.history", new { channel = SandboxFixture.Channel }).Body["messages"]![0]!;

        message["text"]!.GetValue<string>().ShouldBe("`Vec&lt;u8&gt;` &amp;&amp; more");
        Guid.TryParse(message["client_msg_id"]!.GetValue<string>(), out _).ShouldBeTrue();
        message["blocks"]![0]!["elements"]![0]!["elements"]![0]!.ToJsonString().ShouldBe("""{"type":"text","text":"Vec\u003Cu8\u003E","style":{"code":true}}""");
    }

    [Fact]
    public void Everybody_can_be_listed_in_pages_the_app_among_them()
    {
        using var sandbox = new SandboxFixture();
        var names = new List<string>();
        var cursor = "";
        do
        {
            var page = sandbox.Call("users.list", new { limit = 2, cursor }).Body;
            names.AddRange(page["members"]!.AsArray().Select(member => member!["id"]!.GetValue<string>()));
            cursor = page["response_metadata"]!["next_cursor"]!.GetValue<string>();
        }
        while (cursor.Length > 0);

        names.ShouldBe(["U0SEOULBOT1", "U0SEOULEMMA", "U0SEOULJIWO", "U0SEOULMINJ"]);
        sandbox.Call("users.list", new { limit = -1 }).Code.ShouldBe("invalid_limit");
    }

    [Fact]
    public void Channels_are_described_and_listed_by_their_kind()
    {
        using var sandbox = new SandboxFixture();
        var direct = sandbox.Workspace.DirectMessageId(SandboxFixture.User);

        sandbox.Call("conversations.info", new { channel = direct }).Body["channel"]!["user"]!.GetValue<string>().ShouldBe(SandboxFixture.User);
        sandbox.Call("conversations.info", new { channel = SandboxFixture.Channel, include_num_members = true }).Body["channel"]!["num_members"]!.GetValue<int>().ShouldBe(4);
        sandbox.Call("conversations.members", new { channel = direct }).Body["members"]!.AsArray().Count.ShouldBe(2);
        sandbox.Call("users.conversations", new { types = "im" }).Body["channels"]!.AsArray().Count.ShouldBe(3);
        sandbox.Call("users.conversations", new { types = "friends" }).Code.ShouldBe("invalid_types");
    }

    [Fact]
    public void An_emoji_is_added_once_and_taken_back_once()
    {
        using var sandbox = new SandboxFixture();
        var message = new { channel = SandboxFixture.Channel, timestamp = sandbox.Submit("Ev1").Queued.Message.Ts, name = "eyes" };

        sandbox.Call("reactions.add", message).Code.ShouldBeNull();
        sandbox.Call("reactions.add", message).Code.ShouldBe("already_reacted");
        sandbox.Call("reactions.get", message).Body["message"]!["reactions"]![0]!["count"]!.GetValue<int>().ShouldBe(1);
        sandbox.Call("reactions.remove", message).Code.ShouldBeNull();
        sandbox.Call("reactions.remove", message).Code.ShouldBe("no_reaction");
        sandbox.Call("reactions.add", new { message.channel, message.timestamp, name = ":eyes:" }).Code.ShouldBe("invalid_name");
        sandbox.Call("reactions.add", new { message.channel, timestamp = "x", message.name }).Code.ShouldBe("bad_timestamp");
    }

    [Fact]
    public void A_learner_is_described_with_time_zone_and_on_request_with_locale()
    {
        using var sandbox = new SandboxFixture();

        var user = sandbox.Call("users.info", new { user = SandboxFixture.User, include_locale = true }).Body["user"]!;

        user["tz"]!.GetValue<string>().ShouldBe("Asia/Seoul");
        user["tz_offset"]!.GetValue<int>().ShouldBe(9 * 3_600);
        user["locale"]!.GetValue<string>().ShouldBe("ko-KR");
        sandbox.Call("users.info", new { user = SandboxFixture.User }).Body["user"]!["locale"].ShouldBeNull();
    }

    [Theory]
    [InlineData("Asia/Calcutta", null, "Asia/Calcutta", 19_800)]
    [InlineData("US/Pacific", null, "US/Pacific", -28_800)]
    [InlineData("", 19_800, null, 19_800)]
    public void A_learner_may_have_an_old_zone_or_none(string zone, int? offset, string? tz, int seconds)
    {
        using var sandbox = new SandboxFixture();
        var learner = sandbox.Workspace.Learners[SandboxFixture.User] with { TimeZone = zone, UtcOffsetSeconds = offset };
        sandbox.Ledger.Record(new UserChanged(sandbox.Time.GetUtcNow(), SandboxFixture.Team, learner));

        var user = sandbox.Call("users.info", new { user = SandboxFixture.User }).Body["user"]!;

        user.AsObject().ContainsKey("tz").ShouldBeTrue();
        ((string?)user["tz"]).ShouldBe(tz);
        user["tz_offset"]!.GetValue<int>().ShouldBe(seconds);
    }

    [Fact]
    public void Somebody_who_is_gone_has_no_time_zone_and_no_conversation()
    {
        using var sandbox = new SandboxFixture();
        var learner = sandbox.Workspace.Learners[SandboxFixture.User] with { Deleted = true };
        sandbox.Ledger.Record(new UserChanged(sandbox.Time.GetUtcNow(), SandboxFixture.Team, learner));

        sandbox.Call("users.info", new { user = SandboxFixture.User }).Body["user"]!.AsObject().ContainsKey("tz").ShouldBeFalse();
        sandbox.Call("conversations.open", new { users = SandboxFixture.User }).Code.ShouldBe("user_disabled");
    }

    [Fact]
    public void Strangers_become_known_when_mentioned_unless_that_is_switched_off()
    {
        using var open = new SandboxFixture();
        using var strict = new SandboxFixture(configure: options => options.RegisterOnMention = false);

        open.Call("users.info", new { user = "U0STRANGER1" }).Code.ShouldBeNull();
        strict.Call("users.info", new { user = "U0STRANGER1" }).Code.ShouldBe("user_not_found");
        open.Call("users.info", new { user = "nobody" }).Code.ShouldBe("user_not_found");
    }

    private static JsonElement Json(string json) => JsonDocument.Parse(json).RootElement;

    private static IEnumerable<string> Lines(JsonNode? lines) => lines!.AsArray().Select(line => line!.GetValue<string>());
}
