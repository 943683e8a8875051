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

    /// <summary>Authentic, and of no concern here.</summary>
    Unwanted,
}

/// <summary>An Events API request, read in one pass over its bytes without building objects.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Detail">For <see cref="SlackEventKind.Unwanted"/> and <see cref="SlackEventKind.Invalid"/>: why, one word.</param>
internal readonly record struct SlackEvent(SlackEventKind Kind, string Detail = "")
{
    // Slack's ids are short; anything longer is not Slack's and must not become a record key.
    private const int MaxIdLength = 64;

    /// <summary>The answer to url_verification.</summary>
    public string? Challenge { get; private init; }

    /// <summary>The workspace.</summary>
    public string? TeamId { get; private init; }

    /// <summary>Slack's identity of the event.</summary>
    public string? EventId { get; private init; }

    /// <summary>Who wrote the message; in an edit or deletion, who wrote the message that it concerns.</summary>
    public string? UserId { get; private init; }

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
            // InvalidOperationException: a string that is no valid UTF-8, or a value of another type than expected.
            return new SlackEvent(SlackEventKind.Invalid, "not_json");
        }
    }

    private static SlackEvent Classify(in EnvelopeFields fields) => fields.Type switch
    {
        "url_verification" when fields.Challenge is { Length: > 0 and <= 1_024 } challenge =>
            new(SlackEventKind.UrlVerification) { Challenge = challenge },
        "url_verification" => new(SlackEventKind.Invalid, "no_challenge"),
        "app_rate_limited" => new(SlackEventKind.RateLimited) { TeamId = fields.TeamId },
        "event_callback" => ClassifyCallback(fields),
        null => new(SlackEventKind.Invalid, "no_type"),
        _ => new(SlackEventKind.Unwanted, "type"),
    };

    private static SlackEvent ClassifyCallback(in EnvelopeFields fields)
    {
        if (!IsId(fields.TeamId) || !IsId(fields.EventId)) return new(SlackEventKind.Invalid, "no_team_or_event_id");
        if (fields.EventType is not ("message" or "app_mention")) return Unwanted(fields, "event_type");
        if (fields.BotId || fields.Subtype is "bot_message") return Unwanted(fields, "bot");
        // An app mention arrives as a message too: the message is the one that counts.
        if (fields.EventType is "app_mention") return Unwanted(fields, "app_mention");
        if (fields.Subtype is not (null or "file_share" or "thread_broadcast" or "me_message" or "message_changed" or "message_deleted"))
            return Unwanted(fields, "subtype");

        // The inner message, where there is one, is the learner's; the outer one is only the news about it.
        var user = fields.Subtype is "message_changed" or "message_deleted" ? fields.InnerUser : fields.User;
        if (!IsId(user) || !IsId(fields.Channel)) return Unwanted(fields, "no_user_or_channel");
        return new(SlackEventKind.Message) { TeamId = fields.TeamId, EventId = fields.EventId, UserId = user };
    }

    private static SlackEvent Unwanted(in EnvelopeFields fields, string why) =>
        new(SlackEventKind.Unwanted, why) { TeamId = fields.TeamId, EventId = fields.EventId };

    /// <summary>Whether a text can be an id of Slack's, and so part of a record key.</summary>
    internal static bool IsId(string? text) =>
        text is { Length: > 0 and <= MaxIdLength } && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-' or '.');
}
