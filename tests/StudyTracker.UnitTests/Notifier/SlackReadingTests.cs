using StudyTracker.Notifier.Slack;
using StudyTracker.Slack;

namespace StudyTracker.UnitTests.Notifier;

/// <summary>What whichever client is compiled takes from Slack's answers to what it only asks.</summary>
public sealed class SlackReadingTests
{
    private static readonly HistorySearch _search = new(Guid.Parse("0199aaaa-0000-7000-8000-000000000001"), DateTimeOffset.UnixEpoch);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_conversation_with_a_user_is_opened()
    {
        await using var server = await SlackServer.StartAsync(SlackServer.Json("""{"ok":true,"channel":{"id":"D1"}}"""));

        (await server.Client.OpenAsync("T1", "U1", Token)).ShouldBe(new SlackAnswer<string>(SlackOutcome.Done, "D1"));
        server.Requests.ShouldHaveSingleItem().Method.ShouldBe("conversations.open");
    }

    [Theory]
    [InlineData("""{"ok":true}""")]
    [InlineData("""{"ok":true,"channel":{}}""")]
    [InlineData("""{"ok":true,"channel":"D1"}""")]
    public async Task A_conversation_without_an_id_is_not_taken_for_one(string body)
    {
        await using var server = await SlackServer.StartAsync(SlackServer.Json(body));

        (await server.Client.OpenAsync("T1", "U1", Token)).Outcome.ShouldBe(SlackOutcome.Unknown);
    }

    [Theory]
    [InlineData("0199aaaa-0000-7000-8000-000000000001", true)]
    [InlineData("0199aaaa-0000-7000-8000-000000000002", false)]
    public async Task Our_message_is_known_by_its_metadata(string id, bool found)
    {
        await using var server = await SlackServer.StartAsync(SlackServer.Json(
            $$$$"""
            {"ok":true,"messages":[{"type":"message","ts":"1.1","text":"hello"},{"type":"message","ts":"1.2","metadata":{"event_type":"other","event_payload":{"summary_id":"{{{{id}}}}"}}},
            {"type":"message","ts":"1.3","metadata":{"event_type":"study_summary","event_payload":{"summary_id":"{{{{id}}}}","revision":2}}}]}
            """));

        var answer = await server.Client.FindAsync("T1", "D1", _search, Token);

        answer.Outcome.ShouldBe(SlackOutcome.Done);
        answer.Value.ShouldBe(new HistoryPage(found ? new PostedMessage("D1", "1.3", 2) : null));
    }

    [Theory]
    [InlineData("""{"ok":true,"messages":"none"}""")]
    [InlineData("""{"ok":true}""")]
    [InlineData("""{"ok":true,"messages":[7]}""")]
    [InlineData("""{"ok":true,"has_more":true,"messages":[{"type":"message","ts":"1.1","text":"hello"}]}""")]
    public async Task A_history_that_makes_no_sense_does_not_mean_that_our_message_is_missing(string body)
    {
        await using var server = await SlackServer.StartAsync(SlackServer.Json(body));

        (await server.Client.FindAsync("T1", "D1", _search, Token)).Outcome.ShouldBe(SlackOutcome.Unknown);
    }

    [Fact]
    public async Task A_history_is_asked_for_with_its_arguments_in_the_query()
    {
        await using var server = await SlackServer.StartAsync(SlackServer.Json("""{"ok":true,"messages":[]}"""));

        await server.Client.FindAsync("T1", "D1", _search with { Since = DateTimeOffset.FromUnixTimeSeconds(1_700_000_300) }, Token);

        server.Requests.ShouldHaveSingleItem().Body.ToJsonString()
            .ShouldBe("""{"channel":"D1","oldest":"1700000000.000000","limit":"200","include_all_metadata":"true"}""");
    }

    /// <summary>What Slack may send as a user; then time zone, offset and language that are taken from it.</summary>
    public static TheoryData<string, string?, int?, string?> Users => new()
    {
        { """{"id":"U1","tz":"Asia/Seoul","tz_label":"Korea Standard Time","tz_offset":32400,"locale":"ko-KR"}""", "Asia/Seoul", 32_400, "ko-KR" },
        { """{"id":"U1","tz":null,"tz_offset":19800}""", null, 19_800, null },
        { """{"id":"U1","tz":"","tz_offset":"-12600","locale":""}""", null, -12_600, null },
        { """{"id":"U1","tz":"America/St_Johns","tz_offset":-12600.0}""", "America/St_Johns", -12_600, null },
        { """{"id":"U1","tz":"Asia/Calcutta","tz_offset":null,"locale":null}""", "Asia/Calcutta", null, null },
        { """{"id":"U1","tz":7,"tz_offset":"soon","locale":["ko"]}""", null, null, null },
        { """{"id":"U1","tz":"Europe/Berlin","tz_offset":999999999}""", "Europe/Berlin", null, null },
        { """{"id":"U1","tz":"a\u0000b","tz_offset":1e300,"locale":"en-US","profile":{"unknown":[{}]},"deleted":true,"is_bot":true}""", null, null, "en-US" },
        { """{"id":"U1"}""", null, null, null },
    };

    [Theory]
    [MemberData(nameof(Users))]
    public async Task What_Slack_tells_of_a_user_is_taken_as_far_as_it_makes_sense(string user, string? zone, int? offset, string? locale)
    {
        await using var server = await SlackServer.StartAsync(SlackServer.Json($$"""{"ok":true,"user":{{user}}}"""));

        (await server.Client.ProfileAsync("T1", "U 1&x", Token)).ShouldBe(new SlackAnswer<SlackProfile>(SlackOutcome.Done, new SlackProfile(zone, offset, locale)));
        server.Requests.ShouldHaveSingleItem().Body.ToJsonString().ShouldBe("""{"user":"U 1\u0026x","include_locale":"true"}""");
    }

    [Theory]
    [InlineData("""{"ok":true}""")]
    [InlineData("""{"ok":true,"user":null}""")]
    [InlineData("""{"ok":true,"user":"U1"}""")]
    public async Task An_answer_without_a_user_leaves_it_unknown(string body)
    {
        await using var server = await SlackServer.StartAsync(SlackServer.Json(body));

        (await server.Client.ProfileAsync("T1", "U1", Token)).Outcome.ShouldBe(SlackOutcome.Unknown);
    }

    [Fact]
    public async Task A_history_of_several_pages_is_turned_by_its_cursor()
    {
        await using var server = await SlackServer.StartAsync(SlackServer.Json(
            """{"ok":true,"messages":[{"type":"message","ts":"1.1"}],"has_more":true,"response_metadata":{"next_cursor":"bmV4dA=="}}"""));

        (await server.Client.FindAsync("T1", "D1", _search, Token)).Value.ShouldBe(new HistoryPage(null, "bmV4dA=="));
        server.Answer = SlackServer.Json("""{"ok":true,"messages":[],"has_more":false,"response_metadata":{"next_cursor":""}}""");
        (await server.Client.FindAsync("T1", "D1", _search with { Cursor = "bmV4dA==" }, Token)).Value.ShouldBe(new HistoryPage(null));

        server.Requests.Select(request => (string?)request.Body["cursor"]).ShouldBe([null, "bmV4dA=="]);
    }
}
