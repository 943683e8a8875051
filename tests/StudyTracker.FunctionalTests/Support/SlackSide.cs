using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

namespace StudyTracker.FunctionalTests.Support;

/// <summary>Posts events as Slack does, signature and all; written apart from the application's and the Sandbox's code.</summary>
internal sealed class SlackSide(Uri ingress, string secret) : IDisposable
{
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(10);
    private readonly HttpClient _http = new() { BaseAddress = ingress, Timeout = _limit };

    public static string Sign(string secret, long timestamp, byte[] body) => "v0=" + Convert.ToHexStringLower(
        HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), (byte[])[.. Encoding.UTF8.GetBytes($"v0:{timestamp}:"), .. body]));

    /// <summary>Posts a body, signed now.</summary>
    public Task<HttpResponseMessage> PostAsync(string body, int? retry = null, string? traceParent = null) =>
        PostAsync(Encoding.UTF8.GetBytes(body), retry, traceParent);

    /// <summary>Posts a body, signed now.</summary>
    public Task<HttpResponseMessage> PostAsync(byte[] body, int? retry = null, string? traceParent = null)
    {
        var timestamp = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        return SendAsync(body, headers =>
        {
            headers.Add("X-Slack-Request-Timestamp", timestamp.ToString(CultureInfo.InvariantCulture));
            headers.Add("X-Slack-Signature", Sign(secret, timestamp, body));
            if (traceParent is not null) headers.Add("traceparent", traceParent);
            if (retry is null) return;
            headers.Add("X-Slack-Retry-Num", retry.Value.ToString(CultureInfo.InvariantCulture));
            headers.Add("X-Slack-Retry-Reason", "http_timeout");
        });
    }

    /// <summary>Posts a body and expects it to be accepted.</summary>
    public async Task AcceptedAsync(string body, int? retry = null)
    {
        using var answer = await PostAsync(body, retry);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    /// <summary>Posts a body with whatever headers.</summary>
    public Task<HttpResponseMessage> SendAsync(byte[] body, Action<HttpRequestHeaders> headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/slack/events")
        {
            Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
        };
        headers(request.Headers);
        return _http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public void Dispose() => _http.Dispose();
}
