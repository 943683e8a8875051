using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using StudyTracker.Contracts;
using StudyTracker.Kafka;
using StudyTracker.Summarizer.Summaries;

namespace StudyTracker.UnitTests.Summarizer.Summaries;

/// <summary>What becomes of each way in which the model's server may answer.</summary>
public sealed class SummaryModelTests
{
    private static readonly Prompt _prompt = Prompt.Create(SummaryKind.Daily, "en", [PromptTests.Note("a", "1.1")], 0, PromptTests.Options());

    [Fact]
    public async Task An_answer_is_given_back_with_what_it_cost()
    {
        await using var server = await ModelServer.StartAsync(ModelServer.Says("{}", promptTokens: 7));

        (await AskAsync(server)).ShouldBe(new Completion("{}", 7, 2, 3));
    }

    [Theory]
    [InlineData("length", null, "cut off at OpenAI:MaxOutputTokens")]
    [InlineData("content_filter", null, "content filter")]
    [InlineData("stop", "I cannot help with that.", "refuses")]
    public async Task What_the_server_itself_calls_incomplete_is_of_no_use(string finish, string? refusal, string fault)
    {
        await using var server = await ModelServer.StartAsync(ModelServer.Says("{\"sentences\":[", finish, refusal));

        (await AskAsync(server)).Fault.ShouldNotBeNull().ShouldContain(fault);
    }

    [Theory]
    [InlineData(200, "application/json", "{}")]
    [InlineData(200, "application/json", "{\"id\":\"c1\",\"choices\":[]}")]
    [InlineData(200, "application/json", "{\"choices\":[{\"mess")]
    [InlineData(200, "application/json", "")]
    [InlineData(200, "application/json", "[]")]
    [InlineData(500, "text/html", "<html>")]
    [InlineData(503, "application/json", "{\"error\":{\"message\":\"overloaded\"}}")]
    public async Task What_may_pass_is_asked_again_and_then_put_off(int status, string type, string body)
    {
        await using var server = await ModelServer.StartAsync(ModelServer.Answers(status, type, body));

        (await Should.ThrowAsync<TryLaterException>(() => AskAsync(server, attempts: 2))).IsInLine.ShouldBeFalse();

        server.Calls.ShouldBe(2);
    }

    [Theory]
    [InlineData(400, "{\"error\":{\"code\":\"content_filter\",\"message\":\"content_filter\"}}")]
    [InlineData(400, "{\"error\":{\"code\":\"x\",\"message\":\"x\",\"innererror\":{\"code\":\"ResponsibleAIPolicyViolation\"}}}")]
    public async Task What_cannot_pass_is_refused_at_once(int status, string body)
    {
        await using var server = await ModelServer.StartAsync(ModelServer.Answers(status, "application/json", body));

        await Should.ThrowAsync<ModelRefusedException>(() => AskAsync(server, attempts: 3));

        server.Calls.ShouldBe(1);
    }

    [Theory]
    [InlineData(401, "{\"error\":{\"message\":\"Incorrect API key\"}}")]
    [InlineData(404, "{\"error\":{\"message\":\"no such model\"}}")]
    [InlineData(429, "{\"error\":{\"code\":\"insufficient_quota\",\"message\":\"insufficient_quota\"}}")]
    [InlineData(402, "{\"error\":{\"message\":\"Insufficient Balance\"}}")]
    [InlineData(200, "{\"error\":{\"code\":402,\"message\":\"more credits\"}}")]
    [InlineData(200, "<html>Sign in to the hotel's network</html>")]
    [InlineData(302, "elsewhere")]
    [InlineData(407, "")]
    public async Task What_fails_everybody_is_not_repeated_and_the_next_job_makes_no_call(int status, string body)
    {
        await using var server = await ModelServer.StartAsync(ModelServer.Answers(status, "application/json", body));
        var model = Model(server, attempts: 3);

        (await Should.ThrowAsync<TryLaterException>(() => model.CompleteAsync(_prompt, Token))).IsInLine.ShouldBeTrue();
        (await Should.ThrowAsync<TryLaterException>(() => model.CompleteAsync(_prompt, Token))).IsInLine.ShouldBeTrue();

        server.Calls.ShouldBe(1);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("1")]
    public async Task A_rate_limit_is_waited_out_as_the_server_says_and_without_a_word_for_a_moment(string? retryAfter)
    {
        await using var server = await ModelServer.StartAsync(context =>
        {
            if (retryAfter is not null) context.Response.Headers.RetryAfter = retryAfter;
            return ModelServer.Answers(429, "application/json", "{\"error\":{\"message\":\"slow down\"}}")(context);
        });
        server.Then = ModelServer.Says("{}");
        var started = Stopwatch.GetTimestamp();

        (await AskAsync(server, attempts: 2)).Text.ShouldBe("{}");

        server.Calls.ShouldBe(2);
        Stopwatch.GetElapsedTime(started).TotalSeconds.ShouldBeGreaterThan(retryAfter is null ? 0.24 : 0.99);
    }

