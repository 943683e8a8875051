using System.Text;
using System.Text.Json;

namespace StudyTracker.Ingress;

/// <summary>What an authentic request is, as far as Ingress has to know.</summary>
internal enum SlackEventKind
{
    /// <summary>Not an Events API request.</summary>
    Invalid,

    /// <summary>Slack checks the URL: echo the challenge.</summary>
    UrlVerification,

    /// <summary>Slack holds events back because the workspace exceeded its hourly cap.</summary>
    RateLimited,

    /// <summary>A learner wrote, edited or deleted a message.</summary>
    Message,

    /// <summary>A workspace has removed the app, or revoked tokens of it.</summary>
    Installation,

    /// <summary>Authentic, and of no concern here.</summary>
    Unwanted,
}

/// <summary>An Events API request, read in one pass over its bytes: nothing is made of it but what goes on to Kafka.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Detail">For <see cref="SlackEventKind.Unwanted"/> and <see cref="SlackEventKind.Invalid"/>: why, one word.</param>
internal readonly record struct SlackEvent(SlackEventKind Kind, string Detail = "")
{
    private const int MaxChallengeLength = 1_024;

    private readonly byte[] _key = [];
    private readonly int _teamLength;

    /// <summary>The answer to url_verification.</summary>
    public string? Challenge { get; private init; }

    /// <summary>The workspace; empty when it is not told.</summary>
    public string TeamId => Encoding.ASCII.GetString(_key.AsSpan(0, _teamLength));

    /// <summary>Who wrote the message; in an edit or deletion, who wrote the message that it concerns.</summary>
    public string UserId => Encoding.ASCII.GetString(_key.AsSpan(Math.Min(_teamLength + 1, _key.Length)));

    /// <summary>Slack's identity of the event, in ASCII.</summary>
    public byte[] EventId { get; private init; } = [];

    /// <summary>
    /// The record key of a <see cref="SlackEventKind.Message"/>: that of its <see cref="Contracts.MemberKey"/>; of a
    /// <see cref="SlackEventKind.Installation"/>: the workspace's id.
    /// </summary>
    public byte[] Key => _key;

    /// <summary>Reads a body.</summary>
    public static SlackEvent Read(ReadOnlySpan<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = 64 });
            var fields = EnvelopeFields.Read(ref reader);
            return Classify(fields);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a string with half a surrogate pair, or a value of another type than expected.
            return new SlackEvent(SlackEventKind.Invalid, "not_json");
        }
    }

    private static SlackEvent Classify(in EnvelopeFields fields)
    {
        if (fields.Type.Is("event_callback"u8)) return ClassifyCallback(fields);
        if (fields.Type.Is("app_rate_limited"u8))
            return new(SlackEventKind.RateLimited, fields.TeamId.IsId ? fields.TeamId : default, default, default);
        if (!fields.Type.Is("url_verification"u8))
            return fields.Type.Exists ? new(SlackEventKind.Unwanted, "type") : new(SlackEventKind.Invalid, "no_type");
        return fields.Challenge.Value.Length is > 0 and <= MaxChallengeLength
            ? new(SlackEventKind.UrlVerification) { Challenge = Encoding.UTF8.GetString(fields.Challenge.Value) }
            : new(SlackEventKind.Invalid, "no_challenge");
    }

    private static SlackEvent ClassifyCallback(in EnvelopeFields fields)
    {
        if (!fields.TeamId.IsId || !fields.EventId.IsId) return new(SlackEventKind.Invalid, "no_team_or_event_id");
        if (fields.EventType.Is("tokens_revoked"u8) || fields.EventType.Is("app_uninstalled"u8))
            return new(SlackEventKind.Installation, fields.TeamId, default, fields.EventId);
        var mention = fields.EventType.Is("app_mention"u8);
        if (!mention && !fields.EventType.Is("message"u8)) return Unwanted(fields, "event_type");
        if (fields.BotId || fields.Subtype.Is("bot_message"u8)) return Unwanted(fields, "bot");
        // An app mention arrives as a message too: the message is the one that counts.
        if (mention) return Unwanted(fields, "app_mention");
        var change = fields.Subtype.Is("message_changed"u8) || fields.Subtype.Is("message_deleted"u8);
        if (!change && !IsWritten(fields.Subtype)) return Unwanted(fields, "subtype");

        // The inner message, where there is one, is the learner's; the outer one is only the news about it.
        var user = change ? fields.InnerUser : fields.User;
        return user.IsId && fields.Channel.IsId
            ? new(SlackEventKind.Message, fields.TeamId, user, fields.EventId)
            : Unwanted(fields, "no_user_or_channel");
    }

    /// <summary>Whether a message of this subtype is a learner's own words.</summary>
    private static bool IsWritten(JsonText subtype) =>
        !subtype.Exists || subtype.Is("file_share"u8) || subtype.Is("thread_broadcast"u8) || subtype.Is("me_message"u8);

    private static SlackEvent Unwanted(in EnvelopeFields fields, string why) =>
        new(SlackEventKind.Unwanted, fields.TeamId, default, fields.EventId) { Detail = why };

    private SlackEvent(SlackEventKind kind, JsonText team, JsonText user, JsonText eventId)
        : this(kind)
    {
        _teamLength = team.Value.Length;
        _key = new byte[_teamLength + (user.Exists ? 1 + user.Value.Length : 0)];
        team.Value.CopyTo(_key);
        if (user.Exists)
        {
            _key[_teamLength] = (byte)':';
            user.Value.CopyTo(_key.AsSpan(_teamLength + 1));
        }

        EventId = eventId.Value.ToArray();
    }

    /// <summary>Whether a text can be an id of Slack's, and so part of a record key.</summary>
    internal static bool IsId(string? text) => text is not null && Ascii.IsValid(text) && new JsonText(Encoding.ASCII.GetBytes(text)).IsId;
}
