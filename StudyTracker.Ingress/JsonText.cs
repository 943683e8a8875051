using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace StudyTracker.Ingress;

/// <summary>A string of a JSON document, where it stands there; the default when it was not said, or is no string.</summary>
internal readonly ref struct JsonText
{
    // Slack's ids are short; anything longer is not Slack's and must not become a record key.
    private const int MaxIdLength = 64;

    private static readonly SearchValues<byte> _idLetters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-."u8);

    private readonly bool _isSaid;

    /// <summary>A string.</summary>
    /// <param name="value">Its UTF-8, unescaped.</param>
    public JsonText(ReadOnlySpan<byte> value)
    {
        Value = value;
        Exists = _isSaid = true;
    }

    private JsonText(bool isSaid) => _isSaid = isSaid;

    public ReadOnlySpan<byte> Value { get; }

    /// <summary>Whether there is a string, be it an empty one.</summary>
    public bool Exists { get; }

    /// <summary>Whether it can be an id of Slack's, and so part of a record key.</summary>
    public bool IsId => Value.Length is > 0 and <= MaxIdLength && !Value.ContainsAnyExcept(_idLetters);

    public bool Is(ReadOnlySpan<byte> text) => Exists && Value.SequenceEqual(text);

    /// <summary>Whether both are the same id.</summary>
    public bool IsSameId(JsonText other) => IsId && Value.SequenceEqual(other.Value);

    /// <summary>A form's field, which no JSON document has.</summary>
    public static JsonText Of(string? text) => text is null ? default : new(Encoding.UTF8.GetBytes(text));

    /// <summary>This, or the other one when this is no id.</summary>
    public JsonText Or(JsonText other) => IsId ? this : other;

    public override string ToString() => Encoding.UTF8.GetString(Value);

    /// <summary>
    /// Reads the value of the property at which the reader is. What decides must be said once: of two answers another reader may
    /// take the other one.
    /// </summary>
    /// <exception cref="JsonException">It is said a second time, or is no UTF-8.</exception>
    public static void ReadOnce(ref JsonText field, scoped ref Utf8JsonReader reader)
    {
        if (field._isSaid) throw new JsonException("A property is doubled.");
        field = Next(ref reader);
    }

    private static JsonText Next(scoped ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.String)
        {
            reader.Skip();
            return new JsonText(isSaid: true);
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
}
