using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using SlackNet;
using SlackNet.WebApi;
using StudyTracker.Notifier.Install;
using StudyTracker.Notifier.Messages;
using StudyTracker.Slack;

namespace StudyTracker.Notifier.Slack;

/// <summary>Slack's Web API on SlackNet, whose endless retry of rate-limited calls is off: ours is the only layer.</summary>
internal sealed class SlackClient(IHttpClientFactory clients, SlackTokens tokens, IOptions<SlackOptions> options) : ISlackClient
{
    private const string ClientName = "slack";
    private static readonly SlackJsonSettings _json = Default.JsonSettings();

    /// <summary>Registers the client.</summary>
    public static void Add(IServiceCollection services)
    {
        services.AddSingleton<SlackTokens>();
        services.AddSingleton<SlackReplies>();
        services.AddSingleton<ISlackClient, SlackClient>();
        services.AddTransient<SlackAnswerGuard>();
        services.AddHttpClient(ClientName, http => http.Timeout = Timeout.InfiniteTimeSpan) // each call has its own limit
            .AddHttpMessageHandler<SlackAnswerGuard>()
            .UseSocketsHttpHandler((handler, _) =>
            {
                handler.PooledConnectionLifetime = TimeSpan.FromMinutes(10);
                handler.AllowAutoRedirect = false;
                LastMoment.Attach(handler);
            })
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan); // the pool itself renews its connections
    }

    public Task<SlackAnswer<PostedMessage>> PostAsync(
        string teamId, string channel, SlackMessage message, CancellationToken cancellationToken) =>
        CallAsync(teamId, async (slack, token) =>
        {
            var posted = Present(await slack.Chat.PostMessage(
                new Message
                {
                    Channel = channel,
                    Text = message.Text,
                    Blocks = [.. message.Blocks.Select(SlackNetBlocks.Convert)],
                    UnfurlLinks = false,
                    UnfurlMedia = false,
                    MetadataJson = new MessageMetadata
                    {
                        EventType = SlackMetadata.EventType,
                        EventPayload = new JObject { [SlackMetadata.SummaryId] = $"{message.SummaryId}", [SlackMetadata.Revision] = message.Revision },
                    },
                },
                token));
            return new PostedMessage(Present(posted.Channel), Present(posted.Ts));
        }, cancellationToken);

    public Task<SlackAnswer<PostedMessage>> UpdateAsync(
        string teamId, PostedMessage posted, SlackMessage message, CancellationToken cancellationToken) =>
        CallAsync(teamId, async (slack, token) =>
        {
            await slack.Chat.Update(
                new MessageUpdate
                {
                    ChannelId = posted.Channel,
                    Ts = posted.Ts,
                    Parse = ParseMode.None, // as chat.postMessage does by itself
                    Text = message.Text,
                    Blocks = [.. message.Blocks.Select(SlackNetBlocks.Convert)],
                },
                token);
            return posted;
        }, cancellationToken);

    public Task<SlackAnswer<string>> OpenAsync(string teamId, string userId, CancellationToken cancellationToken) =>
        CallAsync(teamId, async (slack, token) =>
        {
            var opened = Present(await slack.Conversations.OpenAndReturnInfo([userId], token));
            return Present(opened.Channel?.Id);
        }, cancellationToken);

    public Task<SlackAnswer<string>> TestAsync(string teamId, CancellationToken cancellationToken) =>
        CallAsync(teamId, async (slack, token) => SlackReply.Tested(await GetAsync(slack, SlackMethod.Test, [], token)), cancellationToken);

    public Task<SlackAnswer<SlackProfile>> ProfileAsync(string teamId, string userId, CancellationToken cancellationToken) =>
        CallAsync(teamId, async (slack, token) => SlackReply.Profile(await GetAsync(
            slack,
            SlackMethod.Profile,
            new() { ["user"] = userId, ["include_locale"] = "true" },
            token)), cancellationToken);

    public Task<SlackAnswer<HistoryPage>> FindAsync(
        string teamId, string channel, HistorySearch search, CancellationToken cancellationToken) =>
        CallAsync(teamId, async (slack, token) => SlackReply.Found(
            await GetAsync(
                slack,
                SlackMethod.Find,
                new()
                {
                    ["channel"] = channel,
                    ["oldest"] = SlackMetadata.Oldest(search.Since),
                    ["limit"] = $"{SlackMetadata.HistoryLimit}",
                    ["include_all_metadata"] = "true",
                    ["cursor"] = search.Cursor!, // SlackNet leaves out what is null
                },
                token),
            channel,
            search.SummaryId), cancellationToken);

    /// <summary>
    /// What only reads, by GET. The answer as it came: SlackNet's types know neither that something is not told (<c>tz_offset</c>) nor
    /// that a history is missing.
    /// </summary>
    private static async Task<JsonObject> GetAsync(
        ISlackApiClient slack, SlackMethod method, Dictionary<string, object> arguments, CancellationToken cancellationToken) =>
        (JsonObject)JsonNode.Parse(Present(await slack.Get<JObject>(method.Name(), arguments, cancellationToken)).ToString(Formatting.None))!;

    private async Task<SlackAnswer<T>> CallAsync<T>(
        string teamId, Func<ISlackApiClient, CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        if (await tokens.ForAsync(teamId, cancellationToken) is not { } botToken) return new(SlackOutcome.Refused, Error: SlackErrors.NoToken);
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(TimeSpan.FromSeconds(options.Value.TimeoutSeconds));
        var slack = new SlackApiClient(
            Default.Http(_json, () => clients.CreateClient(ClientName)),
            new UrlBuilder(options.Value.ApiUrl, Default.UrlBuilder(_json)),
            _json,
            botToken)
        {
            DisableRetryOnRateLimit = true,
        };
        try
        {
            return new(SlackOutcome.Done, await call(slack, timeout.Token));
        }
        catch (NotDoneException notDone)
        {
            return notDone.Answer.As<T>();
        }
        catch (Newtonsoft.Json.JsonException error)
        {
            return new(SlackOutcome.Unknown, Error: error.GetType().Name);
        }
        catch (Exception error)
        {
            if (SlackFailure.OfException<T>(error, cancellationToken) is not { } failure) throw;
            return failure;
        }
    }

    /// <summary>What Slack always sends with an ok; SlackNet leaves it null where the answer lacks it.</summary>
    private static T Present<T>(T? value)
        where T : class =>
        value ?? throw new System.Text.Json.JsonException("Slack's answer lacks what was asked for.");

    /// <summary>SlackNet's own builder for another base address.</summary>
    private sealed class UrlBuilder(Uri apiUrl, ISlackUrlBuilder inner) : ISlackUrlBuilder
    {
        private const string SlackApi = "https://slack.com/api/";

        public string Url(string apiMethod, Dictionary<string, object> args) =>
            inner.Url(apiMethod, args).Replace(SlackApi, apiUrl.AbsoluteUri, StringComparison.Ordinal);
    }
}
