using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace StudyTracker.Ingress;

/// <summary>A string of a JSON document, where it stands there.</summary>
/// <param name="value">Its UTF-8, unescaped.</param>
internal readonly ref struct JsonText(ReadOnlySpan<byte> value)
{
    // Slack's ids are short; anything longer is not Slack's and must not become a record key.
    private const int MaxIdLength = 64;

    private static readonly SearchValues<byte> _idLetters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-."u8);

    public ReadOnlySpan<byte> Value { get; } = value;

    /// <summary>Whether there is a string, be it an empty one.</summary>
    public bool Exists { get; } = true;

    /// <summary>Whether it can be an id of Slack's, and so part of a record key.</summary>
    public bool IsId => Value.Length is > 0 and <= MaxIdLength && !Value.ContainsAnyExcept(_idLetters);

    public bool Is(ReadOnlySpan<byte> text) => Exists && Value.SequenceEqual(text);
}

/// <summary>The few fields of a Slack envelope that decide what it is, read without making a string of any.</summary>
internal ref struct EnvelopeFields
{
    public JsonText Type, TeamId, EventId, Challenge, EventType, Subtype, User, InnerUser, Channel;
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
    public static EnvelopeFields Read(scoped ref Utf8JsonReader reader)
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

    private void ReadEvent(scoped ref Utf8JsonReader reader)
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
            else if (reader.ValueTextEquals("bot_id"u8)) BotId |= NextText(ref reader).Value.Length > 0;
            else if (reader.ValueTextEquals("message"u8) || reader.ValueTextEquals("previous_message"u8)) ReadInner(ref reader);
            else SkipValue(ref reader);
        }
    }

    private void ReadInner(scoped ref Utf8JsonReader reader)
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
            else if (reader.ValueTextEquals("bot_id"u8)) BotId |= NextText(ref reader).Value.Length > 0;
            else SkipValue(ref reader);
        }
    }

    private void ReadInnerUser(scoped ref Utf8JsonReader reader)
    {
        var user = NextText(ref reader);
        if (!InnerUser.Exists) InnerUser = user;
    }

    private JsonText Once(Seen field, scoped ref Utf8JsonReader reader)
    {
        Mark(field);
        return NextText(ref reader);
    }

    private void Mark(Seen field)
    {
        if ((_seen & field) != 0) throw new JsonException("A property is doubled.");
        _seen |= field;
    }

    private static JsonText NextText(scoped ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.String)
        {
            reader.Skip();
            return default;
        }

        if (reader.ValueIsEscaped) return new JsonText(Unescaped(ref reader));
        if (!Ascii.IsValid(reader.ValueSpan) && !Utf8.IsValid(reader.ValueSpan)) throw new JsonException("No valid UTF-8.");
        return new JsonText(reader.ValueSpan);
    }

    private static ReadOnlySpan<byte> Unescaped(scoped ref Utf8JsonReader reader)
    {
        // Slack does not escape what is read here, so the copy is nobody's usual path.
        var text = new byte[reader.ValueSpan.Length];
        return text.AsSpan(0, reader.CopyString(text));
    }

    private static void SkipValue(scoped ref Utf8JsonReader reader)
    {
        reader.Read();
        reader.Skip();
    }
}
