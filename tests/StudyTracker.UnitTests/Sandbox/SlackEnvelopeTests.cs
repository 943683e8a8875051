using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using StudyTracker.Sandbox.Events;
using StudyTracker.Sandbox.Responses;

namespace StudyTracker.UnitTests.Sandbox;

public sealed class SlackEnvelopeTests
{
    [Fact]
    public void A_message_comes_in_the_envelope_that_Slack_sends()
    {
        using var sandbox = new SandboxFixture();

        var body = Body(sandbox.Submit("Ev1", request => request with { Text = "a < b", ThreadTs = "1.000001" }));
        var inner = body.GetProperty("event");

        body.GetProperty("type").GetString().ShouldBe("event_callback");
        body.GetProperty("authorizations")[0].GetProperty("is_bot").GetBoolean().ShouldBeTrue();
        body.GetProperty("authorizations")[0].GetProperty("is_enterprise_install").GetBoolean().ShouldBeFalse();
        body.GetProperty("event_time").GetInt64().ShouldBe(sandbox.Time.GetUtcNow().ToUnixTimeSeconds());
        var context = body.GetProperty("event_context").GetString()!["4-".Length..];
        Encoding.UTF8.GetString(Convert.FromBase64String(context.PadRight((context.Length + 3) / 4 * 4, '='))).ShouldContain(SandboxFixture.Channel);
        inner.GetProperty("text").GetString().ShouldBe("a &lt; b");
        inner.GetProperty("blocks")[0].GetProperty("type").GetString().ShouldBe("rich_text");
        inner.GetProperty("channel_type").GetString().ShouldBe("channel");
        inner.GetProperty("event_ts").GetString().ShouldBe(inner.GetProperty("ts").GetString());
        inner.GetProperty("thread_ts").GetString().ShouldBe("1.000001");
        Guid.TryParse(inner.GetProperty("client_msg_id").GetString(), out _).ShouldBeTrue();
    }

    [Fact]
    public void An_edit_tells_what_stood_there_before()
    {
        using var sandbox = new SandboxFixture();
        var written = sandbox.Submit("Ev1", request => request with { Text = "old" });
        var ts = written.Queued.Message.Ts;

        var edit = Body(sandbox.Submit("Ev2", request => request with { Text = "new & better", Subtype = "message_changed", TargetTs = ts })).GetProperty("event");

        edit.GetProperty("hidden").GetBoolean().ShouldBeTrue();
        edit.GetProperty("message").GetProperty("text").GetString().ShouldBe("new &amp; better");
        edit.GetProperty("message").GetProperty("edited").GetProperty("ts").GetString().ShouldBe(edit.GetProperty("event_ts").GetString());
        edit.GetProperty("message").GetProperty("client_msg_id").GetString().ShouldBe(Body(written).GetProperty("event").GetProperty("client_msg_id").GetString());
        edit.GetProperty("previous_message").GetProperty("text").GetString().ShouldBe("old");
        edit.GetProperty("previous_message").TryGetProperty("edited", out _).ShouldBeFalse();
    }

    [Fact]
    public void A_deletion_tells_what_was_deleted()
    {
        using var sandbox = new SandboxFixture();
        var ts = sandbox.Submit("Ev1", request => request with { Text = "old" }).Queued.Message.Ts;

        var deletion = Body(sandbox.Submit("Ev2", request => request with { Text = null, Subtype = "message_deleted", TargetTs = ts })).GetProperty("event");

        deletion.GetProperty("deleted_ts").GetString().ShouldBe(ts);
        deletion.GetProperty("previous_message").GetProperty("text").GetString().ShouldBe("old");
    }

