using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using StudyTracker.AppHost.Local;
using StudyTracker.FunctionalTests.Support;

namespace StudyTracker.FunctionalTests.Ingress;

/// <summary>What operators send wrongly. The services run in Development here, where ASP.NET Core would show its own page.</summary>
public sealed class OperatorTests(App app)
{
    /// <summary>Service, request, body, and what the answer has to name.</summary>
    public static TheoryData<string, string, string?, string> Mistakes => new()
    {
        { ServiceNames.Summarizer, "GET /runs?limit=abc", null, "limit" },
        { ServiceNames.Summarizer, "GET /runs?limit=99999999999", null, "limit" },
        { ServiceNames.Summarizer, "GET /runs?limit=0", null, "limit" },
        { ServiceNames.Summarizer, "GET /jobs/parked?limit=1.5", null, "limit" },
        { ServiceNames.Summarizer, "POST /jobs/replay?all=perhaps", "", "all" },
        { ServiceNames.Summarizer, "PUT /members/T1/U1/preferences", "{", "body" },
        { ServiceNames.Summarizer, "PUT /members/T1/U1/preferences", "{\"pausedUntil\":\"soon\"}", "body" },
        { ServiceNames.Notifier, "POST /parked/replay?summaryId=abc", "", "summaryId" },
        { ServiceNames.Notifier, "POST /parked/drop?all=perhaps", "", "all" },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public async Task A_mistake_is_answered_by_its_name_and_without_a_word_of_the_request(string service, string request, string? body, string named)
    {
        using var answer = await SendAsync(service, request, body, app.Host.OperatorKey);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        JsonDocument.Parse(text).RootElement.GetProperty("detail").GetString().ShouldNotBeNull().ShouldContain(named);
        text.ShouldNotContain(app.Host.OperatorKey);
        text.ShouldNotContain("   at ");
    }

    [Theory]
    [MemberData(nameof(Mistakes))]
    public async Task Without_the_key_nothing_of_a_request_is_read(string service, string request, string? body, string named)
    {
        using var answer = await SendAsync(service, request, body, "not-the-operators-key");

        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldNotContain($"{named} ");
    }

    private async Task<HttpResponseMessage> SendAsync(string service, string request, string? body, string key)
    {
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Add("X-Api-Key", key);
        using var message = new HttpRequestMessage(
            HttpMethod.Parse(request.Split(' ')[0]), new Uri(app.Host.Services[service].ManagementUrl, request.Split(' ')[1]));
        if (body is not null) message.Content = new StringContent(body, Encoding.UTF8, MediaTypeHeaderValue.Parse("application/json"));
        return await http.SendAsync(message, TestContext.Current.CancellationToken);
    }
}
