using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace StudyTracker.Summarizer.Summaries;

/// <summary>
/// Finds the JSON object of an answer in what a model has put around it: a fence, a word before or after, thoughts, a string or
/// an object that holds it. What is found is checked by the caller as if it had come alone.
/// </summary>
internal static class AnswerJson
{
    /// <summary>The member by which the object is known.</summary>
    public const string Mark = "sentences";

    private const int MostCandidates = 200;
    private const int MostDepth = 3;
    private static readonly JsonReaderOptions _lenient = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    // What models that think aloud put around their thoughts. Templates often leave the first of the two out.
    private static readonly (string Open, string Close)[] _thoughts =
    [
        ("<think>", "</think>"), ("<thinking>", "</thinking>"), ("<thought>", "</thought>"), ("<reasoning>", "</reasoning>"),
        ("[think]", "[/think]"), ("◁think▷", "◁/think▷"), ("<|channel|>analysis", "<|channel|>final"),
    ];

    private static readonly SearchValues<char> _escapable = SearchValues.Create("\"\\/bfnrtu");

    /// <summary>The object; null when there is none that can be read.</summary>
    public static JsonElement? Find(string text)
    {
        text = text.Trim('\uFEFF', '\u200B', ' ', '\r', '\n', '\t');
        // Half a character in an escape is valid JSON, and cannot be read.
        if (text.Contains("\\ud", StringComparison.OrdinalIgnoreCase)) text = Repaired(text);
        return Whole(text) ?? Within(AfterThoughts(text)) ?? Within(AfterThoughts(Repaired(text)));
    }

    /// <summary>Whether a text is the beginning of thoughts that never ended.</summary>
    public static bool IsUnfinishedThought(string text) => _thoughts.Any(thought =>
        text.AsSpan().TrimStart().StartsWith(thought.Open, StringComparison.OrdinalIgnoreCase)
        && !text.Contains(thought.Close, StringComparison.OrdinalIgnoreCase));

    /// <summary>
    /// JSON whose strings have what JSON does not allow in them, in the only way in which it can be meant: line breaks as
    /// blanks, a backslash before anything else as itself, half a character as the sign for one that is missing.
    /// </summary>
    public static string Repaired(string json)
    {
        var repaired = new StringBuilder(json.Length + 16);
        for (var index = 0; index < json.Length; index++)
        {
            var letter = json[index];
            if (letter < ' ') repaired.Append(' ');
            else if (letter != '\\') repaired.Append(letter);
            else if (index + 1 == json.Length || !_escapable.Contains(json[index + 1])) repaired.Append("\\\\");
            else if (json[index + 1] != 'u') repaired.Append(letter).Append(json[++index]);
            else index += AppendEscape(repaired, json.AsSpan(index)) - 1;
        }

        return repaired.ToString();
    }

    /// <summary>Appends what a text begins with, <c>\uXXXX</c> or two of them; how many letters of it that was.</summary>
    private static int AppendEscape(StringBuilder repaired, ReadOnlySpan<char> text)
    {
        if (Unit(text) is not { } unit)
        {
            repaired.Append("\\\\");
            return 1;
        }

        var isPair = char.IsHighSurrogate(unit) && Unit(text[6..]) is { } second && char.IsLowSurrogate(second);
        if (!isPair && char.IsSurrogate(unit)) repaired.Append("\\ufffd");
        else repaired.Append(text[..(isPair ? 12 : 6)]);
        return isPair ? 12 : 6;
    }

    private static char? Unit(ReadOnlySpan<char> text) =>
        text.Length >= 6 && text[0] == '\\' && text[1] == 'u'
        && ushort.TryParse(text[2..6], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit)
            ? (char)unit
            : null;

    private static JsonElement? Whole(string text, int depth = 0)
    {
        if (text.Length == 0) return null;
        try
        {
            var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(text), _lenient);
            var root = JsonElement.ParseValue(ref reader);
            return reader.Read() ? null : Unwrapped(root, depth) ?? (root.ValueKind == JsonValueKind.String ? null : root);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The object with the mark: the value itself, or the only one in it.</summary>
    private static JsonElement? Unwrapped(JsonElement value, int depth)
    {
        if (depth > MostDepth) return null;
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                if (Member(value, Mark) is not null) return value;
                var inner = value.EnumerateObject().Select(member => Unwrapped(member.Value, depth + 1)).OfType<JsonElement>().ToList();
                return inner.Count == 1 ? inner[0] : null;
            case JsonValueKind.Array when value.GetArrayLength() == 1:
                return Unwrapped(value[0], depth + 1);
            case JsonValueKind.String when value.GetString() is { } text && text.Contains('{', StringComparison.Ordinal):
                return (Whole(text, depth + 1) ?? Whole(Repaired(text), depth + 1)) is { ValueKind: JsonValueKind.Object } found && Member(found, Mark) is not null ? found : null;
            default:
                return null;
        }
    }

    /// <summary>A member by its name, in whatever case and with or without underscores.</summary>
    public static JsonElement? Member(JsonElement owner, string name)
    {
        if (owner.ValueKind != JsonValueKind.Object) return null;
        if (owner.TryGetProperty(name, out var exact)) return exact;
        foreach (var member in owner.EnumerateObject())
        {
            if (Plain(member.Name).Equals(name, StringComparison.OrdinalIgnoreCase)) return member.Value;
        }

        return null;
    }

    private static string Plain(string name) =>
        name.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal).Trim();

    /// <summary>The last object with the mark in a text: models put drafts and examples before their answer, not after it.</summary>
    private static JsonElement? Within(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        JsonElement? last = null;
        var position = 0;
        for (var candidates = 0; candidates < MostCandidates; candidates++)
        {
            var next = bytes.AsSpan(position).IndexOf((byte)'{');
            if (next < 0) break;
            position += next;
            try
            {
                var reader = new Utf8JsonReader(bytes.AsSpan(position), _lenient);
                var value = JsonElement.ParseValue(ref reader);
                position += (int)reader.BytesConsumed;
                last = Unwrapped(value, 0) ?? last;
            }
            catch (JsonException)
            {
                position++;
            }
        }

        return last;
    }

    private static string AfterThoughts(string text)
    {
        foreach (var (open, close) in _thoughts)
        {
            var begins = text.StartsWith(open, StringComparison.OrdinalIgnoreCase);
            var end = begins ? text.IndexOf(close, StringComparison.OrdinalIgnoreCase) : text.LastIndexOf(close, StringComparison.OrdinalIgnoreCase);
            // A draft in thoughts that never ended is no answer. And a tag may be what the answer is about.
            if (end < 0) text = begins ? "" : text;
            else if (begins || text.IndexOf(Mark, end, StringComparison.OrdinalIgnoreCase) >= 0) text = text[(end + close.Length)..];
        }

        return text;
    }
}
