using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using StudyTracker.AppHost.Local;
using StudyTracker.FunctionalTests.Faults;
using StudyTracker.FunctionalTests.Support;

namespace StudyTracker.FunctionalTests.Sandbox;

/// <summary>The Sandbox as its callers find it over the wire. Alone, because other tests have it answer oddly.</summary>
[Collection(nameof(OneFaultAtATime))]
public sealed class StrictnessTests(App app)
{
    private const string Team = "T0SEOUL0001";

    [Theory]
    [InlineData("POST", "/sandbox/events", "null")]
    [InlineData("POST", "/sandbox/events", "{")]
    [InlineData("POST", "/sandbox/events", "[]")]
    [InlineData("POST", "/sandbox/events", """{"teamId":5}""")]
    [InlineData("POST", "/sandbox/events", """{"teamId":"T0SEOUL0001","userId":"U0SEOULJIWO","text":"\ud800"}""")]
    [InlineData("POST", "/sandbox/events", """{"envelope":{"event_id":"\ud800"}}""")]
    [InlineData("POST", "/sandbox/events", """{"teamId":"T0SEOUL0001","userId":"U0SEOULJIWO","text":"a","mrkdwn":"b"}""")]
    [InlineData("POST", "/sandbox/events", """{"teamId":"T0SEOUL0001","userId":"U0SEOULJIWO","files":[null]}""")]
    [InlineData("POST", "/sandbox/events?wait=maybe", """{"teamId":"T0SEOUL0001","userId":"U0SEOULJIWO"}""")]
    [InlineData("POST", "/sandbox/events/batch", "[null]")]
    [InlineData("GET", "/sandbox/events?after=first", null)]
    [InlineData("GET", "/sandbox/events?state=lost", null)]
    [InlineData("GET", "/sandbox/posts?limit=many", null)]
    [InlineData("POST", "/sandbox/trigger", "{}")]
    [InlineData("POST", "/sandbox/trigger", "null")]
    [InlineData("POST", "/sandbox/interactions", "{}")]
    [InlineData("POST", "/sandbox/interactions", """{"teamId":"T0SEOUL0001","userId":null,"ts":"1.2","actionId":"x"}""")]
    [InlineData("PUT", "/sandbox/settings", "[]")]
    [InlineData("PUT", "/sandbox/settings", """{"seed":1,"seed":2}""")]
    [InlineData("PUT", "/sandbox/settings", """{"perUser":{"U0SEOULJIWO":{}}}""")]
    [InlineData("PUT", "/sandbox/users/T0SEOUL0001/U0SEOULJIWO", "null")]
    [InlineData("PUT", "/sandbox/users/T0SEOUL0001/U0SEOULJIWO", """{"timeZone":"Moon/Base"}""")]
    [InlineData("PUT", "/sandbox/channels/T0SEOUL0001/X1", "{}")]
    public async Task Bad_input_to_the_Sandbox_is_answered_with_400(string method, string path, string? body)
    {
        using var http = Client();
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, "application/json");

        using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("chat.postMessage", "application/json; charset=utf-8", """{"channel":"U0SEOULJIWO","blocks":[{"type":"divider","type":"divider"}],"text":"x","token":"xoxb-of-nobody"}""", null)]
    [InlineData("chat.postMessage", "application/json; charset=utf-8", """{"channel":"U0SEOULJIWO","text":"\udc00"}""", "invalid_json")]
    [InlineData("chat.postMessage", "application/x-www-form-urlencoded", "channel=U0SEOULJIWO&blocks=%5B%22%5Cud800%22%5D", "invalid_blocks_format")]
    [InlineData("chat.postMessage", "text/plain; charset=utf-8", """{"channel":"U0SEOULJIWO","text":"x"}""", "invalid_arguments")]
    [InlineData("conversations.history", "application/json; charset=utf-8", """{"channel":"C0SEOULLOG1"}""", "invalid_arguments")]
    [InlineData("conversations.history", "application/x-www-form-urlencoded", "channel=C0SEOULLOG1", null)]
    [InlineData("users.info", "application/json; charset=utf-8", """{"user":"U0SEOULJIWO"}""", "user_not_found")]
    [InlineData("users.info", "application/x-www-form-urlencoded", "user=U0SEOULJIWO", null)]
    [InlineData("chat.dance", "application/json; charset=utf-8", "{}", "unknown_method")]
    public async Task Slack_takes_arguments_only_from_where_the_method_takes_them(string method, string contentType, string body, string? error)
    {
        using var http = Client();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", $"xoxb-sandbox-{Team}");
        using var content = new StringContent(body);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);

        using var answer = await http.PostAsync(new Uri($"/api/{method}", UriKind.Relative), content, TestContext.Current.CancellationToken);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        var json = await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        (json.TryGetProperty("error", out var told) ? told.GetString() : null).ShouldBe(error);
    }

    [Fact]
    public async Task A_token_in_a_JSON_body_is_not_seen()
    {
        using var http = Client();

        using var answer = await http.PostAsJsonAsync("/api/auth.test", new { token = $"xoxb-sandbox-{Team}" }, TestContext.Current.CancellationToken);

        (await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken)).GetProperty("error").GetString().ShouldBe("not_authed");
    }

    [Fact]
    public async Task A_page_from_elsewhere_reaches_nothing()
    {
        using var http = Client();
        using var rebound = new HttpRequestMessage(HttpMethod.Get, "/sandbox/workspaces");
        rebound.Headers.Host = "rebound.example";
        using var posted = new HttpRequestMessage(HttpMethod.Post, "/api/auth.test");
        posted.Headers.Add("Origin", "https://evil.example");

        using var first = await http.SendAsync(rebound, TestContext.Current.CancellationToken);
        using var second = await http.SendAsync(posted, TestContext.Current.CancellationToken);

        first.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        second.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    private HttpClient Client() => new() { BaseAddress = app.Host.Services[ServiceNames.Sandbox].Url };
}
