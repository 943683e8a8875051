using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using StudyTracker.AppHost.Local;

namespace StudyTracker.AppHost.Operations;

/// <summary>The Notifier's endpoints for operators. What it does is told in lines for the console.</summary>
internal sealed class NotifierClient : IDisposable
{
    // A replay of thousands publishes thousands.
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromMinutes(10) };

    public NotifierClient(Uri url, string key)
    {
        _http.BaseAddress = url;
        _http.DefaultRequestHeaders.Add("X-Api-Key", key);
    }

    /// <summary>What was given up: everything, or the dead letters.</summary>
    public async Task<IReadOnlyList<string>> ShowAsync(bool onlyDeadLetters, CancellationToken cancel)
    {
        JsonElement? parked = onlyDeadLetters ? null : await AskAsync(HttpMethod.Get, "/parked", cancel);
        var letters = await AskAsync(HttpMethod.Get, "/dead-letters", cancel);
        return
        [
            .. parked is { } list ? GivenUpText.Parked(list) : [],
            .. GivenUpText.DeadLetters(letters),
            .. GivenUpText.Hints(IsAny(parked), IsAny(letters)),
        ];

        static bool IsAny(JsonElement? list) => list?.GetProperty("count").GetInt32() > 0;
    }

    /// <summary>Sends it on its way again.</summary>
    public async Task<IReadOnlyList<string>> ReplayAsync(GivenUp what, CancellationToken cancel)
    {
        if (!what.DeadLetters)
            return [$"{(await AskAsync(HttpMethod.Post, $"/parked/replay?{what.Query()}", cancel)).GetProperty("replayed")} summaries are on their way again."];
        var answer = await AskAsync(HttpMethod.Post, $"/dead-letters/replay?{what.Query()}", cancel);
        var lost = answer.GetProperty("lost").GetInt32();
        return
        [
            $"{answer.GetProperty("replayed")} dead letters are back where they came from.",
            .. lost > 0 ? [$"{lost} could not be: their content was too large to be kept, or their topic is unknown."] : Array.Empty<string>(),
        ];
    }

    /// <summary>Gives it up for good.</summary>
    public async Task<IReadOnlyList<string>> DropAsync(GivenUp what, string why, CancellationToken cancel)
    {
        var path = $"{(what.DeadLetters ? "/dead-letters/drop" : "/parked/drop")}?{what.Query()}&because={Uri.EscapeDataString(why)}";
        return [$"{(await AskAsync(HttpMethod.Post, path, cancel)).GetProperty("dropped")} {(what.DeadLetters ? "dead letters" : "summaries")} are given up for good."];
    }

    /// <inheritdoc />
    public void Dispose() => _http.Dispose();

    private async Task<JsonElement> AskAsync(HttpMethod method, string path, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(method, path);
        try
        {
            using var answer = await _http.SendAsync(request, cancel);
            if (answer.StatusCode == HttpStatusCode.Unauthorized) throw new LocalHostException("The Notifier does not accept the operators' key.");
            if (!answer.IsSuccessStatusCode) throw new LocalHostException($"The Notifier answers {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync(cancel)}");
            return await answer.Content.ReadFromJsonAsync<JsonElement>(cancel);
        }
        catch (HttpRequestException error)
        {
            throw new LocalHostException($"The Notifier at {_http.BaseAddress} cannot be reached: {error.Message}", error);
        }
    }
}
