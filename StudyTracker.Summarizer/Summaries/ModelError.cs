using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace StudyTracker.Summarizer.Summaries;

/// <summary>
/// What a server says of a failed call, whatever form it gives that: OpenAI's <c>{"error":{…}}</c>, a plain string in its place
/// (LM Studio), the fields themselves (vLLM), FastAPI's <c>detail</c>, an array around it (Gemini), an error within an error
/// (OpenRouter, Azure), text, or a web page.
/// </summary>
internal sealed partial class ModelError
{
    private const int MostStrings = 40;
    private const int LongestString = 2_000;
    private const int MostDepth = 6;

    // What says what went wrong. Others, such as "input" and "failed_generation", repeat the request or the answer.
    private static readonly HashSet<string> _telling = new(StringComparer.OrdinalIgnoreCase)
    {
        "error", "errors", "message", "msg", "detail", "details", "title", "description", "error_description", "type", "code", "param", "status", "reason",
        "loc", "innererror", "inner_error", "metadata", "raw", "reasons", "n_ctx", "n_prompt_tokens", "error_type", "retryDelay", "base_resp", "status_msg", "status_code",
    };

    private readonly List<string> _codes = [];
    private readonly List<string> _messages = [];

    private ModelError(int status) => Status = status;

    /// <summary>The HTTP status; of an error in a successful answer, the one that it names, or 0.</summary>
    public int Status { get; private set; }

    /// <summary>Whether a web page came instead of an answer.</summary>
    public bool IsPage { get; private set; }

    /// <summary>The parameter that it names.</summary>
    public string? Parameter { get; private set; }

    /// <summary>All that it says, in lower case, for a look at its words.</summary>
    public string Text { get; private set; } = "";

    /// <summary>Its message, as it came: the longest, because those around it say less; and its code, where that is a word.</summary>
    public string Message
    {
        get
        {
            var message = _messages.MaxBy(text => text.Length) ?? "";
            var code = _codes.Find(text => text.Length > 3 && !char.IsAsciiDigit(text[0]) && !message.Contains(text, StringComparison.Ordinal));
            return message.Length == 0 ? code ?? "" : code is null ? message : $"{message} ({code})";
        }
    }

    /// <summary>What a model wrote that the server itself calls unreadable (Groq).</summary>
    public string? FailedGeneration { get; private set; }

    /// <summary>Reads an answer that is no completion.</summary>
    public static ModelError Read(int status, ReadOnlySpan<byte> body)
    {
        var text = Encoding.UTF8.GetString(body).Trim('\uFEFF', ' ', '\r', '\n', '\t');
        if (text.StartsWith('<'))
        {
            var title = Title().Match(text).Groups["title"].Value;
            return new ModelError(status) { IsPage = true, Text = text[..Math.Min(text.Length, LongestString)].ToLowerInvariant(), _messages = { WebUtility.HtmlDecode(title) } };
        }

        if (text.StartsWith('{') || text.StartsWith('['))
        {
            try
            {
                using var json = JsonDocument.Parse(text);
                return Read(status, json.RootElement);
            }
            catch (Exception error) when (error is JsonException or InvalidOperationException)
            {
                // Not JSON after all, or half a character in it: its text will do.
            }
        }

        var plain = new ModelError(status);
        if (text.Length > 0) plain._messages.Add(text[..Math.Min(text.Length, LongestString)]);
        plain.Text = string.Concat(plain._messages).ToLowerInvariant();
        return plain;
    }

    /// <summary>Reads the JSON of an error.</summary>
    public static ModelError Read(int status, JsonElement json)
    {
        var error = new ModelError(status);
        error.Collect(json, "error", 0);
        error.Text = string.Join('\n', error._codes.Concat(error._messages)).ToLowerInvariant();
        return error;
    }

    /// <summary>Whether it has any of some words.</summary>
    public bool Says(params ReadOnlySpan<string> words)
    {
        foreach (var word in words)
        {
            if (Text.Contains(word, StringComparison.Ordinal)) return true;
        }

        return false;
    }

    /// <summary>The numbers in it that may count tokens or characters, in their order.</summary>
    public List<long> Figures() =>
        [.. Figure().Matches(Text).Select(match => long.TryParse(match.Value.Replace(",", "", StringComparison.Ordinal), out var figure) ? figure : 0).Where(figure => figure > 0)];

    private void Collect(JsonElement value, string name, int depth)
    {
        if (depth > MostDepth || _codes.Count + _messages.Count >= MostStrings) return;
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in value.EnumerateObject())
                {
                    if (member.Name == "failed_generation" && member.Value.ValueKind == JsonValueKind.String) FailedGeneration = member.Value.GetString();
                    if (_telling.Contains(member.Name)) Collect(member.Value, member.Name, depth + 1);
                }

                break;
            case JsonValueKind.Array:
                foreach (var element in value.EnumerateArray()) Collect(element, name, depth + 1);
                break;
            case JsonValueKind.String:
                Add(name, value.GetString()!.Trim(), depth);
                break;
            case JsonValueKind.Number:
                Add(name, value.GetRawText(), depth);
                break;
        }
    }

    private void Add(string name, string text, int depth)
    {
        if (text.Length == 0) return;
        if (name == "raw" && text.StartsWith('{'))
        {
            try
            {
                using var inner = JsonDocument.Parse(text);
                Collect(inner.RootElement, "error", depth + 1);
                return;
            }
            catch (JsonException)
            {
                // Cut off: its text will do.
            }
        }

        if (text.Length > LongestString) text = text[..LongestString];
        if (name == "param") Parameter ??= text;
        if (name is "code" or "status" or "status_code" && int.TryParse(text, out var code) && code is >= 300 and <= 599 && Status is >= 200 and < 300) Status = code;
        (name is "code" or "type" or "param" or "status" or "status_code" or "loc" or "error_type" or "n_ctx" or "n_prompt_tokens" ? _codes : _messages).Add(text);
    }

    [GeneratedRegex(@"<title[^>]*>(?<title>[^<]{1,200})", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex Title();

    [GeneratedRegex(@"(?<![\w.-])\d{1,3}(,\d{3})+(?![\d,])|(?<![\w.-])\d+(?![\w-])")]
    private static partial Regex Figure();
}
