using System.Text.Json;

namespace StudyTracker.Ingress;

/// <summary>The few fields of a Slack envelope that decide what it is.</summary>
internal struct EnvelopeFields
{
    public string? Type, TeamId, EventId, Challenge, EventType, Subtype, User, InnerUser, Channel;
    public bool BotId;
    private Seen _seen;

    /// <summary>What decides must be said once: of two answers another reader may take the other one.</summary>
    [Flags]
    private enum Seen
    {
        Type = 1,
        TeamId = 2,
        EventId = 4,
        Challenge = 8,
        Event = 16,
        EventType = 32,
        Subtype = 64,
        User = 128,
        Channel = 256,
    }

    /// <summary>Reads to the end of the document, so that what follows the fields is known to be well-formed too.</summary>
    public static EnvelopeFields Read(ref Utf8JsonReader reader)
    {
        var fields = default(EnvelopeFields);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) throw new JsonException("Not an object.");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("type"u8)) fields.Type = fields.Once(Seen.Type, ref reader);
            else if (reader.ValueTextEquals("team_id"u8)) fields.TeamId = fields.Once(Seen.TeamId, ref reader);
            else if (reader.ValueTextEquals("event_id"u8)) fields.EventId = fields.Once(Seen.EventId, ref reader);
            else if (reader.ValueTextEquals("challenge"u8)) fields.Challenge = fields.Once(Seen.Challenge, ref reader);
            else if (reader.ValueTextEquals("event"u8)) fields.ReadEvent(ref reader);
            else SkipValue(ref reader);
        }

        if (reader.Read()) throw new JsonException("Something follows the object.");
        return fields;
    }

    private void ReadEvent(ref Utf8JsonReader reader)
    {
        Mark(Seen.Event);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("type"u8)) EventType = Once(Seen.EventType, ref reader);
            else if (reader.ValueTextEquals("subtype"u8)) Subtype = Once(Seen.Subtype, ref reader);
            else if (reader.ValueTextEquals("user"u8)) User = Once(Seen.User, ref reader);
            else if (reader.ValueTextEquals("channel"u8)) Channel = Once(Seen.Channel, ref reader);
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

    private string? Once(Seen field, ref Utf8JsonReader reader)
    {
        Mark(field);
        return NextString(ref reader);
    }

    private void Mark(Seen field)
    {
        if ((_seen & field) != 0) throw new JsonException("A property is doubled.");
        _seen |= field;
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
