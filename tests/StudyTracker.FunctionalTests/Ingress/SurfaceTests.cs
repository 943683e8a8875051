using System.Net;
using System.Net.Http.Json;
using StudyTracker.AppHost.Local;
using StudyTracker.FunctionalTests.Support;

namespace StudyTracker.FunctionalTests.Ingress;

public sealed class SurfaceTests(App app)
{
    [Theory]
    [InlineData("/health")]
    [InlineData("/alive")]
    [InlineData("/metrics")]
    public async Task What_is_for_operators_is_not_on_the_port_that_faces_the_internet(string path)
    {
        var ingress = app.Host.Services[ServiceNames.Ingress];
        using var http = new HttpClient();

        using var outside = await http.GetAsync(new Uri(ingress.Url, path), TestContext.Current.CancellationToken);
        using var inside = await http.GetAsync(new Uri(ingress.ManagementUrl, path), TestContext.Current.CancellationToken);

        outside.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        inside.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_host_header_does_not_open_the_management_endpoints()
    {
        var ingress = app.Host.Services[ServiceNames.Ingress];
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(ingress.Url, "/metrics"));
        request.Headers.Host = ingress.ManagementUrl.Authority;

        using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);

        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("not-the-operators-key")]
    public async Task Without_the_operators_key_nobody_triggers_a_run_or_looks_at_one(string? key)
    {
        using var http = new HttpClient();
        if (key is not null) http.DefaultRequestHeaders.Add("X-Api-Key", key);
        var services = app.Host.Services;

        using var trigger = await http.PostAsJsonAsync(
            new Uri(services[ServiceNames.Ingress].Url, "/scheduler/trigger"), new { kind = "daily" }, TestContext.Current.CancellationToken);
        using var run = await http.GetAsync(new Uri(services[ServiceNames.Summarizer].ManagementUrl, "/runs/any"), TestContext.Current.CancellationToken);
        using var parked = await http.GetAsync(new Uri(services[ServiceNames.Notifier].ManagementUrl, "/parked"), TestContext.Current.CancellationToken);
        using var replay = await http.PostAsync(
            new Uri(services[ServiceNames.Notifier].ManagementUrl, "/parked/replay"), null, TestContext.Current.CancellationToken);

        trigger.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        run.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        parked.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        replay.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }
}
