using System.Text.Json;

namespace StudyTracker.Sandbox.OpenAI.Schemas;

/// <summary>
/// What OpenAI asks of a strict schema beyond JSON Schema (guide "Structured Outputs", section "Supported schemas"), part by
/// part; it counts along, so each schema needs its own.
/// </summary>
internal sealed class StrictRules
{
    private const int MaxProperties = 5_000;
    private const int MaxDepth = 10;
    private const int MaxCharacters = 120_000;
    private const int MaxValues = 1_000;
    private const int ManyValues = 250;
    private const int MaxCharactersOfManyValues = 15_000;

    private static readonly string[] _notPermitted =
    [
        "allOf", "oneOf", "not", "if", "then", "else", "dependentRequired", "dependentSchemas", "default",
        "minLength", "maxLength", "patternProperties", "unevaluatedProperties", "propertyNames", "minProperties", "maxProperties",
        "prefixItems", "additionalItems", "unevaluatedItems", "contains", "minContains", "maxContains", "uniqueItems",
    ];

    private static readonly string[] _formats = ["date-time", "time", "date", "duration", "email", "hostname", "ipv4", "ipv6", "uuid"];

    private int _properties;
    private int _characters;
    private int _values;

    /// <summary>What is wrong with a part of the schema by itself; null when nothing is.</summary>
    /// <param name="schema">The part.</param>
    /// <param name="depth">In how many objects and arrays it lies.</param>
    public string? Problem(JsonElement schema, int depth) =>
        Forbidden(schema) ?? Untyped(schema) ?? Open(schema) ?? TooLarge(schema, depth);

    private static string? Forbidden(JsonElement schema)
    {
        if (_notPermitted.FirstOrDefault(name => schema.TryGetProperty(name, out _)) is { } name) return $"'{name}' is not permitted.";
        if (schema.TryGetProperty("$ref", out _) && schema.GetPropertyCount() > 1)
            return $"$ref cannot have keywords {{{string.Join(", ", schema.EnumerateObject().Where(member => member.Name != "$ref").Select(member => $"'{member.Name}'"))}}}.";
        return schema.TextOf("format") is { } format && !_formats.Contains(format) ? $"'{format}' is not a valid format." : null;
    }

    private static string? Untyped(JsonElement schema)
    {
        if (schema.Member("type") is null && schema.Member("anyOf") is null && schema.Member("$ref") is null) return "schema must have a 'type' key.";
        return Has(schema, "array") && schema.Member("items") is null ? "array schema missing items." : null;
    }

    private static string? Open(JsonElement schema)
    {
        if (!Has(schema, "object")) return null;
        if (schema.Member("additionalProperties") is not { ValueKind: JsonValueKind.False }) return "'additionalProperties' is required to be supplied and to be false.";
        var names = schema.Member("properties") is { ValueKind: JsonValueKind.Object } properties ? properties.EnumerateObject().Select(property => property.Name).ToList() : [];
        var required = schema.Member("required") is { ValueKind: JsonValueKind.Array } array ? array.EnumerateArray().Select(name => name.ToString()).ToList() : [];
        const string rule = "'required' is required to be supplied and to be an array including every key in properties.";
        if (names.FirstOrDefault(name => !required.Contains(name)) is { } missing) return $"{rule} Missing '{missing}'.";
        return required.FirstOrDefault(name => !names.Contains(name)) is { } extra ? $"{rule} Extra required key '{extra}' supplied." : null;
    }

    private string? TooLarge(JsonElement schema, int depth)
    {
        if (depth > MaxDepth) return $"schema exceeds the maximum of {MaxDepth} levels of nesting.";
        foreach (var names in new[] { "properties", "$defs", "definitions" })
        {
            if (schema.Member(names) is not { ValueKind: JsonValueKind.Object } members) continue;
            if (names == "properties") _properties += members.GetPropertyCount();
            _characters += members.EnumerateObject().Sum(member => member.Name.Length);
        }

        var texts = (schema.Member("enum") is { ValueKind: JsonValueKind.Array } values ? [.. values.EnumerateArray()] : schema.Member("const") is { } only ? [only] : new List<JsonElement>())
            .Select(value => value.ToString().Length).ToList();
        _values += texts.Count;
        _characters += texts.Sum();
        return _properties > MaxProperties ? $"schema exceeds the maximum of {MaxProperties} object properties in total."
            : _values > MaxValues ? $"schema exceeds the maximum of {MaxValues} enum values in total."
            : texts.Count > ManyValues && texts.Sum() > MaxCharactersOfManyValues ? $"an enum of more than {ManyValues} values exceeds the maximum of {MaxCharactersOfManyValues} characters."
            : _characters > MaxCharacters ? $"schema exceeds the maximum of {MaxCharacters} characters of names and values in total."
            : null;
    }

    private static bool Has(JsonElement schema, string type) => schema.Member("type") switch
    {
        { ValueKind: JsonValueKind.Array } types => types.EnumerateArray().Any(one => one.ToString() == type),
        { } one => one.ToString() == type,
        _ => false,
    };
}
