using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace StudyTracker.Notifier.Slack;

/// <summary>
/// Stands between Slack's answers and SlackNet, which takes a 429 without Retry-After, a page of HTML and an answer without
/// "ok" for what they are not.
/// </summary>
internal sealed class SlackAnswerGuard : DelegatingHandler
{
    private const long MaxAnswerBytes = 4 * 1024 * 1024;
    private static readonly TimeSpan _defaultRetryAfter = TimeSpan.FromSeconds(1);
    private static readonly JsonDocumentOptions _strict = new() { AllowDuplicateProperties = false };

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        try
        {
            await CheckAsync(response, cancellationToken);
            return response;
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    private static async Task CheckAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.StatusCode == HttpStatusCode.TooManyRequests)
        {
            if (response.Headers.RetryAfter?.Delta is null)
                response.Headers.RetryAfter = new RetryConditionHeaderValue(_defaultRetryAfter);
            return;
        }

        if (!response.IsSuccessStatusCode)
            throw new HttpRequestException(HttpRequestError.InvalidResponse, $"Slack answered with status {(int)response.StatusCode}.");

        await response.Content.LoadIntoBufferAsync(MaxAnswerBytes, cancellationToken);
        using var answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync(cancellationToken), _strict);
        if (answer.RootElement.ValueKind != JsonValueKind.Object
            || !answer.RootElement.TryGetProperty("ok", out var ok)
            || ok.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
            throw new InvalidDataException("Slack's answer does not say whether it is ok.");
        // A history that is none must not pass for an empty one: what is not found there is posted again.
        if (answer.RootElement.TryGetProperty("messages", out var messages)
            && (messages.ValueKind != JsonValueKind.Array || messages.EnumerateArray().Any(one => one.ValueKind != JsonValueKind.Object)))
            throw new InvalidDataException("Slack's answer has messages that are none.");
        // SlackNet reads JSON only where the header says so.
        response.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
    }
}
