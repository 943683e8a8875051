using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using StudyTracker.Notifier.Messages;
using StudyTracker.Notifier.Slack;

namespace StudyTracker.UnitTests.Notifier;

/// <summary>What whichever client is compiled makes of each way in which Slack may answer.</summary>
public sealed class SlackClientTests
{
    private static readonly Guid _summary = Guid.Parse("0199aaaa-0000-7000-8000-000000000001");

    private static readonly SlackMessage _message = new(
        _summary,
        3,
        "text",
        [
            new HeaderBlock("title"), new SectionBlock("*bold*"), new DividerBlock(), new ContextBlock("small"),
            new ActionsBlock(new MessageButton("not_helpful", "Not helpful", "1"), new MessageButton("pause", "Pause", "2")),
        ]);

    /// <summary>Every call of the client's, with an answer that is right for it.</summary>
    private static readonly Dictionary<string, (Func<ISlackClient, CancellationToken, Task<(SlackOutcome Outcome, string? Error, TimeSpan? RetryAfter)>> Call, string Answer)> _calls = new()
    {
        ["chat.postMessage"] = (async (slack, token) => Told(await slack.PostAsync("T1", "U1", _message, token)), """{"ok":true,"channel":"D1","ts":"1.2"}"""),
        ["chat.update"] = (async (slack, token) => Told(await slack.UpdateAsync("T1", new PostedMessage("D1", "1.2"), _message, token)), """{"ok":true,"channel":"D1","ts":"1.2"}"""),
        ["conversations.open"] = (async (slack, token) => Told(await slack.OpenAsync("T1", "U1", token)), """{"ok":true,"channel":{"id":"D1"}}"""),
        ["conversations.history"] = (async (slack, token) => Told(await slack.FindAsync("T1", "D1", new HistorySearch(_summary, DateTimeOffset.UnixEpoch), token)), """{"ok":true,"messages":[]}"""),
        ["auth.test"] = (async (slack, token) => Told(await slack.TestAsync("T1", token)), """{"ok":true,"team_id":"T1"}"""),
        ["users.info"] = (async (slack, token) => Told(await slack.ProfileAsync("T1", "U1", token)), """{"ok":true,"user":{"id":"U1"}}"""),
    };

    public static TheoryData<string> Methods => [.. _calls.Keys];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_message_that_Slack_took_is_done()
    {
        await using var server = await SlackServer.StartAsync(SlackServer.Json("""{"ok":true,"channel":"D1","ts":"1700000000.000100","message":{"text":"text"}}"""));

        var answer = await server.Client.PostAsync("T1", "U1", _message, Token);

        answer.ShouldBe(new SlackAnswer<PostedMessage>(SlackOutcome.Done, new PostedMessage("D1", "1700000000.000100")));
        var (_, method, token, body) = server.Requests.ShouldHaveSingleItem();
        (method, token, (string?)body["channel"]).ShouldBe(("chat.postMessage", "Bearer xoxb-one", "U1"));
        body.ToJsonString().ShouldContain(_summary.ToString());
        var blocks = JsonNode.Parse($"{body["blocks"]}")!.AsArray();
        blocks.Select(block => (string?)block!["type"]).ShouldBe(["header", "section", "divider", "context", "actions"]);
        var buttons = blocks[4]!["elements"]!.AsArray();
        buttons.Select(button => ((string?)button!["action_id"], (string?)button["value"], (string?)button["text"]!["text"]))
            .ShouldBe([("not_helpful", "1", "Not helpful"), ("pause", "2", "Pause")]);
        var metadata = JsonNode.Parse($"{body["metadata"]}")!;
        ((string?)metadata["event_type"], (int?)metadata["event_payload"]!["revision"]).ShouldBe(("study_summary", 3));
        foreach (var unfurl in new[] { "unfurl_links", "unfurl_media" }) $"{body[unfurl]}".ShouldBeOneOf("false", "0");
    }

