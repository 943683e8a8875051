using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using StudyTracker.Contracts;
using StudyTracker.Kafka;
using StudyTracker.Summarizer.Summaries;

namespace StudyTracker.UnitTests.Summarizer.Summaries;

/// <summary>What becomes of each way in which the model's server may answer.</summary>
public sealed class SummaryModelTests
{
    private const string Good =
        """{"id":"c1","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"{}"}}],"usage":{"prompt_tokens":7,"completion_tokens":2,"total_tokens":9}}""";

    private int _calls;

    [Fact]
    public async Task An_answer_is_given_back_with_what_it_cost() =>
        (await AskAsync(200, "application/json", Good)).ShouldBe(new Completion("{}", 7, 2));

    [Theory]
    [InlineData(200, "text/html", "<html>Sign in to the hotel's network</html>")]
    [InlineData(200, "application/json", "{}")]
    [InlineData(200, "application/json", "{\"id\":\"c1\",\"choices\":[]}")]
    [InlineData(200, "application/json", "{\"choices\":[{\"mess")]
    [InlineData(200, "application/json", "")]
    [InlineData(200, "application/json", "[]")]
    [InlineData(500, "text/html", "<html>")]
    [InlineData(429, "application/json", "{\"error\":{\"code\":\"insufficient_quota\",\"message\":\"insufficient_quota\"}}")]
    public async Task What_may_pass_is_tried_again_later(int status, string type, string body) =>
        await Should.ThrowAsync<TryLaterException>(() => AskAsync(status, type, body));

    [Fact]
    public async Task What_cannot_pass_is_refused_at_once()
    {
        await Should.ThrowAsync<ModelRefusedException>(() => AskAsync(400, "application/json", "{\"error\":{\"message\":\"bad\"}}", attempts: 3));

        _calls.ShouldBe(1);
    }

    private async Task<Completion> AskAsync(int status, string type, string body, int attempts = 1)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var app = builder.Build();
        app.MapPost("/v1/chat/completions", async (HttpContext context) =>
        {
            Interlocked.Increment(ref _calls);
            context.Response.StatusCode = status;
            context.Response.ContentType = type;
            await context.Response.WriteAsync(body);
        });
        await app.StartAsync(TestContext.Current.CancellationToken);
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        var options = new ModelOptions { ApiKey = "key", Endpoint = new Uri($"{address}/v1"), MaxAttempts = attempts };
        var model = new SummaryModel(SummaryModel.CreateClient(options), Options.Create(options), TimeProvider.System, NullLogger<SummaryModel>.Instance);
        var prompt = Prompt.Create(SummaryKind.Daily, "en", [PromptTests.Note("a", "1.1")], "m", 1_000);
        return await model.CompleteAsync(prompt, TestContext.Current.CancellationToken);
    }
}