    [Fact]
    public async Task A_rate_limit_of_minutes_puts_the_job_off_for_them_and_everybody_elses_without_a_call()
    {
        await using var server = await ModelServer.StartAsync(context =>
        {
            context.Response.Headers.RetryAfter = "120";
            return ModelServer.Answers(429, "application/json", "{}")(context);
        });
        var model = Model(server, attempts: 3);

        (await Should.ThrowAsync<TryLaterException>(() => model.CompleteAsync(_prompt, Token))).Delay.TotalSeconds.ShouldBeInRange(119, 130);
        (await Should.ThrowAsync<TryLaterException>(() => model.CompleteAsync(_prompt, Token))).IsInLine.ShouldBeTrue();

        server.Calls.ShouldBe(1);
    }

    [Fact]
    public async Task A_server_that_never_answers_is_left_at_the_time_limit() => await EndsInTimeAsync(context =>
        Task.Delay(Timeout.Infinite, context.RequestAborted));

    [Fact]
    public async Task A_body_that_trickles_is_left_at_the_time_limit() => await EndsInTimeAsync(async context =>
    {
        context.Response.ContentType = "application/json";
        while (!context.RequestAborted.IsCancellationRequested)
        {
            await context.Response.WriteAsync(" ", context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await Task.Delay(50, context.RequestAborted);
        }
    });

    [Fact]
    public async Task A_body_without_end_is_not_read_to_its_end()
    {
        var sent = 0L;
        await using var server = await ModelServer.StartAsync(async context =>
        {
            context.Response.ContentType = "application/json";
            var block = new byte[64 * 1024];
            for (; sent < 2_000_000_000; sent += block.Length) await context.Response.Body.WriteAsync(block, context.RequestAborted);
        });

        await Should.ThrowAsync<TryLaterException>(() => AskAsync(server));

        Interlocked.Read(ref sent).ShouldBeLessThan(1_000_000_000);
    }

    [Fact]
    public async Task A_server_that_fails_everybody_is_left_alone_and_found_well_again()
    {
        await using var server = await ModelServer.StartAsync(ModelServer.Answers(500, "text/plain", ""));
        var model = Model(server, attempts: 1);

        for (var job = 0; job < 20; job++) await Should.ThrowAsync<TryLaterException>(() => model.CompleteAsync(_prompt, Token));
        server.Calls.ShouldBe(4);
        server.Answer = ModelServer.Says("{}");
        await Task.Delay(1_100, Token);

        (await model.CompleteAsync(_prompt, Token)).Text.ShouldBe("{}");
        server.Calls.ShouldBe(5);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static async Task EndsInTimeAsync(RequestDelegate answer)
    {
        await using var server = await ModelServer.StartAsync(answer);

        var asked = AskAsync(server);

        await Should.ThrowAsync<TryLaterException>(asked.WaitAsync(TimeSpan.FromSeconds(10), Token));
    }

    private static Task<Completion> AskAsync(ModelServer server, int attempts = 1) => Model(server, attempts).CompleteAsync(_prompt, Token);

    private static SummaryModel Model(ModelServer server, int attempts)
    {
        var options = new ModelOptions
        {
            ApiKey = "key",
            Endpoint = server.Endpoint,
            MaxAttempts = attempts,
            TimeoutSeconds = 1,
            BreakAfterFailures = 4,
            BreakSeconds = 1,
            SharePace = false,
        };
        var pace = new ModelPace(null!, Options.Create(options), TimeProvider.System);
        return new SummaryModel(ModelConnection.Create(options), Options.Create(options), pace, TimeProvider.System, NullLogger<SummaryModel>.Instance);
    }
}
