using System.Diagnostics.Metrics;
using Microsoft.Extensions.Options;
using StudyTracker.Telemetry;

namespace StudyTracker.Summarizer.Members;

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

    public async Task SendAsync(string url, string text, CancellationToken cancellationToken)
    {
        var outcome = IsAllowed(url, options.Value.ResponseUrl) ? await PostAsync(url, text, cancellationToken) : "refused";
        _replies.Add(1, new KeyValuePair<string, object?>("outcome", outcome));
    }

    private async Task<string> PostAsync(string url, string text, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url)
        {
            Content = JsonContent.Create(new { response_type = "ephemeral", replace_original = false, text }),
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
