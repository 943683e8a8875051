using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace StudyTracker.UnitTests.Summarizer.Summaries;

/// <summary>A model's server on loopback that answers as it is told.</summary>
internal sealed class ModelServer : IAsyncDisposable
{
    private const string Request = "request";

    private readonly WebApplication _app;
    private int _calls;

    private ModelServer(WebApplication app, RequestDelegate answer) => (_app, Answer) = (app, answer);

    /// <summary>What it answers.</summary>
    public RequestDelegate Answer { get; set; }

    /// <summary>What it answers from the second call on; null: the same.</summary>
    public RequestDelegate? Then { get; set; }

    public int Calls => Volatile.Read(ref _calls);

    /// <summary>The bodies of all calls.</summary>
    public ConcurrentQueue<JsonElement> Requests { get; } = new();

    public Uri Endpoint => new($"{_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()}/v1");

    public static async Task<ModelServer> StartAsync(RequestDelegate answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = new ModelServer(builder.Build(), answer);
        server._app.MapPost("/v1/chat/completions", (RequestDelegate)(async context =>
        {
            var request = (await JsonDocument.ParseAsync(context.Request.Body)).RootElement;
            server.Requests.Enqueue(request);
            context.Items[Request] = request;
            await (Interlocked.Increment(ref server._calls) == 1 ? server.Answer : server.Then ?? server.Answer)(context);
        }));
        await server._app.StartAsync();
        return server;
    }

    /// <summary>A server that answers by what it is asked.</summary>
    public static Task<ModelServer> StartAsync(Func<JsonElement, RequestDelegate> answer) => StartAsync(By(answer));

    /// <summary>Answers by what is asked.</summary>
    public static RequestDelegate By(Func<JsonElement, RequestDelegate> answer) => context => answer((JsonElement)context.Items[Request]!)(context);

    public static RequestDelegate Answers(int status, string type, string body) => context =>
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        return context.Response.WriteAsync(body);
    };

    /// <summary>An error, as OpenAI sends it.</summary>
    public static RequestDelegate Refuses(int status, string message, string? code = null, string? param = null) => Answers(
        status, "application/json", JsonSerializer.Serialize(new { error = new { message, type = "invalid_request_error", param, code } }));

    /// <summary>A whole completion, as OpenAI sends it.</summary>
    public static RequestDelegate Says(string content, string finish = "stop", string? refusal = null, int promptTokens = 700) => Answers(200, "application/json", JsonSerializer.Serialize(new
    {
        id = "c1",
        @object = "chat.completion",
        created = 1,
        model = "m",
        choices = new[] { new { index = 0, finish_reason = finish, message = new { role = "assistant", content = refusal is null ? content : null, refusal } } },
        usage = new { prompt_tokens = promptTokens, completion_tokens = 2, total_tokens = promptTokens + 2, prompt_tokens_details = new { cached_tokens = 3 } },
    }));

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}
