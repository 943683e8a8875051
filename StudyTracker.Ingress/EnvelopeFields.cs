using System.Text.Json;

namespace StudyTracker.Ingress;

/// <summary>The few fields of a Slack envelope that decide what it is.</summary>
internal struct EnvelopeFields
{
    public string? Type, TeamId, EventId, Challenge, EventType, Subtype, User, InnerUser, Channel;
    public bool BotId;

    /// <summary>Reads to the end of the document, so that what follows the fields is known to be well-formed too.</summary>
    public static EnvelopeFields Read(ref Utf8JsonReader reader)
    {
        var fields = default(EnvelopeFields);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) throw new JsonException("Not an object.");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("type"u8)) fields.Type = NextString(ref reader);
            else if (reader.ValueTextEquals("team_id"u8)) fields.TeamId = NextString(ref reader);
            else if (reader.ValueTextEquals("event_id"u8)) fields.EventId = NextString(ref reader);
            else if (reader.ValueTextEquals("challenge"u8)) fields.Challenge = NextString(ref reader);
            else if (reader.ValueTextEquals("event"u8)) fields.ReadEvent(ref reader);
            else SkipValue(ref reader);
        }

        if (reader.Read()) throw new JsonException("Something follows the object.");
        return fields;
    }

    private void ReadEvent(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("type"u8)) EventType = NextString(ref reader);
            else if (reader.ValueTextEquals("subtype"u8)) Subtype = NextString(ref reader);
            else if (reader.ValueTextEquals("user"u8)) User = NextString(ref reader);
            else if (reader.ValueTextEquals("channel"u8)) Channel = NextString(ref reader);
            else if (reader.ValueTextEquals("bot_id"u8)) BotId |= NextString(ref reader) is { Length: > 0 };
            else if (reader.ValueTextEquals("message"u8) || reader.ValueTextEquals("previous_message"u8)) ReadInner(ref reader);
            else SkipValue(ref reader);
        }
    }

    private void ReadInner(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("user"u8)) ReadInnerUser(ref reader);
            else if (reader.ValueTextEquals("bot_id"u8)) BotId |= NextString(ref reader) is { Length: > 0 };
            else SkipValue(ref reader);
        }
    }

    private void ReadInnerUser(ref Utf8JsonReader reader)
    {
        // Read in any case: "InnerUser ??= NextString(ref reader)" would leave the reader before the second one's value.
        var user = NextString(ref reader);
        InnerUser ??= user;
    }

    private static string? NextString(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.String) return reader.GetString();
        reader.Skip();
        return null;
    }

    private static void SkipValue(ref Utf8JsonReader reader)
    {
        reader.Read();
        reader.Skip();
    }
}
