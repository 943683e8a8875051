using System.Text.Json;

namespace StudyTracker.Summarizer.Intake;

/// <summary>
/// Where in a document a value stands, for what is read only when it is needed: the blocks of nearly every message say what its
/// text says too.
/// </summary>
/// <param name="Start">Offset in bytes.</param>
/// <param name="Length">Length in bytes; 0 when there is no list.</param>
/// <param name="TextBytes">How many bytes its texts have in all, at least; counted for blocks only.</param>
internal readonly record struct JsonPlace(int Start, int Length, int TextBytes)
{
    /// <summary>Passes by the list that the property at which the reader is holds.</summary>
    public static JsonPlace Of(ref Utf8JsonReader reader)
    {
        reader.Read();
        var start = (int)reader.TokenStartIndex;
        var isList = reader.TokenType == JsonTokenType.StartArray;
        reader.Skip();
        return isList ? new(start, (int)reader.BytesConsumed - start, 0) : default;
    }

    /// <summary>Passes by a list and adds up its texts on the way.</summary>
    public static JsonPlace OfTexts(ref Utf8JsonReader reader)
    {
        reader.Read();
        var (start, depth, bytes) = ((int)reader.TokenStartIndex, reader.CurrentDepth, 0);
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return default;
        }

        while (reader.Read() && reader.CurrentDepth > depth)
        {
            if (reader.TokenType != JsonTokenType.PropertyName || !reader.ValueTextEquals("text"u8)) continue;
            reader.Read();
            if (reader.TokenType == JsonTokenType.String) bytes += reader.ValueSpan.Length;
        }

        return new(start, (int)reader.BytesConsumed - start, bytes);
    }

    /// <summary>The list as a document, which the caller disposes of; null when there is none that can be read.</summary>
    /// <param name="json">The bytes in which it stands.</param>
    public JsonDocument? Parse(ReadOnlyMemory<byte> json)
    {
        if (Length == 0) return null;
        try
        {
            return JsonDocument.Parse(json.Slice(Start, Length));
        }
        catch (JsonException)
        {
            return null; // nested too deeply to be Slack's
        }
    }
}
