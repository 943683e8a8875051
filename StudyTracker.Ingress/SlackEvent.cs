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

    /// <summary>A channel has got another id.</summary>
    ChannelChange,

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

    /// <summary>The workspace or organisation; empty when it is not told.</summary>
    public string TeamId => Encoding.ASCII.GetString(_key.AsSpan(0, _teamLength));

    /// <summary>Who wrote the message; in an edit or deletion, who wrote the message that it concerns.</summary>
    public string UserId => Encoding.ASCII.GetString(_key.AsSpan(Math.Min(_teamLength + 1, _key.Length)));

    /// <summary>Slack's identity of the event, in ASCII.</summary>
    public byte[] EventId { get; private init; } = [];

    /// <summary>
    /// The record key: of a <see cref="SlackEventKind.Message"/> that of its <see cref="Contracts.MemberKey"/>, which nobody behind
    /// Ingress works out again; of all else the id of the workspace or organisation that has installed the app.
    /// </summary>
    public byte[] Key => _key;

    /// <summary>Reads a body.</summary>
    /// <param name="body">The body.</param>
    /// <param name="allowedTeams">Whose events are wanted; null: everybody's.</param>
    public static SlackEvent Read(ReadOnlySpan<byte> body, IReadOnlySet<string>? allowedTeams = null)
    {
        try
        {
            var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = 64 });
            var fields = EnvelopeFields.Read(ref reader);
            return Classify(fields, allowedTeams);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a string with half a surrogate pair, or a value of another type than expected.
            return new SlackEvent(SlackEventKind.Invalid, "not_json");
        }
    }

    private static SlackEvent Classify(in EnvelopeFields fields, IReadOnlySet<string>? allowedTeams)
    {
        if (fields.Type.Is("event_callback"u8)) return ClassifyCallback(fields, allowedTeams);
        if (fields.Type.Is("app_rate_limited"u8)) return new(SlackEventKind.RateLimited, fields.Origin.Installation, default, default);
        if (!fields.Type.Is("url_verification"u8))
            return fields.Type.Exists ? new(SlackEventKind.Unwanted, "type") : new(SlackEventKind.Invalid, "no_type");
        return fields.Challenge.Value.Length is > 0 and <= MaxChallengeLength
            ? new(SlackEventKind.UrlVerification) { Challenge = Encoding.UTF8.GetString(fields.Challenge.Value) }
            : new(SlackEventKind.Invalid, "no_challenge");
    }

    private static SlackEvent ClassifyCallback(in EnvelopeFields fields, IReadOnlySet<string>? allowedTeams)
    {
        if (!fields.EventId.IsId) return new(SlackEventKind.Invalid, "no_event_id");
        // Of an organisation nothing but its own id may be told; without that either there is nobody to serve.
        if (!fields.Origin.Installation.IsId) return Unwanted(fields, "no_team");
        var slackEvent = ClassifyEvent(fields);
        return slackEvent.Kind != SlackEventKind.Unwanted && allowedTeams is not null && !fields.Origin.IsOfAny(allowedTeams, slackEvent.TeamId)
            ? Unwanted(fields, "team")
            : slackEvent;
    }

    private static SlackEvent ClassifyEvent(in EnvelopeFields fields)
    {
        var type = fields.Event.Type;
        if (type.Is("message"u8)) return ClassifyMessage(fields);
        if (type.Is("channel_id_changed"u8)) return ClassifyChannelChange(fields);
        if (type.Is("tokens_revoked"u8) || type.Is("app_uninstalled"u8)) return OfInstallation(SlackEventKind.Installation, fields);
        // An app mention arrives as a message too: the message is the one that counts.
        return Unwanted(fields, type.Is("app_mention"u8) ? "app_mention" : "event_type");
    }

    /// <summary>Judges by whose words an event tells of, and whether they are words: housekeeping of Slack's is none.</summary>
    private static SlackEvent ClassifyMessage(in EnvelopeFields fields)
    {
        ref readonly var slackEvent = ref fields.Event;
        ref readonly var message = ref slackEvent.Outer;
        var isChange = message.Subtype.Is("message_changed"u8);
        var isDeletion = message.Subtype.Is("message_deleted"u8);
        if (isChange) message = ref slackEvent.Message;
        // A deleted message with replies stays in Slack as a "tombstone" by Slackbot, told as an edit.
        var isTombstone = isChange && message.Subtype.Is("tombstone"u8);
        if (isDeletion || (isTombstone && slackEvent.Previous.User.IsId)) message = ref slackEvent.Previous;

        if (message.IsByApp || slackEvent.Outer.IsByApp || slackEvent.Previous.IsByApp || message.Subtype.Is("bot_message"u8)) return Unwanted(fields, "bot");
        if (!IsWritten(message.Subtype) && !isTombstone) return Unwanted(fields, "subtype");
        if (!isChange && !isDeletion && message.IsUnseen) return Unwanted(fields, "hidden");
        if (!message.User.IsId || !slackEvent.Channel.IsId) return Unwanted(fields, "no_user_or_channel");
        return message.User.Is("USLACKBOT"u8)
            ? Unwanted(fields, "slackbot")
            : new(SlackEventKind.Message, fields.Origin.HomeOf(message.AuthorTeam), message.User, fields.EventId);
    }

    /// <summary>Whether a message of this subtype is a learner's own words. Slack may have further ones at any time.</summary>
    private static bool IsWritten(JsonText subtype) =>
        subtype.Value.IsEmpty || subtype.Is("file_share"u8) || subtype.Is("thread_broadcast"u8) || subtype.Is("me_message"u8);

    private static SlackEvent ClassifyChannelChange(in EnvelopeFields fields) =>
        fields.Event is { OldChannel.IsId: true, NewChannel.IsId: true } && !fields.Event.OldChannel.IsSameId(fields.Event.NewChannel)
            ? OfInstallation(SlackEventKind.ChannelChange, fields)
            : Unwanted(fields, "no_channel");

    private static SlackEvent OfInstallation(SlackEventKind kind, in EnvelopeFields fields) =>
        new(kind, fields.Origin.Installation, default, fields.EventId);

    private static SlackEvent Unwanted(in EnvelopeFields fields, string why) =>
        new(SlackEventKind.Unwanted, fields.Origin.Installation, default, fields.EventId) { Detail = why };

    private SlackEvent(SlackEventKind kind, JsonText team, JsonText user, JsonText eventId)
        : this(kind)
    {
        _teamLength = team.IsId ? team.Value.Length : 0;
        _key = new byte[_teamLength + (user.Exists ? 1 + user.Value.Length : 0)];
        team.Value[.._teamLength].CopyTo(_key);
        if (user.Exists)
        {
            _key[_teamLength] = (byte)':';
            user.Value.CopyTo(_key.AsSpan(_teamLength + 1));
        }

        EventId = eventId.Value.ToArray();
    }
}
