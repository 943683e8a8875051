using System.ClientModel.Primitives;
using System.Globalization;
using System.Text.RegularExpressions;
using StudyTracker.Hosting;

namespace StudyTracker.Summarizer.Summaries;

/// <summary>
/// How long a model's server wants to be left alone, in the forms that are in use: <c>retry-after-ms</c> (OpenAI, Azure),
/// <c>Retry-After</c>, <c>x-ratelimit-reset-*</c> of what is used up (OpenAI, Groq), <c>x-ratelimit-reset</c> (OpenRouter), or
/// the text of the error (OpenAI, Azure, Gemini).
/// </summary>
internal static partial class RequestedWait
{
    /// <summary>No shorter wait is worth a refusal more.</summary>
    public static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(250);

    /// <summary>Who asks for more is asked again after this: limits of a day are lifted by an operator too.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    private const double FirstMillisecondStamp = 100_000_000_000; // in 1973, as milliseconds
    private const double FirstSecondStamp = 1_000_000_000; // in 2001, as seconds

    /// <summary>The wait, within its bounds; null when the server says nothing that can be read.</summary>
    public static TimeSpan? Of(PipelineResponseHeaders headers, string errorText, DateTimeOffset now)
    {
        var wait = Milliseconds(Value(headers, "retry-after-ms"))
            ?? (Value(headers, "Retry-After") is { } after ? RetryAfter.Read(after, ServersTime(headers) ?? now) : null)
            ?? UsedUp(headers, "requests", now)
            ?? UsedUp(headers, "tokens", now)
            ?? Reset(Value(headers, "x-ratelimit-reset") ?? Value(headers, "ratelimit-reset"), now)
            ?? Duration(Asked().Match(errorText).Groups["wait"].Value);
        return wait is not { } asked ? null : asked < Shortest ? Shortest : asked > Longest ? Longest : asked;
    }

    private static TimeSpan? UsedUp(PipelineResponseHeaders headers, string what, DateTimeOffset now) =>
        Value(headers, $"x-ratelimit-remaining-{what}") is { } left && left.Trim() is "0" or ['-', ..]
            ? Reset(Value(headers, $"x-ratelimit-reset-{what}"), now)
            : null;

    /// <summary>A duration, seconds, or a moment as Unix time.</summary>
    private static TimeSpan? Reset(string? text, DateTimeOffset now)
    {
        if (text is null) return null;
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
            return Duration(text.Trim()) ?? (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out var at) ? at - now : null);
        return number switch
        {
            >= FirstMillisecondStamp => Span((number - now.ToUnixTimeMilliseconds()) / 1000),
            >= FirstSecondStamp => Span(number - now.ToUnixTimeSeconds()),
            _ => Span(number),
        };
    }

    /// <summary>As Go writes it: <c>1s</c>, <c>6m0s</c>, <c>120ms</c>, <c>1h2m3.5s</c>; or with the units as words.</summary>
    private static TimeSpan? Duration(string text)
    {
        var parts = Part().Matches(text);
        if (parts.Count == 0) return null;
        var seconds = 0.0;
        foreach (Match part in parts)
        {
            seconds += double.Parse(part.Groups["number"].Value, CultureInfo.InvariantCulture) * part.Groups["unit"].Value switch
            {
                "ms" => 0.001,
                ['d', ..] => 86_400,
                ['h', ..] => 3_600,
                ['m', ..] => 60,
                _ => 1,
            };
        }

        return Span(seconds);
    }

    private static TimeSpan? Milliseconds(string? text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var milliseconds) ? Span(milliseconds / 1000) : null;

    private static TimeSpan? Span(double seconds) =>
        double.IsNaN(seconds) ? null : TimeSpan.FromSeconds(Math.Clamp(seconds, 0, Longest.TotalSeconds + 1));

    private static DateTimeOffset? ServersTime(PipelineResponseHeaders headers) =>
        DateTimeOffset.TryParse(Value(headers, "Date"), CultureInfo.InvariantCulture, out var at) ? at : null;

    private static string? Value(PipelineResponseHeaders headers, string name) => headers.TryGetValue(name, out var value) ? value : null;

    [GeneratedRegex(
        @"(try again|retry|wait)( your request)?( in| after)? (?<wait>\d+(\.\d+)?\s*(ms|days?|d|hours?|h|minutes?|m|seconds?|s)(\d+(\.\d+)?(ms|m|s))*)|" +
        @"^(?<wait>\d+(\.\d+)?s)$",
        RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.Multiline)]
    private static partial Regex Asked();

    [GeneratedRegex(@"(?<number>\d+(\.\d+)?)\s*(?<unit>ms|d|h|m|s)", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase)]
    private static partial Regex Part();
}
