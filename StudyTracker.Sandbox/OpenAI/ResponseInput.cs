using System.Text.Json;

namespace StudyTracker.Sandbox.OpenAI;

/// <summary>The input of a response, as far as a model of texts heeds it.</summary>
/// <param name="Question">The last message of the user, or else the last of all.</param>
/// <param name="Tokens">Tokens of instructions and input.</param>
/// <param name="NamesJson">Whether the input holds the word JSON; the instructions do not count.</param>
internal sealed record ResponseInput(string Question, int Tokens, bool NamesJson)
{
    private static readonly string[] _roles = ["assistant", "system", "developer", "user"];
    private static readonly string[] _partTypes = ["input_text", "input_image", "output_text", "refusal", "input_file", "computer_screenshot", "summary_text"];

    private static readonly ParameterRule _members = Rules.Object(
        new[] { "type", "role", "content", "id", "status", "phase" }.ToDictionary(name => name, _ => Rules.Anything));

    /// <summary>Reads <c>input</c> and <c>instructions</c>, or says what is wrong with them.</summary>
    public static (ResponseInput? Input, ApiError? Error) Read(JsonElement body)
    {
        if (body.Member("input") is not { } input) return (null, ApiError.Missing("input"));
        var instructions = TokenCount.Of(body.TextOf("instructions") ?? "");
        if (input.ValueKind == JsonValueKind.String) return (Of([("user", input.GetString()!)], instructions), null);
        if (input.ValueKind != JsonValueKind.Array)
            return (null, ApiError.Bad("Invalid type for 'input': expected one of a string or array of input items.", "input", "invalid_type"));

        var messages = new List<(string Role, string Text)>();
        var index = 0;
        foreach (var item in input.EnumerateArray())
        {
            var path = $"input[{index++}]";
            if (item.ValueKind != JsonValueKind.Object) return (null, Rules.WrongType(item, path, "an object"));
            var type = item.TextOf("type") ?? "message";
            // What models that reason answer may be sent back with the rest.
            if (type == "reasoning") continue;
            if (type != "message") return (null, ApiError.Lacking($"{path}.type", $"input items of type '{type}'"));
            if (Problem(item, path) is { } problem) return (null, problem);
            messages.Add((item.TextOf("role")!, Content(item.Member("content")!.Value)));
        }

        return messages.Count == 0
            ? (null, ApiError.Bad("Invalid 'input': empty array. Expected an array with minimum length 1, but got an empty array instead.", "input", "empty_array"))
            : (Of(messages, instructions), null);
    }

    private static ResponseInput Of(IReadOnlyList<(string Role, string Text)> messages, int tokens) => new(
        messages.LastOrDefault(message => message.Role == "user", messages[^1]).Text,
        tokens + messages.Sum(message => TokenCount.Of(message.Text)),
        messages.Any(message => message.Text.Contains("json", StringComparison.OrdinalIgnoreCase)));

    private static ApiError? Problem(JsonElement item, string path)
    {
        if (item.Member("role") is not { } role) return ApiError.Missing($"{path}.role");
        if ((Rules.OneOf(_roles)(role, $"{path}.role") ?? _members(item, path)) is { } wrong) return wrong;
        if (item.Member("content") is not { } content) return ApiError.Missing($"{path}.content");
        if (content.ValueKind == JsonValueKind.String) return null;
        if (content.ValueKind != JsonValueKind.Array)
            return ApiError.Bad($"Invalid type for '{path}.content': expected one of a string or array of content parts.", $"{path}.content", "invalid_type");
        var at = 0;
        foreach (var part in content.EnumerateArray())
        {
            var partPath = $"{path}.content[{at++}]";
            if (part.Member("type") is not { } type) return ApiError.Missing($"{partPath}.type");
            if (Rules.OneOf(_partTypes)(type, $"{partPath}.type") is { } unknown) return unknown;
            var wanted = role.GetString() == "assistant" ? "output_text" : "input_text";
            if (type.GetString() is "input_image" or "input_file") return ApiError.Lacking($"{partPath}.type", "images and files");
            if (type.GetString() != wanted && type.GetString() != "refusal") return Rules.NotSupported(type.GetString()!, $"{partPath}.type", [wanted, "refusal"]);
            if (type.GetString() == wanted && part.Member("text") is not { ValueKind: JsonValueKind.String }) return ApiError.Missing($"{partPath}.text");
        }

        return null;
    }

    private static string Content(JsonElement content) => content.ValueKind == JsonValueKind.String
        ? content.GetString()!
        : string.Concat(content.EnumerateArray().Select(part => part.TextOf("text")));
}
