using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using StudyTracker.AppHost.Local;

namespace StudyTracker.AppHost.Operations;

/// <summary>Which of what was given up.</summary>
/// <param name="Id">One parked summary.</param>
/// <param name="Reason">Those that are parked for a reason.</param>
/// <param name="All">All that are parked.</param>
/// <param name="DeadLetters">The dead letters.</param>
internal sealed record GivenUp(Guid? Id, string? Reason, bool All, bool DeadLetters)
{
    /// <summary>Whether nothing was named.</summary>
    public bool IsNothing => Id is null && Reason is null && !All && !DeadLetters;
}

/// <summary>The Notifier's endpoints for operators. What it does is told in lines for the console.</summary>
internal sealed class NotifierClient : IDisposable
{
    private const int MaxShown = 20;

    // A replay of thousands publishes thousands.
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromMinutes(10) };

    public NotifierClient(Uri url, string key)
    {
        _http.BaseAddress = url;
        _http.DefaultRequestHeaders.Add("X-Api-Key", key);
    }

    /// <summary>What was given up.</summary>
    public async Task<IReadOnlyList<string>> ShowAsync(CancellationToken cancel)
    {
        var parked = await AskAsync(HttpMethod.Get, "/parked", cancel);
        var letters = await AskAsync(HttpMethod.Get, "/dead-letters", cancel);
        List<string> lines = [$"{parked.GetProperty("count")} summaries are parked."];
        lines.AddRange(parked.GetProperty("reasons").EnumerateArray().Select(reason => string.Create(
            CultureInfo.InvariantCulture,
            $"  {reason.GetProperty("count")} for '{reason.GetProperty("reason")}', the oldest for {Age(reason.GetProperty("oldestSeconds").GetDouble())}")));
        lines.AddRange(parked.GetProperty("items").EnumerateArray().Take(MaxShown).Select(one =>
            $"  {one.GetProperty("summaryId")}  {one.GetProperty("teamId")}:{one.GetProperty("userId")}  {one.GetProperty("reason")}"));
        lines.Add($"{letters.GetProperty("count")} records are dead letters.");
        lines.AddRange(letters.GetProperty("items").EnumerateArray().Take(MaxShown).Select(letter =>
            $"  {letter.GetProperty("topic")}  given up by {letter.GetProperty("stage")}: {letter.GetProperty("reason")}"));
        return lines;
    }

    /// <summary>Sends it on its way again.</summary>
    public async Task<IReadOnlyList<string>> ReplayAsync(GivenUp what, CancellationToken cancel)
    {
        if (!what.DeadLetters)
            return [$"{(await AskAsync(HttpMethod.Post, $"/parked/replay?{Query(what)}", cancel)).GetProperty("replayed")} summaries are on their way again."];
        var answer = await AskAsync(HttpMethod.Post, "/dead-letters/replay", cancel);
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
        var because = $"because={Uri.EscapeDataString(why)}";
        var path = what.DeadLetters ? $"/dead-letters/drop?{because}" : $"/parked/drop?{Query(what)}&{because}";
        return [$"{(await AskAsync(HttpMethod.Post, path, cancel)).GetProperty("dropped")} are given up for good."];
    }

    /// <inheritdoc />
    public void Dispose() => _http.Dispose();

    private static string Query(GivenUp what) =>
        what.Id is { } id ? $"summaryId={id}" : what.Reason is { } reason ? $"reason={Uri.EscapeDataString(reason)}" : "all=true";

    private static string Age(double seconds) => seconds switch
    {
        < 120 => string.Create(CultureInfo.InvariantCulture, $"{seconds:0} s"),
        < 7_200 => string.Create(CultureInfo.InvariantCulture, $"{seconds / 60:0} min"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{seconds / 3_600:0} h"),
    };

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
