using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace StudyTracker.FunctionalTests.Support;

/// <summary>A call of Slack's Web API as it arrived: arguments from the query or the form, or the JSON as it is.</summary>
internal sealed record SlackCall(string Verb, string Method, string? Authorization, IReadOnlyDictionary<string, string> Arguments, string Body)
{
    /// <summary>The token of the header.</summary>
    public string? Token => Authorization?.StartsWith("Bearer ", StringComparison.Ordinal) == true ? Authorization["Bearer ".Length..] : null;
}

/// <summary>What this Slack answers.</summary>
internal sealed record SlackSays(string Json, int Status = 200, string? RetryAfter = null);

/// <summary>A Slack that says word for word what a test has it say, where the Sandbox is too kind or too lively.</summary>
internal sealed class ScriptedSlack : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<SlackCall> _calls = new();

    private ScriptedSlack(WebApplication app) => _app = app;

    public Uri ApiUrl { get; private set; } = null!;

    /// <summary>Answers every call.</summary>
    public Func<SlackCall, SlackSays> Answer { get; set; } = _ => new("""{"ok":false,"error":"unknown_method"}""");

    public IReadOnlyList<SlackCall> Calls => [.. _calls];

    public static async Task<ScriptedSlack> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var slack = new ScriptedSlack(builder.Build());
        slack._app.MapMethods("/api/{method}", [HttpMethods.Get, HttpMethods.Post], slack.HandleAsync);
        await slack._app.StartAsync();
        var address = slack._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        slack.ApiUrl = new Uri($"{address}/api/");
        return slack;
    }

    /// <summary>The calls of one method.</summary>
    public IReadOnlyList<SlackCall> CallsOf(string method) => [.. _calls.Where(call => call.Method == method)];

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task HandleAsync(HttpContext context, string method)
    {
        var request = context.Request;
        var arguments = request.Query.ToDictionary(one => one.Key, one => $"{one.Value}");
        var body = "";
        if (request.HasFormContentType)
        {
            foreach (var (name, value) in await request.ReadFormAsync()) arguments[name] = $"{value}";
        }
        else
        {
            using var reader = new StreamReader(request.Body);
            body = await reader.ReadToEndAsync();
        }

        var call = new SlackCall(request.Method, method, request.Headers.Authorization, arguments, body);
        _calls.Enqueue(call);
        var says = Answer(call);
        context.Response.StatusCode = says.Status;
        if (says.RetryAfter is not null) context.Response.Headers.RetryAfter = says.RetryAfter;
        context.Response.ContentType = "application/json; charset=utf-8";
        await context.Response.WriteAsync(says.Json);
    }
}
