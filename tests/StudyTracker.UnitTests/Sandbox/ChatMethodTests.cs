using System.Text.Json;
using StudyTracker.Sandbox.Ledger;

namespace StudyTracker.UnitTests.Sandbox;

public sealed class ChatMethodTests
{
    [Fact]
    public void A_message_to_a_user_arrives_in_the_direct_conversation_and_keeps_its_metadata()
    {
        using var sandbox = new SandboxFixture();

        var answer = sandbox.Post(SandboxFixture.User, "s1");

        var channel = sandbox.Workspace.DirectMessageId(SandboxFixture.User);
        answer.Body["ok"]!.GetValue<bool>().ShouldBeTrue();
        answer.Body["channel"]!.GetValue<string>().ShouldBe(channel);
        var history = sandbox.Call("conversations.history", new { channel, include_all_metadata = true }).Body;
        history["messages"]![0]!["metadata"]!["event_payload"]!["summary_id"]!.GetValue<string>().ShouldBe("s1");
    }

    [Theory]
    [InlineData("""{"channel":"C0SEOULLOG1"}""", "no_text")]
    [InlineData("""{"channel":"C0SEOULLOG1","text":"","blocks":[]}""", "no_text")]
    [InlineData("""{"channel":"C0NOWHERE01","text":"x"}""", "channel_not_found")]
    [InlineData("""{"channel":"","text":"x"}""", "channel_not_found")]
    [InlineData("""{"text":"x"}""", "invalid_arguments")]
    [InlineData("""{"channel":"C0SEOULLOG1","blocks":"not json"}""", "invalid_blocks_format")]
    [InlineData("""{"channel":"C0SEOULLOG1","blocks":{"type":"divider"}}""", "invalid_blocks_format")]
    [InlineData("""{"channel":"C0SEOULLOG1","blocks":[{"type":"nonsense"}]}""", "invalid_blocks")]
    [InlineData("""{"channel":"C0SEOULLOG1","text":"x","metadata":{"event_type":"a"}}""", "invalid_metadata_format")]
    [InlineData("""{"channel":"C0SEOULLOG1","text":"x","metadata":"no json"}""", "invalid_metadata_format")]
    [InlineData("""{"channel":"C0SEOULLOG1","text":"x","thread_ts":"yesterday"}""", "invalid_thread_ts")]
    [InlineData("""{"channel":"C0SEOULLOG1","text":"x","thread_ts":"1.000001"}""", "thread_not_found")]
    [InlineData("""{"channel":"C0SEOULLOG1","text":"x","markdown_text":"y"}""", "markdown_text_conflict")]
    [InlineData("""{"channel":"C0SEOULLOG1","text":"x","attachments":{}}""", "invalid_attachments")]
    public void A_wrong_message_gets_Slacks_word_for_it(string json, string error)
    {
        using var sandbox = new SandboxFixture();

        sandbox.CallWith("chat.postMessage", JsonDocument.Parse(json).RootElement).Code.ShouldBe(error);
    }

    [Fact]
    public void A_channel_is_found_by_its_name_and_is_told_when_the_app_may_not_write_there()
    {
        using var sandbox = new SandboxFixture();
        var channel = sandbox.Workspace.Channels[SandboxFixture.Channel];

        sandbox.Call("chat.postMessage", new { channel = "#공부기록", text = "x" }).Body["channel"]!.GetValue<string>().ShouldBe(SandboxFixture.Channel);
        sandbox.Ledger.Record(new ChannelChanged(sandbox.Time.GetUtcNow(), SandboxFixture.Team, channel with { IsMember = false }));
        sandbox.Call("chat.postMessage", new { channel = SandboxFixture.Channel, text = "x" }).Code.ShouldBe("not_in_channel");
        sandbox.Call("conversations.history", new { channel = SandboxFixture.Channel }).Code.ShouldBe("not_in_channel");
        sandbox.Ledger.Record(new ChannelChanged(sandbox.Time.GetUtcNow(), SandboxFixture.Team, channel with { IsArchived = true }));
        sandbox.Call("chat.postMessage", new { channel = SandboxFixture.Channel, text = "x" }).Code.ShouldBe("is_archived");
    }

    [Fact]
    public void Text_over_forty_thousand_characters_is_cut_off_and_no_character_is_torn_apart()
    {
        using var sandbox = new SandboxFixture();

        var answer = sandbox.Call("chat.postMessage", new { channel = SandboxFixture.User, text = string.Concat(Enumerable.Repeat("😀", 40_001)) });

        answer.Body["message"]!["text"]!.GetValue<string>().ShouldBe(string.Concat(Enumerable.Repeat("😀", 40_000)));
        answer.Body["warning"]!.GetValue<string>().ShouldBe("message_truncated");
    }

    [Fact]
    public void An_update_takes_four_thousand_bytes_of_text_whatever_the_script()
    {
        using var sandbox = new SandboxFixture();
        var (channel, ts) = sandbox.Posted(new { channel = SandboxFixture.User, text = "x" });

        sandbox.Call("chat.update", new { channel, ts, text = new string('x', 4_000) }).Code.ShouldBeNull();
        sandbox.Call("chat.update", new { channel, ts, text = new string('x', 4_001) }).Code.ShouldBe("msg_too_long");
        sandbox.Call("chat.update", new { channel, ts, text = new string('가', 1_333) }).Code.ShouldBeNull();
        sandbox.Call("chat.update", new { channel, ts, text = new string('가', 1_334) }).Code.ShouldBe("msg_too_long");
    }

