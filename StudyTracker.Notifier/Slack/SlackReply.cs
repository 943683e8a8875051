using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using StudyTracker.Slack;

namespace StudyTracker.Notifier.Slack;

/// <summary>Takes from Slack's answers what is wanted; throws a <see cref="JsonException"/> when it is not there.</summary>
internal static partial class SlackReply
{
    private const int MaxNameLength = 64;

    /// <summary>No place on earth is further from UTC.</summary>
    private const int MaxOffsetSeconds = 18 * 3_600;

    private const int MaxDetailLength = 200;

    /// <summary>Slack's word for why it did not do it.</summary>
    public static string Error(JsonObject answer) => Word(answer["error"]) ?? "unknown_error";

    /// <summary>
    /// What Slack says besides the word: which scopes are needed, or what about the request was wrong. What it quotes of the request
    /// is left out, because that may be somebody's text. Null: nothing.
    /// </summary>
    public static string? Detail(JsonObject answer)
    {
        var details = new List<string>();
        foreach (var scopes in new[] { "needed", "provided" })
        {
            if (Text(answer, scopes) is { Length: > 0 } named) details.Add($"{scopes} {named}");
        }

        if ((answer["response_metadata"] as JsonObject)?["messages"] is JsonArray messages)
            details.AddRange(messages.OfType<JsonValue>().Where(message => message.GetValueKind() == JsonValueKind.String).Select(message => message.GetValue<string>()));
        var detail = Unprintable().Replace(Quoted().Replace(string.Join("; ", details), "…"), " ").Trim();
        return detail.Length == 0 ? null : detail.Length <= MaxDetailLength ? detail : $"{detail[..MaxDetailLength]}…";
    }

    /// <summary>What Slack did and would rather have been asked otherwise; null: nothing.</summary>
    public static string? Warning(JsonObject answer)
    {
        var warnings = (answer["response_metadata"] as JsonObject)?["warnings"] is JsonArray several
            ? several.Select(Word).OfType<string>().ToList()
            : Text(answer, "warning")?.Split(',').Select(one => Word(JsonValue.Create(one))).OfType<string>().ToList();
        return warnings is { Count: > 0 } ? string.Join(", ", warnings) : null;
    }

    /// <summary>Where a message was posted.</summary>
    public static PostedMessage Posted(JsonObject answer) => new(Needed(answer, "channel"), Needed(answer, "ts"));

    /// <summary>The conversation that was opened.</summary>
    public static string Opened(JsonObject answer) => Needed(answer["channel"] as JsonObject ?? [], "id");

    /// <summary>The workspace that a token is for.</summary>
    public static string Tested(JsonObject answer) => Needed(answer, "team_id");

    /// <summary>Our message in a page of a history.</summary>
    public static HistoryPage Found(JsonObject answer, string channel, Guid summaryId)
    {
        // A history that is none must not pass for an empty one: what is not found there is posted again.
        if (answer["messages"] is not JsonArray messages) throw new JsonException("The answer has no messages.");
        foreach (var message in messages)
        {
            if (message is not JsonObject one) throw new JsonException("A message is none.");
            if (one["metadata"] is not JsonObject metadata || Text(metadata, "event_type") != SlackMetadata.EventType) continue;
            if (metadata["event_payload"] is not JsonObject payload || Text(payload, SlackMetadata.SummaryId) != $"{summaryId}") continue;
            return new HistoryPage(new PostedMessage(channel, Needed(one, "ts"), Number(payload, SlackMetadata.Revision) ?? 0));
        }

        if ((answer["response_metadata"] as JsonObject)?["next_cursor"] is JsonValue next && next.GetValueKind() == JsonValueKind.String
            && next.GetValue<string>() is { Length: > 0 } cursor)
            return new HistoryPage(null, cursor);
        // What is not on this page may be on another, to which there is no way: that it is not there cannot be said.
        return answer["has_more"]?.GetValueKind() == JsonValueKind.True
            ? throw new JsonException("There are more messages, and no cursor to them.")
            : new HistoryPage(null);
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

    /// <summary>A word of Slack's, such as <c>missing_scope</c>: it comes into tables and logs, so it is no longer than one and has nothing else in it.</summary>
    private static string? Word(JsonNode? node) =>
        node is JsonValue value && value.GetValueKind() == JsonValueKind.String && value.GetValue<string>().Trim() is { Length: > 0 and <= MaxNameLength } word
            && !word.Any(char.IsControl)
                ? word
                : null;

    [GeneratedRegex("""["'`“‘][^"'`”’]*["'`”’]""")]
    private static partial Regex Quoted();

    [GeneratedRegex("""[\p{C}\s]+""")]
    private static partial Regex Unprintable();

    private static string Needed(JsonObject owner, string name) => Text(owner, name) ?? throw new JsonException($"The answer lacks {name}.");

    /// <summary>A text; null: there is none.</summary>
    public static string? Text(JsonObject owner, string name) =>
        owner[name] is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;

    /// <summary>A whole number, also one that is sent as a text.</summary>
    public static int? Number(JsonObject owner, string name) => owner[name] switch
    {
        JsonValue value when value.GetValueKind() == JsonValueKind.Number && value.TryGetValue<double>(out var number)
            && number == Math.Truncate(number) && Math.Abs(number) <= int.MaxValue => (int)number,
        JsonValue value when value.GetValueKind() == JsonValueKind.String
            && int.TryParse(value.GetValue<string>(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) => number,
        _ => null,
    };
}
