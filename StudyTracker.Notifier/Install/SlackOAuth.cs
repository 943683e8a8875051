using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using StudyTracker.Notifier.Slack;

namespace StudyTracker.Notifier.Install;

/// <summary>
/// Slack's oauth.v2.access, sent as a form, which is all that it is documented for. The same call with both package sets: SlackNet's
/// wants a token for every call, and this one has none yet.
/// </summary>
internal sealed class SlackOAuth(IHttpClientFactory clients, IOptions<SlackOptions> options, SlackReplies replies)
{
    /// <summary>Ours, not Slack's: the answer has no bot token.</summary>
    public const string NoBotToken = "no_bot_token";

    private const string ClientName = "slack-oauth";

    /// <summary>Registers it.</summary>
    public static void Add(IServiceCollection services)
    {
        services.AddHttpClient(ClientName, http =>
        {
            http.Timeout = Timeout.InfiniteTimeSpan; // each call has its own limit
            http.MaxResponseContentBufferSize = SlackReplies.MaxBytes;
        }).UseSocketsHttpHandler((handler, _) =>
        {
            handler.AllowAutoRedirect = false;
            LastMoment.Attach(handler);
        });
        services.AddSingleton<SlackOAuth>();
    }

    /// <summary>What Slack grants for the code that a browser has brought back.</summary>
    public Task<SlackAnswer<InstallationGrant>> ExchangeAsync(string code, CancellationToken cancellationToken) =>
        CallAsync([new("code", code)], InstallationGrant.Read, cancellationToken);

    /// <summary>The next token of a workspace, and what the one after it is got with.</summary>
    public Task<SlackAnswer<TokenGrant>> RefreshAsync(string refreshToken, CancellationToken cancellationToken) =>
        CallAsync([new("grant_type", "refresh_token"), new("refresh_token", refreshToken)], TokenGrant.Read, cancellationToken);

    private async Task<SlackAnswer<T>> CallAsync<T>(
        KeyValuePair<string, string>[] arguments, Func<JsonObject, T> read, CancellationToken cancellationToken)
    {
        var slack = options.Value;
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(TimeSpan.FromSeconds(slack.TimeoutSeconds));
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(slack.ApiUrl, "oauth.v2.access")) { Content = new FormUrlEncodedContent(arguments) };
        request.Headers.Authorization = new AuthenticationHeaderValue(
            "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{slack.ClientId}:{slack.ClientSecret}")));
        try
        {
            using var http = clients.CreateClient(ClientName);
            using var response = await http.SendAsync(request, timeout.Token);
            var answer = await replies.ReadAsync(response, timeout.Token);
            return answer is { Outcome: SlackOutcome.Done, Value: { } granted } ? new(SlackOutcome.Done, read(granted)) : answer.As<T>();
        }
        catch (NoBotTokenException)
        {
            return new(SlackOutcome.Refused, Error: NoBotToken);
        }
        catch (Exception error)
        {
            if (SlackFailure.OfException<T>(error, cancellationToken) is not { } failure) throw;
            return failure;
        }
    }
}
