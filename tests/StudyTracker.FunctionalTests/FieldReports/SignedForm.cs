using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using StudyTracker.FunctionalTests.Support;

namespace StudyTracker.FunctionalTests.FieldReports;

/// <summary>A form, signed as Slack signs slash commands and interactions.</summary>
internal static class SignedForm
{
    public static async Task<(HttpStatusCode Status, string Body)> PostAsync(Uri ingress, string secret, string path, string form)
    {
        var body = Encoding.UTF8.GetBytes(form);
        var timestamp = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        using var http = new HttpClient { BaseAddress = ingress, Timeout = TimeSpan.FromSeconds(10) };
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/x-www-form-urlencoded") } },
        };
        request.Headers.Add("X-Slack-Request-Timestamp", timestamp.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("X-Slack-Signature", SlackSide.Sign(secret, timestamp, body));
        using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
