using StudyTracker.Notifier.Messages;
using StudyTracker.Notifier.Slack;

namespace StudyTracker.UnitTests.Notifier;

/// <summary>What is known of a call that Slack did not make, or not gladly.</summary>
public sealed class SlackRefusalTests
{
    private static readonly SlackMessage _message = new(Guid.Parse("0199aaaa-0000-7000-8000-000000000001"), 0, "text", [new SectionBlock("text")]);

    /// <summary>Slack's answer, and what is told of it.</summary>
    public static TheoryData<string, string> Refusals => new()
    {
        { """{"ok":false,"error":"missing_scope","needed":"chat:write","provided":"users:read,commands"}""", "missing_scope (needed chat:write; provided users:read,commands)" },
        { """{"ok":false,"error":"missing_scope","needed":"chat:write","provided":null}""", "missing_scope (needed chat:write)" },
        {
            """{"ok":false,"error":"invalid_arguments","response_metadata":{"messages":["[ERROR] missing required field: channel"]}}""",
            "invalid_arguments ([ERROR] missing required field: channel)"
        },
        {
            """{"ok":false,"error":"invalid_blocks","errors":["..."],"response_metadata":{"messages":["[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]","[ERROR] no"]}}""",
            "invalid_blocks ([ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]; [ERROR] no)"
        },
        // What Slack quotes may be somebody's text.
        { """{"ok":false,"error":"invalid_blocks","response_metadata":{"messages":["[ERROR] invalid text: \"what I learnt\" at 3"]}}""", "invalid_blocks ([ERROR] invalid text: … at 3)" },
        { """{"ok":false,"error":"invalid_arguments","response_metadata":{"messages":["a\n\tb\u0000c"]}}""", "invalid_arguments (a b c)" },
        { """{"ok":false,"error":"invalid_arguments","response_metadata":{"messages":[7,null,{}]}}""", "invalid_arguments" },
        { """{"ok":false,"error":"invalid_arguments","response_metadata":"none"}""", "invalid_arguments" },
        { """{"ok":false,"error":null}""", "unknown_error" },
        { """{"ok":false,"error":{"code":7}}""", "unknown_error" },
        { """{"ok":false}""", "unknown_error" },
        { """{"ok":false,"error":""}""", "unknown_error" },
        { """{"ok":false,"error":"ekm_access_denied","warning":"superfluous_charset","unknown":{"nested":[null]}}""", "ekm_access_denied" },
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task Slack_says_why_and_that_is_told_without_anybodys_text(string answer, string reason)
    {
        await using var server = await SlackServer.StartAsync(SlackServer.Json(answer));

        var refused = await server.Client.PostAsync("T1", "U1", _message, Token);

        (refused.Outcome, refused.Reason).ShouldBe((SlackOutcome.Refused, reason));
        server.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task What_Slack_says_at_length_is_cut()
    {
        var words = new string('x', 5_000);
        await using var server = await SlackServer.StartAsync(SlackServer.Json(
            $$$"""{"ok":false,"error":"invalid_arguments","response_metadata":{"messages":["{{{words}}}"]}}"""));

        (await server.Client.PostAsync("T1", "U1", _message, Token)).Reason!.Length.ShouldBeLessThan(250);
    }

    [Fact]
    public async Task A_word_that_is_none_does_not_become_a_reason()
    {
        await using var server = await SlackServer.StartAsync(SlackServer.Json($$"""{"ok":false,"error":"{{new string('x', 5_000)}}"}"""));

        (await server.Client.PostAsync("T1", "U1", _message, Token)).Error.ShouldBe("unknown_error");
    }

    [Theory]
    [InlineData("""{"ok":true,"channel":"D1","ts":"1.2","warning":"missing_charset","response_metadata":{"warnings":["missing_charset"]}}""", "missing_charset")]
    [InlineData("""{"ok":true,"channel":"D1","ts":"1.2","warning":"one,two"}""", "one, two")]
    [InlineData("""{"ok":true,"channel":"D1","ts":"1.2","warning":null,"response_metadata":{"warnings":null}}""", null)]
    [InlineData("""{"ok":true,"channel":"D1","ts":"1.2","warning":7}""", null)]
    [InlineData("""{"ok":true,"channel":"D1","ts":"1.2","response_metadata":{"warnings":[]}}""", null)]
    public async Task What_Slack_did_and_warns_about_is_done_and_told_once(string answer, string? warning)
    {
        await using var server = await SlackServer.StartAsync(SlackServer.Json(answer));

        for (var i = 0; i < 3; i++) (await server.Client.PostAsync("T1", "U1", _message, Token)).Outcome.ShouldBe(SlackOutcome.Done);

        server.Log.ShouldBe(warning is null ? [] : [$"Slack did chat.postMessage and warns: {warning}"]);
    }
}
