using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Extensions.Options;
using StudyTracker.Notifier.Install;
using StudyTracker.Notifier.Messages;
using StudyTracker.Slack;

namespace StudyTracker.Notifier.Slack;

/// <summary>Slack's Web API on a typed HttpClient.</summary>
internal sealed class SlackClient(HttpClient http, SlackTokens tokens, IOptions<SlackOptions> options, SlackReplies replies) : ISlackClient
{
    /// <summary>Registers the client.</summary>
    public static void Add(IServiceCollection services)
    {
        services.AddSingleton<SlackTokens>();
        services.AddSingleton<SlackReplies>();
        services.AddHttpClient<ISlackClient, SlackClient>((provider, http) =>
        {
            http.BaseAddress = provider.GetRequiredService<IOptions<SlackOptions>>().Value.ApiUrl;
            http.MaxResponseContentBufferSize = SlackReplies.MaxBytes;
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
        CallAsync(teamId, SlackMethod.Post, SlackJson.Post(channel, message), SlackReply.Posted, cancellationToken);

    public Task<SlackAnswer<PostedMessage>> UpdateAsync(
        string teamId, PostedMessage posted, SlackMessage message, CancellationToken cancellationToken) =>
        CallAsync(teamId, SlackMethod.Update, SlackJson.Update(posted, message), _ => posted, cancellationToken);

    public Task<SlackAnswer<string>> OpenAsync(string teamId, string userId, CancellationToken cancellationToken) =>
        CallAsync(teamId, SlackMethod.Open, new JsonObject { ["users"] = userId }, SlackReply.Opened, cancellationToken);

    public Task<SlackAnswer<string>> TestAsync(string teamId, CancellationToken cancellationToken) =>
        CallAsync(teamId, SlackMethod.Test, [], SlackReply.Tested, cancellationToken);

    public Task<SlackAnswer<SlackProfile>> ProfileAsync(string teamId, string userId, CancellationToken cancellationToken) =>
        CallAsync(
            teamId,
            SlackMethod.Profile,
            new JsonObject { ["user"] = userId, ["include_locale"] = "true" },
            SlackReply.Profile,
            cancellationToken);

    public Task<SlackAnswer<HistoryPage>> FindAsync(
        string teamId, string channel, HistorySearch search, CancellationToken cancellationToken)
    {
        var request = new JsonObject
        {
            ["channel"] = channel,
            ["oldest"] = SlackMetadata.Oldest(search.Since),
            ["limit"] = $"{SlackMetadata.HistoryLimit}",
            ["include_all_metadata"] = "true",
        };
        if (search.Cursor is { } cursor) request["cursor"] = cursor;
        return CallAsync(teamId, SlackMethod.Find, request, answer => SlackReply.Found(answer, channel, search.SummaryId), cancellationToken);
    }

    /// <param name="teamId">Whose token to use.</param>
    /// <param name="method">The method.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="read">Takes from Slack's answer what is wanted; throws when it is not there.</param>
    /// <param name="cancellationToken">The caller's.</param>
    private async Task<SlackAnswer<T>> CallAsync<T>(
        string teamId, SlackMethod method, JsonObject arguments, Func<JsonObject, T> read, CancellationToken cancellationToken)
    {
        if (await tokens.ForAsync(teamId, cancellationToken) is not { } token) return new(SlackOutcome.Refused, Error: SlackErrors.NoToken);
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(TimeSpan.FromSeconds(options.Value.TimeoutSeconds));
        using var request = RequestFor(method, arguments);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        try
        {
            using var response = await http.SendAsync(request, timeout.Token);
            var answer = await replies.ReadAsync(response, timeout.Token);
            return answer is { Outcome: SlackOutcome.Done, Value: { } value } ? new(SlackOutcome.Done, read(value)) : answer.As<T>();
        }
        catch (Exception error)
        {
            if (SlackFailure.OfException<T>(error, cancellationToken) is not { } failure) throw;
            return failure;
        }
    }

    private static HttpRequestMessage RequestFor(SlackMethod method, JsonObject arguments) => method.IsRead()
        ? new(HttpMethod.Get, new Uri(
            $"{method.Name()}{new QueryBuilder(arguments.Select(argument => KeyValuePair.Create(argument.Key, $"{argument.Value}")))}", UriKind.Relative))
        : new(HttpMethod.Post, new Uri(method.Name(), UriKind.Relative)) { Content = JsonContent.Create(arguments) };
}
