using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using StudyTracker.Notifier.Install;
using StudyTracker.Notifier.Messages;

namespace StudyTracker.Notifier.Slack;

/// <summary>Slack's Web API on a typed HttpClient.</summary>
internal sealed class SlackClient(HttpClient http, SlackTokens tokens, IOptions<SlackOptions> options) : ISlackClient
{
    private const long MaxAnswerBytes = 4 * 1024 * 1024;

    /// <summary>Registers the client.</summary>
    public static void Add(IServiceCollection services)
    {
        services.AddSingleton<SlackTokens>();
        services.AddHttpClient<ISlackClient, SlackClient>((provider, http) =>
        {
            http.BaseAddress = provider.GetRequiredService<IOptions<SlackOptions>>().Value.ApiUrl;
            http.MaxResponseContentBufferSize = MaxAnswerBytes;
            http.Timeout = Timeout.InfiniteTimeSpan; // each call has its own limit
        }).UseSocketsHttpHandler((handler, _) =>
        {
            handler.PooledConnectionLifetime = TimeSpan.FromMinutes(10);
            handler.AllowAutoRedirect = false;
            LastMoment.Attach(handler);
        }).SetHandlerLifetime(Timeout.InfiniteTimeSpan); // the pool itself renews its connections
    }

    public Task<SlackAnswer<PostedMessage>> PostAsync(
        string teamId, string channel, SlackMessage message, CancellationToken cancellationToken) =>
        CallAsync(teamId, SlackMethod.Post, SlackJson.Post(channel, message), answer => new PostedMessage(Text(answer["channel"]), Text(answer["ts"])), cancellationToken);

    public Task<SlackAnswer<PostedMessage>> UpdateAsync(
        string teamId, PostedMessage posted, SlackMessage message, CancellationToken cancellationToken) =>
        CallAsync(teamId, SlackMethod.Update, SlackJson.Update(posted, message), _ => posted, cancellationToken);

    public Task<SlackAnswer<string>> OpenAsync(string teamId, string userId, CancellationToken cancellationToken) =>
        CallAsync(
            teamId, SlackMethod.Open, new JsonObject { ["users"] = userId }, answer => Text(answer["channel"]?["id"]), cancellationToken);

    public Task<SlackAnswer<string>> TestAsync(string teamId, CancellationToken cancellationToken) =>
        CallAsync(teamId, SlackMethod.Test, [], answer => Text(answer["team_id"]), cancellationToken);

    public Task<SlackAnswer<PostedMessage?>> FindAsync(
        string teamId, string channel, Guid summaryId, DateTimeOffset since, CancellationToken cancellationToken)
    {
        var request = new JsonObject
        {
            ["channel"] = channel,
            ["oldest"] = SlackMetadata.Oldest(since),
            ["limit"] = SlackMetadata.HistoryLimit,
            ["include_all_metadata"] = true,
        };
        return CallAsync(teamId, SlackMethod.Find, request, Find, cancellationToken);

        PostedMessage? Find(JsonObject answer)
        {
            var messages = answer["messages"] ?? throw new JsonException("The answer has no messages.");
            var found = messages.AsArray().FirstOrDefault(message =>
                (string?)message?["metadata"]?["event_type"] == SlackMetadata.EventType
                && (string?)message["metadata"]?["event_payload"]?[SlackMetadata.SummaryId] == $"{summaryId}");
            if (found is not null)
                return new PostedMessage(channel, Text(found["ts"]), (int?)found["metadata"]!["event_payload"]![SlackMetadata.Revision] ?? 0);
            // What is not on the first page may be on the next: that it is not there cannot be said.
            return (bool?)answer["has_more"] == true ? throw new JsonException("There are more messages than can be looked through.") : null;
        }
    }

    /// <param name="teamId">Whose token to use.</param>
    /// <param name="method">The method.</param>
    /// <param name="body">Its arguments.</param>
    /// <param name="read">Takes from Slack's answer what is wanted; throws when it is not there.</param>
    /// <param name="cancellationToken">The caller's.</param>
    private async Task<SlackAnswer<T>> CallAsync<T>(
        string teamId, SlackMethod method, JsonObject body, Func<JsonObject, T> read, CancellationToken cancellationToken)
    {
        if (await tokens.ForAsync(teamId, cancellationToken) is not { } token) return new(SlackOutcome.Refused, Error: SlackErrors.NoToken);
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(TimeSpan.FromSeconds(options.Value.TimeoutSeconds));
        using var request = new HttpRequestMessage(HttpMethod.Post, method.Name()) { Content = JsonContent.Create(body) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        try
        {
            using var response = await http.SendAsync(request, timeout.Token);
            return await ReadAsync(response, read, timeout.Token);
        }
        catch (Exception error) when (error.GetBaseException() is TooLateException)
        {
            return new(SlackOutcome.NotSent, Error: error.GetBaseException().Message);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new(SlackOutcome.Unknown, Error: "timeout");
        }
        catch (HttpRequestException error) when (SlackFailure.NotSent(error))
        {
            return new(SlackOutcome.NotSent, Error: $"{error.HttpRequestError}");
        }
        // The last two: values of another type than expected, and doubled keys.
        catch (Exception error) when (error is HttpRequestException or IOException or JsonException or InvalidOperationException or ArgumentException)
        {
            return new(SlackOutcome.Unknown, Error: error.GetType().Name);
        }
    }

    private static async Task<SlackAnswer<T>> ReadAsync<T>(
        HttpResponseMessage response, Func<JsonObject, T> read, CancellationToken cancellationToken)
    {
        if (response.StatusCode == HttpStatusCode.TooManyRequests)
            return new(SlackOutcome.RateLimited, Error: "ratelimited", RetryAfter: response.Headers.RetryAfter?.Delta);
        if (!response.IsSuccessStatusCode)
            return new(SlackOutcome.Unknown, Error: $"http_{(int)response.StatusCode}");
        var answer = await response.Content.ReadFromJsonAsync<JsonObject>(cancellationToken);
        return answer?["ok"]?.GetValue<bool>() switch
        {
            true => new(SlackOutcome.Done, read(answer!)),
            false => SlackFailure.OfError<T>((string?)answer!["error"] ?? "unknown_error"),
            null => new(SlackOutcome.Unknown, Error: "no_ok_in_answer"),
        };
    }

    private static string Text(JsonNode? node) => (string?)node ?? throw new JsonException("The answer lacks a text.");
}
