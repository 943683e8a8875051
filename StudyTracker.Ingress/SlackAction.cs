using System.Text.Json;
using StudyTracker.Contracts;

namespace StudyTracker.Ingress;

/// <summary>What a learner did in Slack other than writing: a slash command, or an interaction with a message or a view.</summary>
/// <param name="Member">Who did it.</param>
/// <param name="Fault">Why it is none, one word; empty when it is one.</param>
internal readonly record struct SlackAction(MemberKey Member, string Fault = "")
{
    private const int MaxUrlLength = 2_048;

    // Slack's answers go to this host only; anything else would have us call whomever the sender likes.
    private const string SlackResponseUrl = "https://hooks.slack.com/";

    private static readonly JsonDocumentOptions _strict = new() { MaxDepth = 64, AllowDuplicateProperties = false };

    /// <summary>Reads a slash command's form.</summary>
    /// <param name="form">The form.</param>
    /// <param name="responseUrl">What an address that it is answered at may begin with, besides Slack's own; null: nothing else.</param>
    public static SlackAction ReadCommand(IReadOnlyDictionary<string, string> form, Uri? responseUrl = null)
    {
        if (form.GetValueOrDefault("command") is not ['/', _, ..]) return Invalid("no_command");
        if (!IsResponseUrl(form.GetValueOrDefault("response_url"), responseUrl)) return Invalid("response_url");
        return Of(form.GetValueOrDefault("team_id"), form.GetValueOrDefault("user_id"));
    }

    /// <summary>Reads an interaction's form, whose one field <c>payload</c> is JSON.</summary>
    /// <param name="form">The form.</param>
    /// <param name="responseUrl">As of a command.</param>
    public static SlackAction ReadInteraction(IReadOnlyDictionary<string, string> form, Uri? responseUrl = null)
    {
        if (form.GetValueOrDefault("payload") is not { } payload) return Invalid("no_payload");
        try
        {
            using var document = JsonDocument.Parse(payload, _strict);
            return ReadInteraction(document.RootElement, responseUrl);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a string with half a surrogate pair.
            return Invalid("not_json");
        }
    }

    private static SlackAction ReadInteraction(JsonElement payload, Uri? responseUrl)
    {
        if (Text(payload, "type") is not { Length: > 0 }) return Invalid("no_type");
        // Not every interaction has one, and a submitted view may have several.
        if (payload.TryGetProperty("response_url", out _) && !IsResponseUrl(Text(payload, "response_url"), responseUrl)) return Invalid("response_url");
        if (payload.TryGetProperty("response_urls", out var urls)
            && (urls.ValueKind != JsonValueKind.Array || urls.EnumerateArray().Any(url => !IsResponseUrl(Text(url, "response_url"), responseUrl))))
            return Invalid("response_url");

        // In an app installed for a whole organisation the team may be null, and the user tells it.
        var user = Property(payload, "user");
        return Of(Text(Property(payload, "team"), "id") ?? Text(user, "team_id"), Text(user, "id"));
    }

    private static SlackAction Of(string? team, string? user) =>
        SlackEvent.IsId(team) && SlackEvent.IsId(user) ? new(new MemberKey(team!, user!)) : Invalid("no_team_or_user");

    private static SlackAction Invalid(string fault) => new(default, fault);

    private static bool IsResponseUrl(string? url, Uri? responseUrl) =>
        url is { Length: <= MaxUrlLength }
        && (url.StartsWith(SlackResponseUrl, StringComparison.Ordinal)
            || (responseUrl is not null && url.StartsWith(responseUrl.AbsoluteUri, StringComparison.Ordinal)))
        && url.All(letter => letter is > ' ' and < '\x7f' and not '\\')
        && Uri.TryCreate(url, UriKind.Absolute, out _);

    private static JsonElement Property(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var value) ? value : default;

    private static string? Text(JsonElement parent, string name) =>
        Property(parent, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;
}