    [Fact]
    public void An_update_wants_the_id_of_the_conversation_not_of_the_user()
    {
        using var sandbox = new SandboxFixture();
        var (channel, ts) = sandbox.Posted(new { channel = SandboxFixture.User, text = "x" });

        sandbox.Call("chat.update", new { channel = SandboxFixture.User, ts, text = "new" }).Code.ShouldBe("channel_not_found");
        sandbox.Call("chat.update", new { channel, ts, text = "new" }).Code.ShouldBeNull();
    }

    [Fact]
    public void What_an_update_does_not_name_stays_and_what_is_empty_goes()
    {
        using var sandbox = new SandboxFixture();
        object[] blocks = [new { type = "section", block_id = "b", text = new { type = "mrkdwn", text = "block" } }];
        var (channel, ts) = sandbox.Posted(new
        {
            channel = SandboxFixture.User,
            text = "old",
            blocks,
            attachments = new[] { new { text = "attached" } },
            metadata = new { event_type = "study_summary", event_payload = new { summary_id = "s1" } },
        });

        Message(new { channel, ts, text = "new" }).ShouldBe("new b attached study_summary");
        Message(new { channel, ts, blocks, text = "again" }).ShouldBe("again b attached study_summary");
        Message(new { channel, ts, text = "bare", blocks = Array.Empty<object>(), attachments = Array.Empty<object>(), metadata = new { } }).ShouldBe("bare   ");
        Message(new { channel, ts, blocks }).ShouldBe("block b  ");

        string Message(object arguments)
        {
            var message = sandbox.Call("chat.update", arguments).Body["message"]!;
            return $"{message["text"]} {message["blocks"]?[0]!["block_id"]} {message["attachments"]?[0]!["text"]} {message["metadata"]?["event_type"]}";
        }
    }

    [Fact]
    public void Only_the_apps_own_messages_can_be_updated_or_deleted()
    {
        using var sandbox = new SandboxFixture();
        var (channel, ts) = sandbox.Posted(new { channel = SandboxFixture.User, text = "x" });
        var learners = sandbox.Submit("Ev1").Queued.Message.Ts;

        sandbox.Call("chat.update", new { channel = SandboxFixture.Channel, ts = learners, text = "new" }).Code.ShouldBe("cant_update_message");
        sandbox.Call("chat.delete", new { channel = SandboxFixture.Channel, ts = learners }).Code.ShouldBe("cant_delete_message");
        sandbox.Call("chat.update", new { channel, ts = "1.000001", text = "new" }).Code.ShouldBe("message_not_found");
        sandbox.Call("chat.delete", new { channel, ts }).Code.ShouldBeNull();
        sandbox.Call("chat.delete", new { channel, ts }).Code.ShouldBe("message_not_found");
        sandbox.Ledger.Messages(SandboxFixture.Team, channel).ShouldBeEmpty();
    }

    [Fact]
    public void A_message_of_blocks_alone_gets_a_text_and_its_blocks_get_ids()
    {
        using var sandbox = new SandboxFixture();

        var message = sandbox.Call("chat.postMessage", new
        {
            channel = SandboxFixture.User,
            blocks = new object[]
            {
                new { type = "header", text = new { type = "plain_text", text = "Today" } },
                new { type = "actions", elements = new[] { new { type = "button", text = new { type = "plain_text", text = "Yes" } } } },
            },
        }).Body["message"]!;

        message["text"]!.GetValue<string>().ShouldBe("Today");
        message["blocks"]![0]!["block_id"]!.GetValue<string>().Length.ShouldBe(5);
        message["blocks"]![1]!["elements"]![0]!["action_id"]!.GetValue<string>().Length.ShouldBe(5);
    }

    [Fact]
    public void A_permalink_leads_into_the_thread()
    {
        using var sandbox = new SandboxFixture();
        var root = sandbox.Submit("Ev1").Queued.Message.Ts;
        var reply = sandbox.Submit("Ev2", request => request with { ThreadTs = root }).Queued.Message.Ts;

        var link = sandbox.Call("chat.getPermalink", new { channel = SandboxFixture.Channel, message_ts = reply }).Body["permalink"]!.GetValue<string>();

        link.ShouldBe($"https://seoul-study.slack.com/archives/C0SEOULLOG1/p{reply.Replace(".", "", StringComparison.Ordinal)}?thread_ts={root}&cid=C0SEOULLOG1");
    }

    [Fact]
    public void What_only_one_person_sees_is_checked_as_any_message_and_kept_nowhere()
    {
        using var sandbox = new SandboxFixture();

        sandbox.Call("chat.postEphemeral", new { channel = SandboxFixture.Channel, user = SandboxFixture.User, text = "x" }).Body["message_ts"].ShouldNotBeNull();
        sandbox.Call("chat.postEphemeral", new { channel = SandboxFixture.Channel, user = "U0STRANGER1", text = "x" }).Code.ShouldBe("user_not_in_channel");
        sandbox.Ledger.Messages(SandboxFixture.Team, SandboxFixture.Channel).ShouldBeEmpty();
    }

    [Fact]
    public void A_forced_error_hits_only_its_user()
    {
        using var sandbox = new SandboxFixture();
        sandbox.Faults.Settings = sandbox.Faults.Settings with { PerUser = new Dictionary<string, string> { [SandboxFixture.User] = "account_inactive" } };

        sandbox.Post(SandboxFixture.User).Code.ShouldBe("account_inactive");
        sandbox.Post("U0SEOULMINJ").Code.ShouldBeNull();
    }
}
