using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using StudyTracker.Sandbox;
using StudyTracker.Sandbox.Faults;
using StudyTracker.Sandbox.Ledger;

namespace StudyTracker.UnitTests.Sandbox.OpenAI;

/// <summary>The sandbox on loopback, asked as OpenAI is asked.</summary>
public sealed class SandboxServer : IAsyncLifetime
{
    private WebApplication? _app;

    public HttpClient Http { get; } = new();

    internal SandboxLedger Ledger => _app!.Services.GetRequiredService<SandboxLedger>();

    internal FaultInjector Faults => _app!.Services.GetRequiredService<FaultInjector>();

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Sandbox:ModelLatency"] = "00:00:00",
            ["Sandbox:ModelJitter"] = "00:00:00",
            ["Sandbox:ApiKeys:0"] = "sk-one",
            ["Sandbox:ApiKeys:1"] = "sk-two-two-two",
        });
        builder.Services.AddSingleton(TimeProvider.System);
        builder.AddSandbox();
        _app = builder.Build();
        _app.MapSandbox();
        await _app.StartAsync();
        Http.BaseAddress = new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "sk-one");
    }

    /// <summary>Posts a body, and reads whatever JSON comes back.</summary>
    public async Task<(int Status, JsonObject Body)> AskAsync(string path, string json)
    {
        using var answer = await Http.PostAsync(new Uri(path, UriKind.Relative), new StringContent(json, Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);
        return ((int)answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!.AsObject());
    }

    /// <summary>Posts a body, and reads the events that come back: their names, where they have one, and their data.</summary>
    public async Task<List<(string? Name, string Data)>> StreamAsync(string path, string json)
    {
        using var answer = await Http.PostAsync(new Uri(path, UriKind.Relative), new StringContent(json, Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return [.. text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(one =>
        {
            var lines = one.Split('\n');
            return (lines.FirstOrDefault(line => line.StartsWith("event: ", StringComparison.Ordinal))?[7..], lines.Single(line => line.StartsWith("data: ", StringComparison.Ordinal))[6..]);
        })];
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (_app is not null) await _app.DisposeAsync();
    }
}
