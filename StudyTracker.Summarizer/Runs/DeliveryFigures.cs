using System.Text.Json;
using Microsoft.Extensions.Options;
using StudyTracker.Hosting;

namespace StudyTracker.Summarizer.Runs;

/// <summary>
/// Asks the Notifier how the deliveries of a run stand. They are in its own schema, so it is asked and not read; when it is
/// silent, a run is shown without them.
/// </summary>
internal sealed class DeliveryFigures(HttpClient http, IOptions<RunsOptions> options)
{
    private const int MaxAnswerBytes = 64 * 1024;

    public static void Add(IServiceCollection services) =>
        services.AddHttpClient<DeliveryFigures>((provider, http) =>
        {
            var options = provider.GetRequiredService<IOptions<RunsOptions>>().Value;
            http.BaseAddress = options.NotifierUrl;
            http.Timeout = TimeSpan.FromMilliseconds(options.NotifierTimeoutMs);
            http.MaxResponseContentBufferSize = MaxAnswerBytes;
            http.DefaultRequestHeaders.Add(
                OperatorKey.HeaderName, provider.GetRequiredService<IOptions<OperationsOptions>>().Value.ApiKey);
        });

    /// <summary>The Notifier's path for a run.</summary>
    public static string PathOf(string runId) => $"/deliveries/runs/{Uri.EscapeDataString(runId)}";

    /// <summary>What the Notifier says; null when it says nothing.</summary>
    public async Task<JsonElement?> OfRunAsync(string runId, CancellationToken cancellationToken)
    {
        if (options.Value.NotifierUrl is null) return null;
        try
        {
            return await http.GetFromJsonAsync<JsonElement>(new Uri(PathOf(runId), UriKind.Relative), cancellationToken);
        }
        catch (Exception error) when (error is HttpRequestException or JsonException
            || (error is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return null;
        }
    }
}
