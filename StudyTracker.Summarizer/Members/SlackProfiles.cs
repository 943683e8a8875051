using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.Extensions.Options;

namespace StudyTracker.Summarizer.Members;

/// <summary>What Slack knows about a member.</summary>
/// <param name="TimeZone">IANA time zone; null: not told.</param>
/// <param name="Locale">Such as <c>ko-KR</c>; null: not told.</param>
internal sealed record Profile(string? TimeZone, string? Locale);

/// <summary>Slack's answer to one question.</summary>
/// <param name="Profile">The profile; null when there is none.</param>
/// <param name="Error">Why there is none, in Slack's word or ours.</param>
/// <param name="RetryAfter">How long nobody should ask, when Slack limits us.</param>
/// <param name="Passes">Whether the same question may well be answered soon: it failed on its way, or in Slack.</param>
internal sealed record ProfileAnswer(Profile? Profile, string? Error = null, TimeSpan? RetryAfter = null, bool Passes = false);

/// <summary>
/// Slack's users.info. One GET: in both package sets the same small client, because delivery's clients are the Notifier's, and
/// another whole client library for one question would be too much.
/// </summary>
internal sealed class SlackProfiles(HttpClient http, IOptions<SlackOptions> options)
{
    private const int MaxAnswerBytes = 256 * 1024;
    private const int MaxNameLength = 64;

    // What Slack says of its own troubles; everything else it says of the question.
    private static readonly HashSet<string> _passing =
        ["internal_error", "fatal_error", "service_unavailable", "request_timeout", "ratelimited", "rate_limited", "team_added_to_org"];

    public static void Add(IServiceCollection services) =>
        services.AddHttpClient<SlackProfiles>((provider, http) =>
        {
            var options = provider.GetRequiredService<IOptions<SlackOptions>>().Value;
            http.BaseAddress = options.ApiUrl;
            http.Timeout = TimeSpan.FromSeconds(options.TimeoutSeconds);
            http.MaxResponseContentBufferSize = MaxAnswerBytes;
        }).UseSocketsHttpHandler((handler, _) =>
        {
            handler.PooledConnectionLifetime = TimeSpan.FromMinutes(10);
            handler.AllowAutoRedirect = false;
        });

    /// <summary>Asks once; every failure is an answer.</summary>
    public async Task<ProfileAnswer> AskAsync(string teamId, string userId, CancellationToken cancellationToken)
    {
        if (options.Value.TokenFor(teamId) is not { } token) return new(null, "no_token");
        using var request = new HttpRequestMessage(
            HttpMethod.Get, new Uri($"users.info?include_locale=true&user={Uri.EscapeDataString(userId)}", UriKind.Relative));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        try
        {
            using var response = await http.SendAsync(request, cancellationToken);
            if (response.StatusCode == HttpStatusCode.TooManyRequests)
                return new(null, "ratelimited", response.Headers.RetryAfter?.Delta ?? TimeSpan.FromMinutes(1));
            if (!response.IsSuccessStatusCode)
                return new(null, $"http_{(int)response.StatusCode}", Passes: (int)response.StatusCode is >= 500 or (int)HttpStatusCode.RequestTimeout);
            return Read(await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken));
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

    private static ProfileAnswer Read(JsonElement answer)
    {
        if (answer.ValueKind != JsonValueKind.Object) return new(null, "not_an_answer");
        if (!answer.TryGetProperty("ok", out var ok) || ok.ValueKind != JsonValueKind.True)
        {
            var error = Text(answer, "error") ?? "unknown_error";
            return new(null, error, Passes: _passing.Contains(error));
        }

        if (!answer.TryGetProperty("user", out var user) || user.ValueKind != JsonValueKind.Object) return new(null, "no_user");
        return new(new Profile(Text(user, "tz"), Text(user, "locale")));
    }

    private static string? Text(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            && value.GetString() is { Length: > 0 and <= MaxNameLength } text && !text.Contains('\0', StringComparison.Ordinal)
            ? text
            : null;
}
