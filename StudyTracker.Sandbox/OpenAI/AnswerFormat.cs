using System.Collections.Frozen;
using System.Text.Json;
using System.Text.RegularExpressions;
using StudyTracker.Sandbox.OpenAI.Schemas;

namespace StudyTracker.Sandbox.OpenAI;

/// <summary>In what form an answer is wanted.</summary>
/// <param name="Type">text, json_object or json_schema.</param>
/// <param name="Schema">The schema, of json_schema.</param>
internal sealed partial record AnswerFormat(string Type, SchemaNode? Schema = null)
{
    private const int MaxName = 64;

    private static readonly FrozenDictionary<string, ParameterRule> _schemaMembers = new Dictionary<string, ParameterRule>
    {
        ["name"] = SchemaName,
        ["description"] = Rules.Text(),
        ["schema"] = Rules.Anything,
        ["strict"] = Rules.Boolean,
    }.ToFrozenDictionary();

    public static AnswerFormat Text { get; } = new("text");

    /// <summary>Reads <c>response_format</c> of chat completions, where the schema lies in <c>json_schema</c>.</summary>
    public static (AnswerFormat? Format, ApiError? Error) OfChat(JsonElement? format, SchemaCache schemas)
    {
        if (format is not { } value) return (Text, null);
        if (Typed(value, "response_format") is { } error) return (null, error);
        var type = value.TextOf("type")!;
        if (Rules.Check(value, Members("type", type == "json_schema" ? "json_schema" : "type"), "response_format", FirstUnknown("response_format")) is { } unknown) return (null, unknown);
        if (type != "json_schema") return (new AnswerFormat(type), null);
        if (value.Member("json_schema") is not { } schema) return (null, ApiError.Missing("response_format.json_schema"));
        return OfSchema(schema, _schemaMembers, "response_format.json_schema", "response_format", null, schemas);
    }

    /// <summary>Reads <c>text.format</c> of responses, where everything lies beside the type.</summary>
    public static (AnswerFormat? Format, ApiError? Error) OfResponse(JsonElement? format, SchemaCache schemas)
    {
        if (format is not { } value) return (Text, null);
        if (Typed(value, "text.format") is { } error) return (null, error);
        var type = value.TextOf("type")!;
        if (type == "json_schema") return OfSchema(value, _flatMembers, "text.format", "text.format.schema", "invalid_json_schema", schemas);
        return Rules.Check(value, Members("type"), "text.format", FirstUnknown("text.format")) is { } unknown ? (null, unknown) : (new AnswerFormat(type), null);
    }

    private static readonly FrozenDictionary<string, ParameterRule> _flatMembers =
        _schemaMembers.Append(KeyValuePair.Create<string, ParameterRule>("type", Rules.Anything)).ToFrozenDictionary();

    private static (AnswerFormat?, ApiError?) OfSchema(
        JsonElement value, FrozenDictionary<string, ParameterRule> members, string path, string blamed, string? code, SchemaCache schemas)
    {
        if (value.ValueKind != JsonValueKind.Object) return (null, Rules.WrongType(value, path, "an object"));
        if (value.Member("name") is null) return (null, ApiError.Missing($"{path}.name"));
        if (Rules.Check(value, members, path, FirstUnknown(path)) is { } error) return (null, error);
        if (value.Member("schema") is not { } schema)
            return path == "text.format" || value.IsTrue("strict") ? (null, ApiError.Missing($"{path}.schema")) : (new AnswerFormat("json_object"), null);
        var (node, problem) = schemas.Read(schema, value.IsTrue("strict"));
        return node is null
            ? (null, ApiError.Bad($"Invalid schema for response_format '{value.TextOf("name")}': {problem}", blamed, code))
            : (new AnswerFormat("json_schema", node), null);
    }

    private static ApiError? Typed(JsonElement value, string path)
    {
        if (value.ValueKind != JsonValueKind.Object) return Rules.WrongType(value, path, "an object");
        if (value.Member("type") is not { } type) return ApiError.Missing($"{path}.type");
        return Rules.OneOf("json_object", "json_schema", "text")(type, $"{path}.type");
    }

    private static ApiError? SchemaName(JsonElement value, string path) =>
        Rules.Text(MaxName)(value, path) ?? (NamePattern().IsMatch(value.GetString()!) ? null : ApiError.Bad(
            $"Invalid '{path}': string does not match pattern. Expected a string that matches the pattern '^[a-zA-Z0-9_-]+$'.", path, "invalid_value"));

    private static FrozenDictionary<string, ParameterRule> Members(params string[] names) => names.Distinct().ToFrozenDictionary(name => name, _ => Rules.Anything);

    private static Func<List<string>, ApiError> FirstUnknown(string path) => names => ApiError.Unknown($"{path}.{names[0]}");

    [GeneratedRegex("^[a-zA-Z0-9_-]+$")]
    private static partial Regex NamePattern();
}
