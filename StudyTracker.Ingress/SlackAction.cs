using System.Text.Json;
using StudyTracker.Contracts;

namespace StudyTracker.Ingress;

/// <summary>What a learner did in Slack other than writing: a slash command, or an interaction with a message or a view.</summary>
/// <param name="Member">Who did it; the default when it does not tell.</param>
/// <param name="Fault">Why it is none, one word; empty when it is one.</param>
internal readonly record struct SlackAction(MemberKey Member, string Fault = "")
{
    private const int MaxUrlLength = 2_048;

    // Slack's answers go to these hosts only; anything else would have us call whomever the sender likes.
    private static readonly string[] _slackResponseUrls = ["https://hooks.slack.com/", "https://hooks.slack-gov.com/"];

    private static readonly JsonDocumentOptions _strict = new() { MaxDepth = 64, AllowDuplicateProperties = false };

    /// <summary>The workspaces and organisations that it tells of.</summary>
    public IReadOnlyList<string> Teams { get; private init; } = [];

    /// <summary>Reads a slash command's form.</summary>
    /// <param name="form">The form.</param>
    /// <param name="responseUrl">What an address that it is answered at may begin with, besides Slack's own; null: nothing else.</param>
    public static SlackAction ReadCommand(IReadOnlyDictionary<string, string> form, Uri? responseUrl = null)
    {
        if (form.GetValueOrDefault("command") is not ['/', _, ..]) return Invalid("no_command");
        if (!IsResponseUrl(form.GetValueOrDefault("response_url"), responseUrl)) return Invalid("response_url");
        return Of(
            form.GetValueOrDefault("user_id"),
            userTeam: null,
            form.GetValueOrDefault("team_id"),
            form.GetValueOrDefault("enterprise_id"),
            form.GetValueOrDefault("is_enterprise_install") == "true");
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
        if (!MayBeAnsweredAt(Property(payload, "response_url"), responseUrl)) return Invalid("response_url");
        var urls = Property(payload, "response_urls");
        if (urls.ValueKind is not (JsonValueKind.Array or JsonValueKind.Null or JsonValueKind.Undefined)
            || (urls.ValueKind == JsonValueKind.Array && urls.EnumerateArray().Any(url => !IsResponseUrl(Text(url, "response_url"), responseUrl))))
            return Invalid("response_url");

        // In an app installed for a whole organisation the team may be null. In a shared channel it is the channel's, and not the user's.
        var user = Property(payload, "user");
        return Of(
            Text(user, "id"),
            Text(user, "team_id"),
            Text(Property(payload, "team"), "id"),
            Text(Property(payload, "enterprise"), "id"),
            IsTrue(Property(payload, "is_enterprise_install")));
    }

    private static SlackAction Of(string? user, string? userTeam, string? team, string? enterprise, bool isEnterpriseInstall)
    {
        var origin = new Origin
        {
            TeamId = JsonText.Of(team),
            EnterpriseId = JsonText.Of(enterprise),
            IsEnterpriseInstall = isEnterpriseInstall,
        };
        var home = origin.HomeOf(JsonText.Of(userTeam));
        return home.IsId && JsonText.Of(user).IsId
            ? new(new MemberKey(home.ToString(), user!)) { Teams = [home.ToString(), team ?? "", enterprise ?? ""] }
            : new(default(MemberKey));
    }

    private static SlackAction Invalid(string fault) => new(default, fault);

    private static bool MayBeAnsweredAt(JsonElement url, Uri? responseUrl) => url.ValueKind switch
    {
        JsonValueKind.Undefined or JsonValueKind.Null => true,
        JsonValueKind.String => url.ValueEquals("") || IsResponseUrl(url.GetString(), responseUrl),
        _ => false,
    };

    private static bool IsResponseUrl(string? url, Uri? responseUrl) =>
        url is { Length: <= MaxUrlLength }
        && (_slackResponseUrls.Any(slack => url.StartsWith(slack, StringComparison.Ordinal))
            || (responseUrl is not null && url.StartsWith(responseUrl.AbsoluteUri, StringComparison.Ordinal)))
        && url.All(letter => letter is > ' ' and < '\x7f' and not '\\')
        && Uri.TryCreate(url, UriKind.Absolute, out _);

    private static bool IsTrue(JsonElement value) =>
        value.ValueKind == JsonValueKind.True || (value.ValueKind == JsonValueKind.String && value.ValueEquals("true"));

    private static JsonElement Property(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var value) ? value : default;

    private static string? Text(JsonElement parent, string name) =>
        Property(parent, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;
}
