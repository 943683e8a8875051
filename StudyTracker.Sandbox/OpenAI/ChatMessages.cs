using System.Collections.Frozen;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace StudyTracker.Sandbox.OpenAI;

/// <summary>The messages of a conversation, as far as a model of texts heeds them.</summary>
/// <param name="Question">The last message of the user, or else the last of all.</param>
/// <param name="Tokens">Tokens of all messages.</param>
/// <param name="NamesJson">Whether one of them holds the word JSON.</param>
internal sealed partial record ChatMessages(string Question, int Tokens, bool NamesJson)
{
    // What OpenAI adds to each message, and to the whole.
    private const int TokensAroundMessage = 3;
    private const int TokensAround = 3;

    private static readonly string[] _roles = ["system", "assistant", "user", "function", "tool", "developer"];
    private static readonly string[] _partTypes = ["text", "image_url", "input_audio", "refusal", "audio", "file"];

    private static readonly FrozenDictionary<string, FrozenDictionary<string, ParameterRule>> _members = _roles.ToFrozenDictionary(role => role, role => Members(role));

    /// <summary>Reads <c>messages</c>, or says what is wrong with them.</summary>
    public static (ChatMessages? Messages, ApiError? Error) Read(JsonElement body)
    {
        if (body.Member("messages") is not { } messages) return (null, ApiError.Missing("messages"));
        if (Rules.Array(Rules.Anything, min: 1)(messages, "messages") is { } error) return (null, error);

        var (question, last, tokens, namesJson, calling, index) = ((string?)null, "", TokensAround, false, false, 0);
        foreach (var message in messages.EnumerateArray())
        {
            if (Problem(message, index, calling) is { } problem) return (null, problem);
            var role = message.TextOf("role")!;
            var text = Content(message.Member("content"));
            if (role == "user") question = text;
            if (role != "tool") calling = message.Member("tool_calls") is not null;
            last = text;
            tokens += TokenCount.Of(text) + TokensAroundMessage;
            namesJson |= text.Contains("json", StringComparison.OrdinalIgnoreCase);
            index++;
        }

        return (new ChatMessages(question ?? last, tokens, namesJson), null);
    }

    private static ApiError? Problem(JsonElement message, int index, bool calling)
    {
        var path = $"messages[{index}]";
        if (message.ValueKind != JsonValueKind.Object) return Rules.WrongType(message, path, "an object");
        if (message.Member("role") is not { } role) return ApiError.Missing($"{path}.role");
        if (Rules.OneOf(_roles)(role, $"{path}.role") is { } wrong) return wrong;
        var name = role.GetString()!;
        if (Rules.Check(message, _members[name], path, unknown => ApiError.Unknown($"{path}.{unknown[0]}")) is { } problem) return problem;
        if (name == "tool" && !calling)
        {
            return ApiError.Bad(
                "Invalid parameter: messages with role 'tool' must be a response to a preceeding message with 'tool_calls'.", $"messages.[{index}].role");
        }

        if (name == "tool" && message.Member("tool_call_id") is null) return ApiError.Missing($"{path}.tool_call_id");
        if (message.Member("content") is { } content) return ContentProblem(content, name, index);
        if (name == "assistant" && (message.Member("tool_calls") ?? message.Member("refusal") ?? message.Member("function_call")) is not null) return null;
        return message.TryGetProperty("content", out _)
            ? ApiError.Bad("Invalid value for 'content': expected a string, got null.", $"messages.[{index}].content")
            : ApiError.Missing($"{path}.content");
    }

    private static ApiError? ContentProblem(JsonElement content, string role, int index)
    {
        var path = $"messages[{index}].content";
        if (content.ValueKind == JsonValueKind.String) return null;
        if (content.ValueKind != JsonValueKind.Array)
            return ApiError.Bad($"Invalid type for '{path}': expected one of a string or array of objects, but got {Kind(content)} instead.", path, "invalid_type");
        var at = 0;
        foreach (var part in content.EnumerateArray())
        {
            var partPath = $"{path}[{at}]";
            if (part.ValueKind != JsonValueKind.Object) return Rules.WrongType(part, partPath, "an object");
            if (part.Member("type") is not { } type) return ApiError.Missing($"{partPath}.type");
            if (Rules.OneOf(_partTypes)(type, $"{partPath}.type") is { } wrong) return wrong;
            var member = type.GetString()!;
            if (member != "text" && !(member == "refusal" && role == "assistant"))
                return ApiError.Bad($"Invalid content type. {member} is only supported by certain models.", $"messages.[{index}].content.[{at}].type");
            if (part.Member(member) is not { } text) return ApiError.Missing($"{partPath}.{member}");
            if (text.ValueKind != JsonValueKind.String) return Rules.WrongType(text, $"{partPath}.{member}", "a string");
            at++;
        }

        return null;
    }

    private static string Content(JsonElement? content) => content switch
    {
        { ValueKind: JsonValueKind.String } text => text.GetString()!,
        { ValueKind: JsonValueKind.Array } parts => string.Concat(parts.EnumerateArray().Select(part => part.TextOf("text"))),
        _ => "",
    };

    private static string Kind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Number => "an integer",
        _ => "a boolean",
    };

    private static FrozenDictionary<string, ParameterRule> Members(string role)
    {
        var members = new Dictionary<string, ParameterRule> { ["role"] = Rules.Anything, ["content"] = Rules.Anything, ["name"] = Name };
        switch (role)
        {
            case "assistant":
                // Answers may be sent back as they came, so what an answer holds is known here.
                foreach (var name in new[] { "refusal", "audio", "function_call", "annotations" }) members[name] = Rules.Anything;
                members["tool_calls"] = Rules.Array(Rules.Map(Rules.Anything), min: 1);
                break;
            case "tool":
                members["tool_call_id"] = Rules.Text();
                members.Remove("name");
                break;
            default:
                break;
        }

        return members.ToFrozenDictionary();
    }

    private static ApiError? Name(JsonElement value, string path) =>
        Rules.Text(64)(value, path) ?? (NamePattern().IsMatch(value.GetString()!) ? null : ApiError.Bad(
            $"Invalid '{path}': string does not match pattern. Expected a string that matches the pattern '^[^\\s<|\\\\/>]+$'.", path, "invalid_value"));

    [GeneratedRegex(@"^[^\s<|\\/>]+$")]
    private static partial Regex NamePattern();
}
