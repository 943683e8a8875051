using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace StudyTracker.Summarizer.Intake;

/// <summary>
/// Reads people's text from JSON as it is, but for what PostgreSQL and Unicode refuse: NUL, halves of surrogate pairs and
/// bytes that are no UTF-8 become U+FFFD. A message is not lost for one odd character.
/// </summary>
internal static class PlainText
{
    private const char Replacement = '\uFFFD';

    /// <summary>The text of the property at which the reader is; empty when it is none.</summary>
    public static string Read(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.String)
        {
            reader.Skip();
            return "";
        }

        try
        {
            return reader.GetString()!.Replace('\0', Replacement);
        }
        catch (InvalidOperationException)
        {
            return Repair(Encoding.UTF8.GetString(reader.ValueSpan));
        }
    }

    /// <summary>The text of a property of an object; empty when there is none.</summary>
    public static string Of(JsonElement owner, string name)
    {
        if (owner.ValueKind != JsonValueKind.Object || !owner.TryGetProperty(name, out var value) || value.ValueKind != JsonValueKind.String) return "";
        try
        {
            return value.GetString()!.Replace('\0', Replacement);
        }
        catch (InvalidOperationException)
        {
            return Repair(Encoding.UTF8.GetString(JsonMarshal.GetRawUtf8Value(value)[1..^1]));
        }
    }

    /// <summary>Unescapes what stands between the quotes of a JSON string that a strict reader refuses.</summary>
    private static string Repair(string literal)
    {
        var text = new StringBuilder(literal.Length);
        for (var i = 0; i < literal.Length; i++)
        {
            if (literal[i] != '\\')
            {
                text.Append(literal[i]);
                continue;
            }

            var escape = literal[++i];
            if (escape == 'u')
            {
                text.Append((char)ushort.Parse(literal.AsSpan(i + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
                i += 4;
            }
            else
            {
                text.Append(escape switch { 'n' => '\n', 't' => '\t', 'r' => '\r', 'b' => '\b', 'f' => '\f', _ => escape });
            }
        }

        // Encoding and decoding replaces every half of a pair.
        return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text.ToString())).Replace('\0', Replacement);
    }
}