    [Fact]
    public void What_a_link_leads_to_comes_as_a_change_that_nobody_edited()
    {
        using var sandbox = new SandboxFixture();
        var ts = sandbox.Submit("Ev1", request => request with { Text = "https://x.example/a" }).Queued.Message.Ts;

        var entry = sandbox.Submit("Ev2", request => request with
        {
            Text = null,
            Subtype = "message_changed",
            TargetTs = ts,
            Links = [new LinkPreview("https://x.example/a", "Vectors", "About vectors")],
        });
        var unfurl = Body(entry).GetProperty("event");

        entry.Queued.Kind.ShouldBe(EventKind.Unfurl);
        unfurl.GetProperty("message").GetProperty("text").GetString().ShouldBe("<https://x.example/a>");
        unfurl.GetProperty("message").TryGetProperty("edited", out _).ShouldBeFalse();
        unfurl.GetProperty("message").GetProperty("attachments")[0].GetProperty("title").GetString().ShouldBe("Vectors");
        unfurl.GetProperty("previous_message").TryGetProperty("attachments", out _).ShouldBeFalse();
    }

    [Fact]
    public void Files_and_forwarded_messages_come_with_the_message()
    {
        using var sandbox = new SandboxFixture();

        var shared = Body(sandbox.Submit("Ev1", request => request with { Text = "notes", Files = [new SharedFile("a.md", Preview: "# TCP\n\nSYN")] })).GetProperty("event");
        var forwarded = Body(sandbox.Submit("Ev2", request => request with { Text = "", Forwarded = new ForwardedMessage("read &amp; done", "U0SEOULMINJ") })).GetProperty("event");

        shared.GetProperty("subtype").GetString().ShouldBe("file_share");
        shared.GetProperty("files")[0].GetProperty("preview").GetString().ShouldBe("# TCP\n\nSYN");
        forwarded.GetProperty("text").GetString().ShouldBe("");
        forwarded.GetProperty("attachments")[0].GetProperty("is_share").GetBoolean().ShouldBeTrue();
        forwarded.GetProperty("attachments")[0].GetProperty("author_id").GetString().ShouldBe("U0SEOULMINJ");
    }

    [Fact]
    public void A_press_tells_what_was_chosen_and_what_else_is()
    {
        using var sandbox = new SandboxFixture();
        object Option(string value) => new { value, text = new { type = "plain_text", text = value } };
        var (channel, ts) = sandbox.Posted(new
        {
            channel = SandboxFixture.User,
            blocks = new object[]
            {
                new { type = "section", block_id = "s", text = new { type = "mrkdwn", text = "How?" }, accessory = new { type = "static_select", action_id = "pick", options = new[] { Option("a"), Option("b") } } },
                new { type = "actions", block_id = "t", elements = new object[] { new { type = "datepicker", action_id = "day", initial_date = "2026-03-02" }, new { type = "button", action_id = "go", text = new { type = "plain_text", text = "Go" } } } },
            },
        });
        var message = sandbox.Ledger.FindMessage(SandboxFixture.Team, channel, ts)!;
        var (blockId, element) = BlockActions.Find(message, "pick")!.Value;

        var action = BlockActions.Action(element, blockId, "b", sandbox.Time.GetUtcNow())!;
        JsonObject Payload(bool ephemeral) => BlockActions.Payload(
            sandbox.Workspace,
            sandbox.Workspace.Learners[SandboxFixture.User],
            message,
            new Invocation(SandboxFixture.Team, channel, SandboxFixture.User, ts, ephemeral),
            action.DeepClone().AsObject(),
            "1.2.3",
            "http://sandbox/responses/x");
        var payload = Payload(ephemeral: false);

        action["selected_option"]!["value"]!.GetValue<string>().ShouldBe("b");
        payload["state"]!["values"]!.ToJsonString().ShouldBe(
            """{"s":{"pick":{"type":"static_select","selected_option":{"value":"b","text":{"type":"plain_text","text":"b"}}}},"t":{"day":{"type":"datepicker","selected_date":"2026-03-02"}}}""");
        payload["message"]!["bot_id"]!.GetValue<string>().ShouldBe("B0SEOULBOT1");
        payload["response_url"]!.GetValue<string>().ShouldBe("http://sandbox/responses/x");
        Payload(ephemeral: true).ContainsKey("message").ShouldBeFalse();
        BlockActions.Action(element, blockId, "c", sandbox.Time.GetUtcNow()).ShouldBeNull();
        BlockActions.Find(message, "nothing").ShouldBeNull();
    }

    private static JsonElement Body(EventEntry entry) => JsonDocument.Parse(entry.Queued.Body).RootElement;
}
