using System.Globalization;
using System.Text;
using System.Text.Json;

namespace StudyTracker.Summarizer.Summaries;

/// <summary>A completion while it is read: from one object, or from the pieces of a stream.</summary>
internal sealed class CompletionDraft
{
    private readonly StringBuilder _text = new();
    private readonly StringBuilder _thoughts = new();
    private readonly StringBuilder _refusal = new();
    private readonly StringBuilder _arguments = new();
    private string _finish = "";
    private int _input;
    private int _output;
    private int _cached;
    private int _reasoning;

    /// <summary>Whether there was any choice at all.</summary>
    public bool HasChoice { get; private set; }

    /// <summary>Reads an object, or one piece; the error when it is one.</summary>
    public ModelError? Add(JsonElement root)
    {
        if (Member(root, "error") is { } error && !IsEmpty(error)) return ModelError.Read(200, root);
        if (Member(root, "usage") is { ValueKind: JsonValueKind.Object } usage) AddUsage(usage);
        if (Member(root, "choices") is not { ValueKind: JsonValueKind.Array } choices) return null;
        foreach (var choice in choices.EnumerateArray())
        {
            if (choice.ValueKind != JsonValueKind.Object) continue;
            if (Member(choice, "error") is { } failure && !IsEmpty(failure)) return ModelError.Read(200, choice);
            // One is asked for; of several, the first that says something.
            if (_text.Length + _arguments.Length > 0 && Number(Member(choice, "index")) > 0) continue;
            if (AddChoice(choice)) break;
        }

        return null;
    }

    /// <summary>What has come together.</summary>
    public Completion Completed()
    {
        var (text, isCut) = (_text.ToString(), _finish is "length" or "max_tokens" or "max_output_tokens" or "model_length");
        // Asked for a form, some servers hand the answer over as a function's arguments, or as the last of its thoughts.
        if (string.IsNullOrWhiteSpace(text)) text = _arguments.ToString();
        if (string.IsNullOrWhiteSpace(text) && !isCut) text = _thoughts.ToString();
        var (fault, kind) = _finish switch
        {
            _ when isCut && IsAllThoughts(text) =>
                ("all its tokens went into thoughts: raise OpenAI:MaxReasoningTokens or lower OpenAI:ReasoningEffort", FaultKind.OutOfRoom),
            _ when isCut => ("it was cut off at OpenAI:MaxOutputTokens", FaultKind.CutOff),
            "content_filter" or "content-filter" or "safety" or "prohibited_content" or "recitation" or "blocklist" or "spii" or "sensitive" =>
                ("the server's content filter cut it off", FaultKind.Lasting),
            _ when _refusal.Length > 0 => ("the model refuses", FaultKind.Lasting),
            _ => (null, FaultKind.Chance),
        };
        return new Completion(text, _input, _output, _cached, fault, kind);
    }

    private bool IsAllThoughts(string text) =>
        string.IsNullOrWhiteSpace(text) || AnswerJson.IsUnfinishedThought(text) || (_output > 0 && _reasoning >= _output);

    private bool AddChoice(JsonElement choice)
    {
        HasChoice = true;
        if (Text(Member(choice, "finish_reason")) is { Length: > 0 } finish) _finish = finish.ToLowerInvariant();
        var before = _text.Length + _arguments.Length + _refusal.Length;
        if ((Member(choice, "message") ?? Member(choice, "delta")) is not { ValueKind: JsonValueKind.Object } message)
        {
            _text.Append(Text(Member(choice, "text"))); // of the older completions
            return _text.Length > before;
        }

        AddContent(Member(message, "content"));
        _thoughts.Append(Text(Member(message, "reasoning_content")) ?? Text(Member(message, "reasoning")));
        _refusal.Append(Text(Member(message, "refusal")));
        if (Member(message, "tool_calls") is { ValueKind: JsonValueKind.Array } calls && calls.GetArrayLength() == 1)
            _arguments.Append(Text(Member(Member(calls[0], "function"), "arguments")));
        return _text.Length + _arguments.Length + _refusal.Length > before;
    }

    private void AddContent(JsonElement? content)
    {
        switch (content)
        {
            case { ValueKind: JsonValueKind.String } text:
                _text.Append(text.GetString());
                break;
            case { ValueKind: JsonValueKind.Array } parts:
                foreach (var part in parts.EnumerateArray()) AddContent(part);
                break;
            case { ValueKind: JsonValueKind.Object } part when Text(Member(part, "type")) is { } type && (IsThought(type) || type == "refusal"):
                if (type == "refusal") _refusal.Append(Text(Member(part, "refusal")));
                break;
            case { ValueKind: JsonValueKind.Object } part:
                AddPart(part);
                break;
        }
    }

    private void AddPart(JsonElement part)
    {
        // Either a part with a text, or the answer itself as an object instead of as its JSON.
        var text = Member(part, "text");
        if (Text(text) is { } plain) _text.Append(plain);
        else if (Text(Member(text, "value")) is { } value) _text.Append(value);
        else if (Member(part, "sentences") is not null) _text.Append(part.GetRawText());
    }

    private static bool IsThought(string type) =>
        type.Contains("think", StringComparison.OrdinalIgnoreCase) || type.Contains("reason", StringComparison.OrdinalIgnoreCase);

    private void AddUsage(JsonElement usage)
    {
        _input = Larger(_input, Member(usage, "prompt_tokens") ?? Member(usage, "input_tokens"));
        _output = Larger(_output, Member(usage, "completion_tokens") ?? Member(usage, "output_tokens"));
        _cached = Larger(_cached, Member(Member(usage, "prompt_tokens_details"), "cached_tokens") ?? Member(usage, "prompt_cache_hit_tokens"));
        _reasoning = Larger(_reasoning, Member(Member(usage, "completion_tokens_details"), "reasoning_tokens") ?? Member(usage, "reasoning_tokens"));
    }

    // Where a stream counts as it goes, the last and largest figure is the sum.
    private static int Larger(int known, JsonElement? figure) => Math.Max(known, Number(figure));

    private static int Number(JsonElement? value) => value switch
    {
        { ValueKind: JsonValueKind.Number } number when number.TryGetDouble(out var amount) => Whole(amount),
        { ValueKind: JsonValueKind.String } text when double.TryParse(text.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var amount) => Whole(amount),
        _ => 0,
    };

    private static int Whole(double amount) => double.IsNaN(amount) ? 0 : (int)Math.Clamp(amount, 0, int.MaxValue);

    private static bool IsEmpty(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.False => true,
        JsonValueKind.String => value.GetString()!.Length == 0,
        JsonValueKind.Object => !value.EnumerateObject().Any(),
        JsonValueKind.Array => value.GetArrayLength() == 0,
        _ => false,
    };

    private static JsonElement? Member(JsonElement? owner, string name) =>
        owner is { ValueKind: JsonValueKind.Object } value && value.TryGetProperty(name, out var member) && member.ValueKind != JsonValueKind.Null ? member : null;

    private static string? Text(JsonElement? value) => value is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;
}
