using System.Text.Json;
using StudyTracker.Kafka;

namespace StudyTracker.Summarizer.Intake;

/// <summary>
/// The fields of a Slack envelope that intake stores or decides by, read in one pass over its bytes: what is not stored is not
/// made a string of. An id that cannot be one is read as an empty text, which <see cref="Need"/> refuses.
/// </summary>
internal struct EnvelopeFields
{
    private const int MaxIdLength = 64;

    // What lies deep is skipped, and skipping costs no stack: nobody's message is lost for it.
    private static readonly JsonReaderOptions _options = new() { MaxDepth = 4_096 };

    public string? TeamId { get; private set; }

    public string? EventId { get; private set; }

    /// <summary>What is told; null when the envelope has no event.</summary>
    public MessageFields? Event { get; private set; }

    /// <summary>Reads an envelope.</summary>
    /// <exception cref="JsonException">It is not JSON.</exception>
    /// <exception cref="InvalidOperationException">A value is of another type than it should be, or no text.</exception>
    /// <exception cref="PoisonException">It is no envelope.</exception>
    public static EnvelopeFields Read(ReadOnlySpan<byte> json)
    {
        var fields = new EnvelopeFields();
        var reader = new Utf8JsonReader(json, _options);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) throw new PoisonException("The envelope is not an object.");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("team_id"u8)) fields.TeamId = Id(ref reader);
            else if (reader.ValueTextEquals("event_id"u8)) fields.EventId = Id(ref reader);
            else if (reader.ValueTextEquals("event"u8)) fields.Event = MessageFields.Read(ref reader, MessageFields.Place.Event);
            else reader.Skip();
        }

        reader.Read(); // refuses whatever follows the object
        return fields;
    }

    /// <summary>An id that has to be there.</summary>
    public static string Need(string? id, string name) =>
        string.IsNullOrEmpty(id) ? throw new PoisonException($"{name} is missing, empty or too long.") : id;

    /// <summary>An id that may be missing.</summary>
    public static string? Optional(string? id, string name) => id is null ? null : Need(id, name);

    /// <summary>The value of the property at which the reader is; null when it is no text, empty when it is no id.</summary>
    public static string? Id(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.String)
        {
            reader.Skip();
            return null;
        }

        return reader.ValueSpan.Length <= MaxIdLength * 6 && reader.GetString() is { Length: <= MaxIdLength } id && !id.Contains('\0') ? id : "";
    }
}

/// <summary>What an event, or a message within it, says.</summary>
internal sealed class MessageFields
{
    /// <summary>Where the fields stand.</summary>
    internal enum Place
    {
        /// <summary>The event itself.</summary>
        Event,

        /// <summary>The message that an edit led to.</summary>
        Message,

        /// <summary>The message as it was before: its text is not stored, so it is not read.</summary>
        Previous,
    }

    public string? Subtype { get; private set; }

    public string? Channel { get; private set; }

    public string? User { get; private set; }

    public string? Ts { get; private set; }

    public string? ThreadTs { get; private set; }

    public string? DeletedTs { get; private set; }

    /// <summary>When a person edited it; null when nobody did.</summary>
    public string? EditedTs { get; private set; }

    public bool IsEdited { get; private set; }

    /// <summary>The text in Slack's markup; empty when there is none.</summary>
    public string Text { get; private set; } = "";

    /// <summary>How many bytes of JSON the text has.</summary>
    public int TextBytes { get; private set; }

    /// <summary>Where in the envelope its blocks are.</summary>
    public JsonPlace Blocks { get; private set; }

    /// <summary>Where its attachments are: forwarded messages, and what Slack has found behind links.</summary>
    public JsonPlace Attachments { get; private set; }

    /// <summary>Where its files are.</summary>
    public JsonPlace Files { get; private set; }

    public MessageFields? Message { get; private set; }

    public MessageFields? Previous { get; private set; }

    /// <summary>Reads the value of the property at which the reader is; null when it is no object.</summary>
    public static MessageFields? Read(ref Utf8JsonReader reader, Place place)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return null;
        }

        var fields = new MessageFields();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName) fields.ReadProperty(ref reader, place);
        return fields;
    }

    private void ReadProperty(ref Utf8JsonReader reader, Place place)
    {
        if (reader.ValueTextEquals("subtype"u8)) Subtype = EnvelopeFields.Id(ref reader);
        else if (reader.ValueTextEquals("channel"u8)) Channel = EnvelopeFields.Id(ref reader);
        else if (reader.ValueTextEquals("user"u8)) User = EnvelopeFields.Id(ref reader);
        else if (reader.ValueTextEquals("ts"u8)) Ts = EnvelopeFields.Id(ref reader);
        else if (reader.ValueTextEquals("thread_ts"u8)) ThreadTs = EnvelopeFields.Id(ref reader);
        else if (reader.ValueTextEquals("deleted_ts"u8)) DeletedTs = EnvelopeFields.Id(ref reader);
        else if (reader.ValueTextEquals("edited"u8)) ReadEdited(ref reader);
        else if (place == Place.Event && reader.ValueTextEquals("message"u8)) Message = Read(ref reader, Place.Message);
        else if (place == Place.Event && reader.ValueTextEquals("previous_message"u8)) Previous = Read(ref reader, Place.Previous);
        else if (place == Place.Previous || !ReadContent(ref reader)) reader.Skip();
    }

    private bool ReadContent(ref Utf8JsonReader reader)
    {
        if (reader.ValueTextEquals("text"u8)) ReadText(ref reader);
        else if (reader.ValueTextEquals("blocks"u8)) Blocks = JsonPlace.OfTexts(ref reader);
        else if (reader.ValueTextEquals("attachments"u8)) Attachments = JsonPlace.Of(ref reader);
        else if (reader.ValueTextEquals("files"u8)) Files = JsonPlace.Of(ref reader);
        else return false;
        return true;
    }

    private void ReadText(ref Utf8JsonReader reader)
    {
        Text = PlainText.Read(ref reader);
        TextBytes = Text.Length > 0 ? reader.ValueSpan.Length : 0;
    }

    private void ReadEdited(ref Utf8JsonReader reader)
    {
        if (Read(ref reader, Place.Previous) is not { } edited) return;
        IsEdited = true;
        EditedTs = edited.Ts;
    }
}
