using System.Diagnostics.Metrics;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using StudyTracker.Contracts;
using StudyTracker.Telemetry;

namespace StudyTracker.Summarizer.Members;

/// <summary>An answer that only the member sees.</summary>
/// <param name="Text">Slack mrkdwn, at most 3,000 characters.</param>
/// <param name="ResumeLabel">The label of a button below it that turns paused summaries on again; null: none.</param>
/// <param name="ReplacesOriginal">Whether it takes the place of the message whose button was pressed.</param>
internal sealed record Reply(string Text, string? ResumeLabel = null, bool ReplacesOriginal = false);

/// <summary>
/// Answers a command or a button, at the address that Slack sent along. Only Slack's own host is ever called, redirects are
/// not followed, and an answer that fails is not repeated: what was asked for is done all the same.
/// </summary>
internal sealed class SlackReplies(HttpClient http, IOptions<SlackOptions> options)
{
    private static readonly Counter<long> _replies = Instruments.Meter.CreateCounter<long>(
        "studytracker.preferences.replies", "{reply}", "Answers to commands and buttons, by outcome.");

    public static void Add(IServiceCollection services)
    {
        services.CountFromZero(_replies, ("outcome", ["sent", "failed", "refused"]));
        services.AddHttpClient<SlackReplies>((provider, http) =>
            http.Timeout = TimeSpan.FromSeconds(provider.GetRequiredService<IOptions<SlackOptions>>().Value.TimeoutSeconds))
        .UseSocketsHttpHandler((handler, _) =>
        {
            handler.PooledConnectionLifetime = TimeSpan.FromMinutes(10);
            handler.AllowAutoRedirect = false;
            handler.UseCookies = false;
        });
    }

    /// <summary>Whether an address is one of Slack's.</summary>
    public static bool IsAllowed(string url, Uri prefix) =>
        Uri.TryCreate(url, UriKind.Absolute, out var address)
        && address.Scheme == prefix.Scheme
        && address.Host == prefix.Host
        && address.Port == prefix.Port
        && address.UserInfo.Length == 0
        && address.AbsolutePath.StartsWith(prefix.AbsolutePath, StringComparison.Ordinal);

    public async Task SendAsync(string url, Reply reply, CancellationToken cancellationToken)
    {
        var outcome = IsAllowed(url, options.Value.ResponseUrl) ? await PostAsync(url, reply, cancellationToken) : "refused";
        _replies.Add(1, new KeyValuePair<string, object?>("outcome", outcome));
    }

    private static JsonObject Body(Reply reply)
    {
        var body = new JsonObject { ["response_type"] = "ephemeral", ["replace_original"] = reply.ReplacesOriginal, ["text"] = reply.Text };
        if (reply.ResumeLabel is not { } label) return body;
        var text = new JsonObject { ["type"] = "mrkdwn", ["text"] = reply.Text };
        var button = new JsonObject
        {
            ["type"] = "button",
            ["action_id"] = SlackActions.Resume,
            ["text"] = new JsonObject { ["type"] = "plain_text", ["text"] = label },
        };
        body["blocks"] = new JsonArray(
            new JsonObject { ["type"] = "section", ["text"] = text },
            new JsonObject { ["type"] = "actions", ["elements"] = new JsonArray(button) });
        return body;
    }

    private async Task<string> PostAsync(string url, Reply reply, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url)
        {
            Content = JsonContent.Create(Body(reply)),
        };
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            return response.IsSuccessStatusCode ? "sent" : "failed";
        }
        catch (Exception error) when (error is HttpRequestException or IOException
            || (error is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return "failed";
        }
    }
}
