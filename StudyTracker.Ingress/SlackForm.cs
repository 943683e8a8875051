using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace StudyTracker.Ingress;

/// <summary>
/// A form as Slack sends it (<c>application/x-www-form-urlencoded</c>), read strictly: what two readers could understand in
/// two ways is no form.
/// </summary>
internal static class SlackForm
{
    // A slash command has about a dozen.
    private const int MaxFields = 64;

    /// <summary>
    /// The fields; null when one is doubled or has no name, an escape is broken, or the bytes are no UTF-8 or hold a NUL.
    /// </summary>
    public static IReadOnlyDictionary<string, string>? Read(ReadOnlySpan<byte> body)
    {
        var fields = new Dictionary<string, string>();
        foreach (var range in body.Split((byte)'&'))
        {
            var pair = body[range];
            var equals = pair.IndexOf((byte)'=');
            if (equals <= 0 || fields.Count == MaxFields) return null;
            if (Decode(pair[..equals]) is not { } name || Decode(pair[(equals + 1)..]) is not { } value) return null;
            if (!fields.TryAdd(name, value)) return null;
        }

        return fields;
    }

    /// <summary>
    /// Whether Slack only sees whether its requests would arrive, as it does now and then with addresses of commands. Such a
    /// request needs no signature: it is answered, and nothing comes of it.
    /// </summary>
    public static bool IsSslCheck(byte[] body) =>
        body.AsSpan().IndexOf("ssl_check=1"u8) >= 0 && Read(body)?.GetValueOrDefault("ssl_check") == "1";

    private static string? Decode(ReadOnlySpan<byte> text)
    {
        var decoded = new byte[text.Length];
        var length = 0;
        for (var index = 0; index < text.Length; index++)
        {
            var letter = text[index];
            if (letter == '%')
            {
                if (index + 2 >= text.Length
                    || !byte.TryParse(text.Slice(index + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out letter))
                    return null;
                index += 2;
            }
            else if (letter == '+')
            {
                letter = (byte)' ';
            }

            if (letter == 0) return null;
            decoded[length++] = letter;
        }

        var bytes = decoded.AsSpan(0, length);
        return Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : null;
    }
}
