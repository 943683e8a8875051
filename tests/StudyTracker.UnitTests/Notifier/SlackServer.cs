using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using StudyTracker.Hosting;
using StudyTracker.Notifier.Slack;

namespace StudyTracker.UnitTests.Notifier;

/// <summary>A server on loopback that answers as it is told, and the client that talks to it.</summary>
internal sealed class SlackServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HashSet<string> _connections = [];
    private ServiceProvider? _services;

    private SlackServer(WebApplication app) => _app = app;

    public List<(string Verb, string Method, string? Token, JsonObject Body)> Requests { get; } = [];

    /// <summary>What the client has logged as a warning.</summary>
    public List<string> Log { get; } = [];

    /// <summary>How many connections the requests came over.</summary>
    public int Connections => _connections.Count;

    public Func<HttpContext, Task> Answer { get; set; } = _ => Task.CompletedTask;

    public ISlackClient Client { get; private set; } = null!;

    public static async Task<SlackServer> StartAsync(Func<HttpContext, Task>? answer = null, int timeoutSeconds = 20, bool token = true, string team = "T1")
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = new SlackServer(builder.Build());
        if (answer is not null) server.Answer = answer;
        server._app.MapMethods("/api/{method}", [HttpMethods.Get, HttpMethods.Post], async (string method, HttpContext context) =>
        {
            var body = await ReadAsync(context.Request);
            lock (server.Requests)
            {
                server.Requests.Add((context.Request.Method, method, context.Request.Headers.Authorization, body));
                server._connections.Add(context.Connection.Id);
            }

            await server.Answer(context);
        });
        await server._app.StartAsync();
        server.Connect(new Uri(server._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()), timeoutSeconds, token ? team : "T2");
        return server;
    }

    public static Func<HttpContext, Task> Json(string json, int status = 200, params (string Name, string Value)[] headers) => async context =>
    {
        context.Response.StatusCode = status;
        foreach (var (name, value) in headers) context.Response.Headers[name] = value;
        context.Response.ContentType = "application/json; charset=utf-8";
        await context.Response.WriteAsync(json);
    };

    /// <summary>Stops listening; the client stays and is refused from now on.</summary>
    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        if (_services is not null) await _services.DisposeAsync();
        await _app.DisposeAsync();
    }

    private void Connect(Uri address, int timeoutSeconds, string team)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(
        [
            new("Slack:ApiUrl", $"{address}api/"), new($"Slack:BotTokens:{team}", "xoxb-one"), new("Slack:TimeoutSeconds", $"{timeoutSeconds}"),
        ]).Build());
        services.AddValidatedOptions<SlackOptions>(SlackOptions.Section);
        services.AddSingleton(TimeProvider.System);
        services.AddLogging(logging => logging.AddProvider(new Warnings(Log)).AddFilter("System.Net.Http", LogLevel.None));
        SlackClient.Add(services);
        _services = services.BuildServiceProvider();
        Client = _services.GetRequiredService<ISlackClient>();
    }

    /// <summary>Any form that Slack takes: JSON, a form whose fields may be JSON, or a query.</summary>
    private static async Task<JsonObject> ReadAsync(HttpRequest request)
    {
        if (request.HasJsonContentType()) return (await request.ReadFromJsonAsync<JsonObject>())!;
        var body = new JsonObject();
        foreach (var (name, value) in request.Query) body[name] = $"{value}";
        if (!request.HasFormContentType) return body;
        foreach (var (name, value) in await request.ReadFormAsync()) body[name] = $"{value}";
        return body;
    }

    private sealed class Warnings(List<string> log) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (log) log.Add(formatter(state, exception));
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public void Dispose()
        {
        }
    }
}
