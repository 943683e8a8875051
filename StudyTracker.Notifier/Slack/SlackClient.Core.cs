using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using StudyTracker.Notifier.Messages;

namespace StudyTracker.Notifier.Slack;

/// <summary>Slack's Web API on a typed HttpClient.</summary>
internal sealed class SlackClient(HttpClient http, IOptions<SlackOptions> options) : ISlackClient
{
    private const long MaxAnswerBytes = 4 * 1024 * 1024;

    /// <summary>Registers the client.</summary>
    public static void Add(IServiceCollection services) =>
        services.AddHttpClient<ISlackClient, SlackClient>((provider, http) =>
        {
            http.BaseAddress = provider.GetRequiredService<IOptions<SlackOptions>>().Value.ApiUrl;
            http.MaxResponseContentBufferSize = MaxAnswerBytes;
            http.Timeout = Timeout.InfiniteTimeSpan; // each call has its own limit
        }).UseSocketsHttpHandler((handler, _) =>
        {
            handler.PooledConnectionLifetime = TimeSpan.FromMinutes(10);
            handler.AllowAutoRedirect = false;
        });

    public async Task<SlackAnswer<PostedMessage>> PostAsync(
        string teamId, string userId, SlackMessage message, CancellationToken cancellationToken)
    {
        var answer = await CallAsync(teamId, "chat.postMessage", SlackJson.Post(userId, message), cancellationToken);
        return answer.Outcome == SlackOutcome.Done
            ? new(SlackOutcome.Done, new PostedMessage((string)answer.Value!["channel"]!, (string)answer.Value["ts"]!))
            : answer.As<PostedMessage>();
    }

    public async Task<SlackAnswer<string>> OpenAsync(string teamId, string userId, CancellationToken cancellationToken)
    {
        var answer = await CallAsync(teamId, "conversations.open", new JsonObject { ["users"] = userId }, cancellationToken);
        return answer.Outcome == SlackOutcome.Done
            ? new(SlackOutcome.Done, (string?)answer.Value!["channel"]?["id"])
            : answer.As<string>();
    }

    public async Task<SlackAnswer<PostedMessage?>> FindAsync(
        string teamId, string channel, Guid summaryId, CancellationToken cancellationToken)
    {
        var request = new JsonObject
        {
            ["channel"] = channel,
            ["limit"] = SlackMetadata.HistoryLimit,
            ["include_all_metadata"] = true,
        };
        var answer = await CallAsync(teamId, "conversations.history", request, cancellationToken);
        if (answer.Outcome != SlackOutcome.Done) return answer.As<PostedMessage?>();
        var found = answer.Value!["messages"]?.AsArray().FirstOrDefault(message =>
            (string?)message?["metadata"]?["event_type"] == SlackMetadata.EventType
            && (string?)message["metadata"]?["event_payload"]?[SlackMetadata.SummaryId] == $"{summaryId}");
        return new(SlackOutcome.Done, found is null ? null : new PostedMessage(channel, (string)found["ts"]!));
    }

    private async Task<SlackAnswer<JsonObject>> CallAsync(string teamId, string method, JsonObject body, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(TimeSpan.FromSeconds(options.Value.TimeoutSeconds));
        using var request = new HttpRequestMessage(HttpMethod.Post, method) { Content = JsonContent.Create(body) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", options.Value.TokenFor(teamId));
        try
        {
            using var response = await http.SendAsync(request, timeout.Token);
            return await ReadAsync(response, timeout.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new(SlackOutcome.Unknown, Error: "timeout");
        }
        catch (HttpRequestException error) when (SlackFailure.NotSent(error))
        {
            return new(SlackOutcome.NotSent, Error: $"{error.HttpRequestError}");
        }
        catch (Exception error) when (error is HttpRequestException or IOException or JsonException or InvalidOperationException)
        {
            return new(SlackOutcome.Unknown, Error: error.GetType().Name);
        }
    }

    private static async Task<SlackAnswer<JsonObject>> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.StatusCode == HttpStatusCode.TooManyRequests)
            return new(SlackOutcome.RateLimited, Error: "ratelimited", RetryAfter: response.Headers.RetryAfter?.Delta);
        if (!response.IsSuccessStatusCode)
            return new(SlackOutcome.Unknown, Error: $"http_{(int)response.StatusCode}");
        var answer = await response.Content.ReadFromJsonAsync<JsonObject>(cancellationToken);
        return answer?["ok"]?.GetValue<bool>() switch
        {
            true => new(SlackOutcome.Done, answer),
            false => SlackFailure.OfError<JsonObject>((string?)answer!["error"] ?? "unknown_error"),
            null => new(SlackOutcome.Unknown, Error: "no_ok_in_answer"),
        };
    }
}
