using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using StudyTracker.Hosting;
using StudyTracker.Ingress;

namespace StudyTracker.UnitTests.Ingress;

/// <summary>What a running server takes for its caller's address and scheme.</summary>
public sealed class KnownProxiesTests
{
    [Theory]
    [InlineData("KnownProxies", "127.0.0.1", "203.0.113.9 https")]
    [InlineData("KnownNetworks", "127.0.0.0/8", "203.0.113.9 https")]
    [InlineData("KnownProxies", "10.0.0.7", "127.0.0.1 http")]
    [InlineData(null, null, "127.0.0.1 http")]
    public async Task Only_a_proxy_that_is_named_is_believed_and_only_the_last_hop(string? name, string? value, string expected)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        if (name is not null) builder.Configuration.AddInMemoryCollection([new($"{IngressOptions.Section}:{name}:0", value)]);
        builder.Services.AddValidatedOptions<IngressOptions>(IngressOptions.Section);
        builder.Services.AddLimits();
        await using var app = builder.Build();
        app.UseKnownProxies();
        app.MapGet("/who", (HttpContext context) => $"{context.Connection.RemoteIpAddress} {context.Request.Scheme}");
        await app.StartAsync(TestContext.Current.CancellationToken);
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(new Uri(app.Urls.First()), "/who"));
        request.Headers.Add("X-Forwarded-For", "198.51.100.1, 203.0.113.9");
        request.Headers.Add("X-Forwarded-Proto", "https");

        using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);

        (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldBe(expected);
    }
}
