using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using StudyTracker.Hosting;
using StudyTracker.Slack;

namespace StudyTracker.Notifier.Slack;

/// <summary>Reads Slack's answers, the same for both clients: first whether it is one and how the call ended, then what is wanted of it.</summary>
internal static class SlackReply
{
    /// <summary>An answer longer than this is none.</summary>
    public const long MaxBytes = 4 * 1024 * 1024;

    private const int MaxNameLength = 64;

    /// <summary>No place on earth is further from UTC.</summary>
    private const int MaxOffsetSeconds = 18 * 3_600;

    private static readonly JsonDocumentOptions _strict = new() { AllowDuplicateProperties = false };

    /// <summary>How the call ended; with Slack's answer, when it is done.</summary>
    /// <exception cref="JsonException">The answer is none.</exception>
    public static async Task<SlackAnswer<JsonObject>> ReadAsync(
        HttpResponseMessage response, SlackOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        if (response.StatusCode == HttpStatusCode.TooManyRequests) return Limited("ratelimited");
        if (!response.IsSuccessStatusCode) return new(SlackOutcome.Unknown, Error: $"http_{(int)response.StatusCode}");
        await response.Content.LoadIntoBufferAsync(MaxBytes, cancellationToken);
        var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync(cancellationToken), documentOptions: _strict) as JsonObject;
        return answer?["ok"]?.GetValueKind() switch
        {
            JsonValueKind.True => new(SlackOutcome.Done, answer),
            JsonValueKind.False => OfError(Text(answer, "error") ?? "unknown_error"),
            _ => new(SlackOutcome.Unknown, Error: "no_ok_in_answer"),
        };

        SlackAnswer<JsonObject> Limited(string error) =>
            new(SlackOutcome.RateLimited, Error: error, RetryAfter: options.Bounded(RetryAfter.Of(response, time)));

        SlackAnswer<JsonObject> OfError(string error) =>
            SlackErrors.RemedyOf(error) == SlackRemedy.SlowDown ? Limited(error) : SlackFailure.OfError<JsonObject>(error);
    }

    /// <summary>Where a message was posted.</summary>
    public static PostedMessage Posted(JsonObject answer) => new(Needed(answer, "channel"), Needed(answer, "ts"));

    /// <summary>The conversation that was opened.</summary>
    public static string Opened(JsonObject answer) => Needed(answer["channel"] as JsonObject ?? [], "id");

    /// <summary>The workspace that a token is for.</summary>
    public static string Tested(JsonObject answer) => Needed(answer, "team_id");

    /// <summary>Our message in a history; null: it is not there.</summary>
    public static PostedMessage? Found(JsonObject answer, string channel, Guid summaryId)
    {
        // A history that is none must not pass for an empty one: what is not found there is posted again.
        if (answer["messages"] is not JsonArray messages) throw new JsonException("The answer has no messages.");
        foreach (var message in messages)
        {
            if (message is not JsonObject one) throw new JsonException("A message is none.");
            if (one["metadata"] is not JsonObject metadata || Text(metadata, "event_type") != SlackMetadata.EventType) continue;
            if (metadata["event_payload"] is not JsonObject payload || Text(payload, SlackMetadata.SummaryId) != $"{summaryId}") continue;
            return new PostedMessage(channel, Needed(one, "ts"), Number(payload, SlackMetadata.Revision) ?? 0);
        }

        // What is not on the first page may be on the next: that it is not there cannot be said.
        return answer["has_more"]?.GetValueKind() == JsonValueKind.True ? throw new JsonException("There are more messages than can be looked through.") : null;
    }

    /// <summary>What Slack tells of a member. Whatever is of another form than expected is not told.</summary>
    public static SlackProfile Profile(JsonObject answer)
    {
        if (answer["user"] is not JsonObject user) throw new JsonException("The answer has no user.");
        return new SlackProfile(
            Name("tz"), Number(user, "tz_offset") is { } offset and >= -MaxOffsetSeconds and <= MaxOffsetSeconds ? offset : null, Name("locale"));

        string? Name(string name) =>
            Text(user, name) is { Length: > 0 and <= MaxNameLength } text && !text.Any(char.IsControl) ? text : null;
    }

    private static string Needed(JsonObject owner, string name) => Text(owner, name) ?? throw new JsonException($"The answer lacks {name}.");

    private static string? Text(JsonObject owner, string name) =>
        owner[name] is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;

    /// <summary>A whole number, also one that is sent as a text.</summary>
    private static int? Number(JsonObject owner, string name) => owner[name] switch
    {
        JsonValue value when value.GetValueKind() == JsonValueKind.Number && value.TryGetValue<double>(out var number)
            && number == Math.Truncate(number) && Math.Abs(number) <= int.MaxValue => (int)number,
        JsonValue value when value.GetValueKind() == JsonValueKind.String
            && int.TryParse(value.GetValue<string>(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) => number,
        _ => null,
    };
}
