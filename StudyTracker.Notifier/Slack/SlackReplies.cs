using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using StudyTracker.Hosting;

namespace StudyTracker.Notifier.Slack;

/// <summary>Tells of Slack's answers, whichever client asked, whether they are any and how the call ended.</summary>
internal sealed partial class SlackReplies(IOptions<SlackOptions> options, TimeProvider time, ILogger<SlackReplies> logger)
{
    /// <summary>An answer longer than this is none.</summary>
    public const long MaxBytes = 4 * 1024 * 1024;

    private const int MaxWarnings = 100;
    private static readonly JsonDocumentOptions _strict = new() { AllowDuplicateProperties = false };
    private readonly ConcurrentDictionary<string, bool> _warnings = new();

    /// <summary>How the call ended; with Slack's answer, when it is done.</summary>
    /// <exception cref="JsonException">The answer is none.</exception>
    public async Task<SlackAnswer<JsonObject>> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.StatusCode == HttpStatusCode.TooManyRequests) return Limited(response, "ratelimited");
        if (!response.IsSuccessStatusCode) return new(SlackOutcome.Unknown, Error: $"http_{(int)response.StatusCode}");
        await response.Content.LoadIntoBufferAsync(MaxBytes, cancellationToken);
        var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync(cancellationToken), documentOptions: _strict) as JsonObject;
        switch (answer?["ok"]?.GetValueKind())
        {
            case JsonValueKind.True:
                Warn(response, answer);
                return new(SlackOutcome.Done, answer);
            case JsonValueKind.False:
                var error = SlackReply.Error(answer);
                return SlackErrors.RemedyOf(error) == SlackRemedy.SlowDown
                    ? Limited(response, error)
                    : SlackFailure.OfError<JsonObject>(error, SlackReply.Detail(answer));
            default:
                return new(SlackOutcome.Unknown, Error: "no_ok_in_answer");
        }
    }

    private SlackAnswer<JsonObject> Limited(HttpResponseMessage response, string error) =>
        new(SlackOutcome.RateLimited, Error: error, RetryAfter: options.Value.Bounded(RetryAfter.Of(response, time)));

    /// <summary>What Slack did and would rather have been asked otherwise; each word once.</summary>
    private void Warn(HttpResponseMessage response, JsonObject answer)
    {
        if (SlackReply.Warning(answer) is not { } warning) return;
        var method = response.RequestMessage?.RequestUri?.Segments[^1] ?? "";
        if (_warnings.Count < MaxWarnings && _warnings.TryAdd($"{method} {warning}", true)) LogWarning(method, warning);
    }

    [LoggerMessage(LogLevel.Warning, "Slack did {Method} and warns: {Warning}")]
    private partial void LogWarning(string method, string warning);
}
