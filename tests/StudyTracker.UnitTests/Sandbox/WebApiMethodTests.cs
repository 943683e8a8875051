using System.Text.Json;
using System.Text.Json.Nodes;
using StudyTracker.Sandbox.WebApi;

namespace StudyTracker.UnitTests.Sandbox;

public sealed class WebApiMethodTests
{
    [Fact]
    public void A_message_to_a_user_arrives_in_the_direct_conversation_and_keeps_its_metadata()
    {
        using var sandbox = new SandboxFixture();

        var answer = sandbox.Post(SandboxFixture.User, "s1");

        var channel = sandbox.Workspace.DirectMessageId(SandboxFixture.User);
        answer.Body["ok"]!.GetValue<bool>().ShouldBeTrue();
        answer.Body["channel"]!.GetValue<string>().ShouldBe(channel);
        var history = sandbox.Conversations.History(sandbox.Workspace, SandboxFixture.Arguments(new { channel, include_all_metadata = true })).Body;
        history["messages"]![0]!["metadata"]!["event_payload"]!["summary_id"]!.GetValue<string>().ShouldBe("s1");
    }

    [Theory]
    [InlineData("""{"channel":"C0SEOULLOG1"}""", "no_text")]
    [InlineData("""{"channel":"C0NOWHERE01","text":"x"}""", "channel_not_found")]
    [InlineData("""{"text":"x"}""", "channel_not_found")]
    [InlineData("""{"channel":"C0SEOULLOG1","blocks":"not json"}""", "invalid_blocks_format")]
    [InlineData("""{"channel":"C0SEOULLOG1","blocks":[{"type":"nonsense"}]}""", "invalid_blocks")]
    [InlineData("""{"channel":"C0SEOULLOG1","text":"x","metadata":{"event_type":"a"}}""", "invalid_metadata_format")]
    public void A_wrong_message_gets_Slacks_word_for_it(string json, string error)
    {
        using var sandbox = new SandboxFixture();

        sandbox.Chat.PostMessage(sandbox.Workspace, ApiArguments.Of(JsonDocument.Parse(json).RootElement)).Code.ShouldBe(error);
    }

    [Fact]
    public void Blocks_may_be_fifty_and_a_section_three_thousand_characters()
    {
        Problem(Enumerable.Repeat(Section(3_000), 50)).ShouldBeNull();
        Problem(Enumerable.Repeat(Section(10), 51)).ShouldBe("no more than 50 items allowed [json-pointer:/blocks]");
        Problem([Section(10), Section(3_001)]).ShouldBe("must be less than 3001 characters [json-pointer:/blocks/1/text/text]");
    }

    [Fact]
    public void Text_over_forty_thousand_characters_is_cut_off()
    {
        using var sandbox = new SandboxFixture();

        var answer = sandbox.Chat.PostMessage(sandbox.Workspace, SandboxFixture.Arguments(new { channel = SandboxFixture.User, text = new string('x', 50_000) }));

        answer.Body["message"]!["text"]!.GetValue<string>().Length.ShouldBe(40_000);
    }

    [Fact]
    public void A_forced_error_hits_only_its_user()
    {
        using var sandbox = new SandboxFixture();
        sandbox.Faults.Settings = sandbox.Faults.Settings with { PerUser = new Dictionary<string, string> { [SandboxFixture.User] = "account_inactive" } };

        sandbox.Post(SandboxFixture.User).Code.ShouldBe("account_inactive");
        sandbox.Post("U0SEOULMINJ").Code.ShouldBeNull();
    }

    [Fact]
    public void Only_the_apps_own_messages_can_be_updated()
    {
        using var sandbox = new SandboxFixture();
        var posted = sandbox.Post(SandboxFixture.User).Body;
        var (channel, ts) = (posted["channel"]!.GetValue<string>(), posted["ts"]!.GetValue<string>());
        var learners = sandbox.Submit("Ev1").Queued.Message.Ts;

        sandbox.Chat.Update(sandbox.Workspace, SandboxFixture.Arguments(new { channel, ts, text = "new" })).Code.ShouldBeNull();
        sandbox.Chat.Update(sandbox.Workspace, SandboxFixture.Arguments(new { channel = SandboxFixture.Channel, ts = learners, text = "new" })).Code.ShouldBe("cant_update_message");
        sandbox.Chat.Update(sandbox.Workspace, SandboxFixture.Arguments(new { channel, ts = "1.000001", text = "new" })).Code.ShouldBe("message_not_found");
        sandbox.Ledger.Messages(SandboxFixture.Team, channel).ShouldHaveSingleItem().Text.ShouldBe("new");
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
            var page = sandbox.Conversations.History(sandbox.Workspace, SandboxFixture.Arguments(new { channel = SandboxFixture.Channel, limit = 2, cursor })).Body;
            texts.AddRange(page["messages"]!.AsArray().Select(message => message!["text"]!.GetValue<string>()));
            cursor = page["response_metadata"]!["next_cursor"]!.GetValue<string>();
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

        int Count(object arguments) =>
            sandbox.Conversations.History(sandbox.Workspace, SandboxFixture.Arguments(arguments)).Body["messages"]!.AsArray().Count;
    }

    [Fact]
    public void A_learner_is_described_with_time_zone_and_on_request_with_locale()
    {
        using var sandbox = new SandboxFixture();

        var user = sandbox.Users.Info(sandbox.Workspace, SandboxFixture.Arguments(new { user = SandboxFixture.User, include_locale = true })).Body["user"]!;

        user["tz"]!.GetValue<string>().ShouldBe("Asia/Seoul");
        user["tz_offset"]!.GetValue<int>().ShouldBe(9 * 3_600);
        user["locale"]!.GetValue<string>().ShouldBe("ko-KR");
        sandbox.Users.Info(sandbox.Workspace, SandboxFixture.Arguments(new { user = SandboxFixture.User })).Body["user"]!["locale"].ShouldBeNull();
    }

    [Fact]
    public void Strangers_become_known_when_mentioned_unless_that_is_switched_off()
    {
        using var open = new SandboxFixture();
        using var strict = new SandboxFixture(configure: options => options.RegisterOnMention = false);
        var stranger = SandboxFixture.Arguments(new { user = "U0STRANGER1" });

        open.Users.Info(open.Workspace, stranger).Code.ShouldBeNull();
        strict.Users.Info(strict.Workspace, stranger).Code.ShouldBe("user_not_found");
        open.Users.Info(open.Workspace, SandboxFixture.Arguments(new { user = "nobody" })).Code.ShouldBe("user_not_found");
    }

    private static string? Problem(IEnumerable<JsonNode> blocks) => BlockRules.Problem(
        JsonSerializer.SerializeToElement(new JsonArray([.. blocks.Select(block => block.DeepClone())])), BlockRules.MaxInMessage);

    private static JsonNode Section(int length) =>
        JsonNode.Parse($$$"""{"type":"section","text":{"type":"mrkdwn","text":"{{{new string('x', length)}}}"}}""")!;
}
