using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Options;
using StudyTracker.Hosting;
using StudyTracker.Slack;
using StudyTracker.Summarizer.Runs;

namespace StudyTracker.Summarizer.Members;

/// <summary>The answer to one question.</summary>
/// <param name="Profile">The profile; null when there is none.</param>
/// <param name="Error">Why there is none, in Slack's word or ours.</param>
/// <param name="RetryAfter">How long nobody should ask for members of this workspace: Slack limits us.</param>
/// <param name="Passes">Whether the same question may well be answered soon: it failed on its way, or in Slack.</param>
internal sealed record ProfileAnswer(SlackProfile? Profile, string? Error = null, TimeSpan? RetryAfter = null, bool Passes = false);

/// <summary>
/// Members' Slack profiles, asked of the Notifier: only it has the workspaces' tokens and keeps to Slack's limits.
/// </summary>
internal sealed class SlackProfiles(HttpClient http, IOptions<RunsOptions> notifier)
{
    private const int MaxAnswerBytes = 64 * 1024;
    private const int MaxNameLength = 64;
    private static readonly TimeSpan _longestWait = TimeSpan.FromHours(1);

    /// <summary>Whether there is a Notifier to be asked.</summary>
    public bool CanAsk => notifier.Value.NotifierUrl is not null;

    public static void Add(IServiceCollection services) =>
        services.AddHttpClient<SlackProfiles>((provider, http) =>
        {
            http.BaseAddress = provider.GetRequiredService<IOptions<RunsOptions>>().Value.NotifierUrl;
            http.Timeout = TimeSpan.FromSeconds(provider.GetRequiredService<IOptions<MemberOptions>>().Value.ProfileTimeoutSeconds);
            http.MaxResponseContentBufferSize = MaxAnswerBytes;
            http.DefaultRequestHeaders.Add(
                OperatorKey.HeaderName, provider.GetRequiredService<IOptions<OperationsOptions>>().Value.ApiKey);
        }).UseSocketsHttpHandler((handler, _) =>
        {
            handler.PooledConnectionLifetime = TimeSpan.FromMinutes(10);
            handler.AllowAutoRedirect = false;
        });

    /// <summary>Asks once; every failure is an answer.</summary>
    public async Task<ProfileAnswer> AskAsync(string teamId, string userId, CancellationToken cancellationToken)
    {
        if (!CanAsk) return new(null, "no_notifier");
        try
        {
            var path = new Uri($"profiles/{Uri.EscapeDataString(teamId)}/{Uri.EscapeDataString(userId)}", UriKind.Relative);
            using var response = await http.GetAsync(path, cancellationToken);
            switch (response.StatusCode)
            {
                case HttpStatusCode.OK:
                    var told = await response.Content.ReadFromJsonAsync<SlackProfile>(cancellationToken);
                    return new(new SlackProfile(Clean(told?.TimeZone), told?.OffsetSeconds, Clean(told?.Locale)));
                case HttpStatusCode.FailedDependency:
                    var refusal = await response.Content.ReadFromJsonAsync<NoSlackProfile>(cancellationToken);
                    return new(null, Clean(refusal?.Error) ?? "refused", Passes: refusal?.Passes ?? true);
                case HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests when Wait(response) is { } wait:
                    return new(null, "held_back", wait < _longestWait ? wait : _longestWait);
                case var status:
                    return new(null, $"http_{(int)status}", Passes: (int)status is >= 500 or (int)HttpStatusCode.RequestTimeout or (int)HttpStatusCode.TooManyRequests);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new(null, "timeout", Passes: true);
        }
        catch (Exception error) when (error is HttpRequestException or IOException or JsonException or InvalidOperationException)
        {
            return new(null, error.GetType().Name, Passes: true);
        }
    }

    private static TimeSpan? Wait(HttpResponseMessage response) =>
        response.Headers.RetryAfter is { Delta: { } wait } && wait > TimeSpan.Zero ? wait : null;

    private static string? Clean(string? text) =>
        text is { Length: > 0 and <= MaxNameLength } && !text.Contains('\0', StringComparison.Ordinal) ? text : null;
}