    [Fact]
    public async Task A_message_is_replaced_in_place()
    {
        await using var server = await SlackServer.StartAsync(SlackServer.Json("""{"ok":true,"channel":"D1","ts":"1.2","text":"text"}"""));

        var answer = await server.Client.UpdateAsync("T1", new PostedMessage("D1", "1.2"), _message, Token);

        answer.ShouldBe(new SlackAnswer<PostedMessage>(SlackOutcome.Done, new PostedMessage("D1", "1.2")));
        var (_, method, _, body) = server.Requests.ShouldHaveSingleItem();
        (method, (string?)body["channel"], (string?)body["ts"]).ShouldBe(("chat.update", "D1", "1.2"));
        body.ContainsKey("metadata").ShouldBeFalse(); // it keeps what it has
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task What_may_not_be_called_any_more_at_the_last_moment_is_not_sent_on_a_new_connection_or_on_an_open_one(string method)
    {
        await using var server = await SlackServer.StartAsync(timeoutSeconds: 5);
        var (call, right) = _calls[method];
        server.Answer = SlackServer.Json(right);
        LastMoment.MayWrite = () => false;
        (await call(server.Client, Token)).ShouldBe((SlackOutcome.NotSent, "The lease would not have lasted.", null));
        server.Requests.ShouldBeEmpty();

        LastMoment.MayWrite = () => true;
        (await call(server.Client, Token)).Outcome.ShouldBe(SlackOutcome.Done);
        LastMoment.MayWrite = () => false;
        (await call(server.Client, Token)).Outcome.ShouldBe(SlackOutcome.NotSent);

        server.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_message_of_which_only_the_beginning_has_left_in_time_is_not_sent()
    {
        await using var server = await SlackServer.StartAsync(SlackServer.Json("""{"ok":true,"channel":"D1","ts":"1.2"}"""));
        var writes = 0;
        LastMoment.MayWrite = () => ++writes == 1;

        var answer = await server.Client.PostAsync("T1", "U1", _message with { Text = new string('x', 100_000) }, Token);

        answer.Outcome.ShouldBe(SlackOutcome.NotSent);
        writes.ShouldBe(2);
        server.Requests.ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task Every_method_ends_as_Slack_answers(string method)
    {
        await using var server = await SlackServer.StartAsync();
        var (call, right) = _calls[method];

        await ShouldEndAsync(SlackServer.Json(right), SlackOutcome.Done, null);
        await ShouldEndAsync(SlackServer.Json("""{"ok":false,"error":"missing_scope"}"""), SlackOutcome.Refused, "missing_scope");
        await ShouldEndAsync(SlackServer.Json("""{"ok":false,"error":"fatal_error"}"""), SlackOutcome.Unknown, "fatal_error");
        await ShouldEndAsync(SlackServer.Json("", 429, ("Retry-After", "7")), SlackOutcome.RateLimited, "ratelimited", 7);
        await ShouldEndAsync(SlackServer.Json("slow down", 429), SlackOutcome.RateLimited, "ratelimited");
        await ShouldEndAsync(SlackServer.Json("<html>Bad gateway</html>", 502), SlackOutcome.Unknown);
        await ShouldEndAsync(SlackServer.Json("<html>Sign in to the hotel's network</html>"), SlackOutcome.Unknown);
        await ShouldEndAsync(
            context =>
            {
                context.Abort();
                return Task.CompletedTask;
            },
            SlackOutcome.Unknown);
        server.Requests.ShouldAllBe(request => request.Method == method);

        async Task ShouldEndAsync(Func<HttpContext, Task> answer, SlackOutcome outcome, string? error = "any", int? seconds = null)
        {
            var before = server.Requests.Count;
            server.Answer = answer;
            var ended = await call(server.Client, Token);
            ended.Outcome.ShouldBe(outcome);
            if (error != "any") ended.Error.ShouldBe(error);
            if (seconds is { } wait) ended.RetryAfter.ShouldBe(TimeSpan.FromSeconds(wait));
            server.Requests.Count.ShouldBe(before + 1); // the only retry layer is not here
        }
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task No_method_waits_longer_than_its_time(string method)
    {
        await using var server = await SlackServer.StartAsync(context => Task.Delay(Timeout.Infinite, context.RequestAborted), timeoutSeconds: 1);

        (await _calls[method].Call(server.Client, Token)).Outcome.ShouldBe(SlackOutcome.Unknown);

        server.Requests.Count.ShouldBeLessThanOrEqualTo(1);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task Without_a_token_nothing_is_called(string method)
    {
        await using var server = await SlackServer.StartAsync(token: false);

        var ended = await _calls[method].Call(server.Client, Token);

        (ended.Outcome, ended.Error).ShouldBe((SlackOutcome.Refused, "no_token"));
        server.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_hundred_messages_one_after_the_other_go_over_one_connection()
    {
        await using var server = await SlackServer.StartAsync(SlackServer.Json("""{"ok":true,"channel":"D1","ts":"1.2"}"""));

        for (var i = 0; i < 100; i++) (await server.Client.PostAsync("T1", "U1", _message, Token)).Outcome.ShouldBe(SlackOutcome.Done);

        server.Connections.ShouldBe(1);
    }

    /// <summary>Status, body and Retry-After; then outcome, error and seconds to wait.</summary>
    public static TheoryData<int, string, string?, string, string, int?> Answers => new()
    {
        { 200, """{"ok":false,"error":"channel_not_found"}""", null, "Refused", "channel_not_found", null },
        { 200, """{"ok":false,"error":"invalid_auth"}""", null, "Refused", "invalid_auth", null },
        { 200, """{"ok":false,"error":"internal_error"}""", null, "Unknown", "internal_error", null },
        { 200, """{"ok":false,"error":"ratelimited"}""", null, "RateLimited", "ratelimited", 1 },
        { 429, """{"ok":false,"error":"ratelimited"}""", "30", "RateLimited", "ratelimited", 30 },
        { 429, "", "1", "RateLimited", "ratelimited", 1 },
    };

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task Slack_says_no(int status, string body, string? retryAfter, string outcome, string error, int? seconds)
    {
        await using var server = await SlackServer.StartAsync(
            SlackServer.Json(body, status, retryAfter is null ? [] : [("Retry-After", retryAfter)]));

        var answer = await server.Client.PostAsync("T1", "U1", _message, Token);

        ($"{answer.Outcome}", answer.Error, answer.Value).ShouldBe((outcome, error, null));
        answer.RetryAfter.ShouldBe(seconds is { } wait ? TimeSpan.FromSeconds(wait) : null);
        server.Requests.Count.ShouldBe(1); // the only retry layer is not here
    }

    /// <summary>Status, Retry-After and the milliseconds that are waited: at least a second, at most ten minutes.</summary>
    public static TheoryData<int, string?, int> RetryAfters => new()
    {
        { 429, null, 1_000 },
        { 429, "soon", 1_000 },
        { 429, "", 1_000 },
        { 429, "-5", 1_000 },
        { 429, "0", 1_000 },
        { 429, "0.25", 1_000 },
        { 429, "1.5", 1_500 },
        { 429, "30", 30_000 },
        { 429, "599.999", 599_999 },
        { 429, "86400", 600_000 },
        { 429, "1e30", 600_000 },
        { 429, "Infinity", 600_000 },
        { 429, "NaN", 1_000 },
        { 429, "Tue, 03 Nov 2026 09:00:42 GMT", 42_000 },
        { 429, "Tuesday, 03-Nov-26 09:00:42 GMT", 42_000 },
        { 429, "Tue, 03 Nov 2026 08:00:00 GMT", 1_000 },
        { 429, "Tue, 03 Nov 2099 09:00:00 GMT", 600_000 },
        { 200, "30", 30_000 },
    };

    [Theory]
    [MemberData(nameof(RetryAfters))]
    public async Task Slack_is_left_alone_for_as_long_as_it_asks_in_whatever_form(int status, string? retryAfter, int milliseconds)
    {
        List<(string, string)> headers = [("Date", "Tue, 03 Nov 2026 09:00:00 GMT")];
        if (retryAfter is not null) headers.Add(("Retry-After", retryAfter));
        await using var server = await SlackServer.StartAsync(SlackServer.Json("""{"ok":false,"error":"ratelimited"}""", status, [.. headers]));

        (await server.Client.PostAsync("T1", "U1", _message, Token))
            .ShouldBe(new SlackAnswer<PostedMessage>(SlackOutcome.RateLimited, Error: "ratelimited", RetryAfter: TimeSpan.FromMilliseconds(milliseconds)));
    }

    [Theory]
    [InlineData(500, "application/json", """{"ok":false}""")]
    [InlineData(502, "text/html", "<html>Bad gateway</html>")]
    [InlineData(503, "text/html", "")]
    [InlineData(302, "text/html", "")]
    [InlineData(200, "text/html", "<html>Sign in to the hotel's network</html>")]
    [InlineData(200, "application/json", "<html>")]
    [InlineData(200, "application/json", "")]
    [InlineData(200, "application/json", "{\"ok\":true,\"chan")]
    [InlineData(200, "application/json", "null")]
    [InlineData(200, "application/json", "[]")]
    [InlineData(200, "application/json", "{}")]
    [InlineData(200, "application/json", """{"ok":"yes"}""")]
    [InlineData(200, "application/json", """{"ok":true,"ok":true,"channel":"D1","ts":"1.2"}""")]
    [InlineData(200, "application/json", """{"ok":true}""")]
    [InlineData(200, "application/json", """{"ok":true,"channel":{"id":"D1"},"ts":"1.2"}""")]
    [InlineData(200, "application/json; charset=klingon", """{"ok":true,"channel":"D1","ts":"1.2"}""")]
    public async Task An_answer_that_makes_no_sense_leaves_it_unknown(int status, string type, string body)
    {
        await using var server = await SlackServer.StartAsync(async context =>
        {
            context.Response.StatusCode = status;
            context.Response.ContentType = type;
            if (status == 302) context.Response.Headers.Location = "/api/elsewhere";
            await context.Response.WriteAsync(body);
        });

        (await server.Client.PostAsync("T1", "U1", _message, Token)).Outcome.ShouldBe(SlackOutcome.Unknown);

        server.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task An_answer_that_never_ends_leaves_it_unknown()
    {
        await using var server = await SlackServer.StartAsync(async context =>
        {
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync("{\"ok\":true,");
            await context.Response.Body.FlushAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        }, timeoutSeconds: 1);

        (await server.Client.PostAsync("T1", "U1", _message, Token)).Outcome.ShouldBe(SlackOutcome.Unknown);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_connection_that_breaks_after_the_request_leaves_it_unknown(bool inTheAnswer)
    {
        await using var server = await SlackServer.StartAsync(async context =>
        {
            if (inTheAnswer)
            {
                context.Response.ContentLength = 100;
                await context.Response.WriteAsync("{\"ok\":true,");
                await context.Response.Body.FlushAsync();
            }

            context.Abort();
        });

        (await server.Client.PostAsync("T1", "U1", _message, Token)).Outcome.ShouldBe(SlackOutcome.Unknown);

        server.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Where_nobody_listens_nothing_was_sent()
    {
        await using var server = await SlackServer.StartAsync();
        await server.StopAsync();

        (await server.Client.PostAsync("T1", "U1", _message, Token)).Outcome.ShouldBe(SlackOutcome.NotSent);
    }

    [Fact]
    public async Task A_huge_answer_is_not_read_to_its_end()
    {
        var page = new byte[64 * 1024];
        await using var server = await SlackServer.StartAsync(async context =>
        {
            context.Response.ContentType = "application/json";
            while (!context.RequestAborted.IsCancellationRequested) await context.Response.Body.WriteAsync(page);
        });

        (await server.Client.PostAsync("T1", "U1", _message, Token)).Outcome.ShouldBe(SlackOutcome.Unknown);
    }

    [Fact]
    public async Task Whoever_stops_is_not_answered()
    {
        using var stop = new CancellationTokenSource();
        await using var server = await SlackServer.StartAsync(async _ => await stop.CancelAsync());

        await Should.ThrowAsync<OperationCanceledException>(() => server.Client.PostAsync("T1", "U1", _message, stop.Token));
    }

    [Theory]
    [InlineData("chat.postMessage", "POST", true)]
    [InlineData("chat.update", "POST", true)]
    [InlineData("conversations.open", "POST", true)]
    [InlineData("conversations.history", "GET", false)]
    [InlineData("auth.test", "GET", false)]
    [InlineData("users.info", "GET", false)]
    public async Task What_only_reads_is_asked_by_GET_and_what_writes_by_JSON(string method, string verb, bool json)
    {
        await using var server = await SlackServer.StartAsync();
        var (call, right) = _calls[method];
        (string? Type, string Query) sent = default;
        server.Answer = context =>
        {
            sent = (context.Request.ContentType, $"{context.Request.QueryString}");
            return SlackServer.Json(right)(context);
        };

        (await call(server.Client, Token)).Outcome.ShouldBe(SlackOutcome.Done);

        var request = server.Requests.ShouldHaveSingleItem();
        request.Verb.ShouldBe(verb);
        (sent.Type?.StartsWith("application/json", StringComparison.Ordinal) == true).ShouldBe(json);
        request.Token.ShouldBe("Bearer xoxb-one"); // and nowhere else
        $"{sent.Query}{request.Body.ToJsonString()}".ShouldNotContain("xoxb");
    }

    private static (SlackOutcome Outcome, string? Error, TimeSpan? RetryAfter) Told<T>(SlackAnswer<T> answer) => (answer.Outcome, answer.Error, answer.RetryAfter);
}
