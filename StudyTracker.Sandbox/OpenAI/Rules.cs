using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;

namespace StudyTracker.Sandbox.OpenAI;

/// <summary>Says what is wrong with the value of a parameter; null when nothing is.</summary>
internal delegate ApiError? ParameterRule(JsonElement value, string path);

/// <summary>The rules that OpenAI's documentation gives for parameters, in the words in which its API refuses.</summary>
internal static class Rules
{
    public static ParameterRule Anything { get; } = (_, _) => null;

    public static ParameterRule Boolean { get; } = (value, path) => value.ValueKind is JsonValueKind.True or JsonValueKind.False ? null : WrongType(value, path, "a boolean");

    /// <summary>A parameter that the sandbox does not offer, unless it has its harmless value.</summary>
    public static ParameterRule Lacking(string what, Func<JsonElement, bool>? harmless = null) =>
        (value, path) => harmless?.Invoke(value) == true ? null : ApiError.Lacking(path, what);

    public static ParameterRule Text(int maxLength = int.MaxValue) => (value, path) =>
    {
        if (value.ValueKind != JsonValueKind.String) return WrongType(value, path, "a string");
        var length = value.GetString()!.Length;
        return length <= maxLength ? null : ApiError.Bad(
            $"Invalid '{path}': string too long. Expected a string with maximum length {maxLength}, but got a string with length {length} instead.",
            path,
            "string_above_max_length");
    };

    public static ParameterRule OneOf(params string[] values) => (value, path) =>
        value.ValueKind != JsonValueKind.String ? WrongType(value, path, "a string")
            : values.Contains(value.GetString()) ? null : NotSupported(value.GetString()!, path, values);

    public static ParameterRule Integer(long min = long.MinValue, long max = long.MaxValue) => (value, path) =>
        value.ValueKind != JsonValueKind.Number || !value.TryGetInt64(out var number) ? WrongType(value, path, "an integer")
            : number < min ? OutOfRange(path, "integer", "below minimum", ">=", min, number)
            : number > max ? OutOfRange(path, "integer", "above maximum", "<=", max, number)
            : null;

    public static ParameterRule Decimal(double min, double max) => (value, path) =>
    {
        if (value.ValueKind != JsonValueKind.Number) return WrongType(value, path, "a decimal");
        var number = value.GetDouble();
        return number < min ? OutOfRange(path, "decimal", "below minimum", ">=", min, number)
            : number > max ? OutOfRange(path, "decimal", "above maximum", "<=", max, number)
            : null;
    };

    public static ParameterRule Array(ParameterRule item, int min = 0, int max = int.MaxValue) => (value, path) =>
    {
        if (value.ValueKind != JsonValueKind.Array) return WrongType(value, path, "an array");
        var length = value.GetArrayLength();
        if (length < min) return ApiError.Bad($"Invalid '{path}': empty array. Expected an array with minimum length {min}, but got an empty array instead.", path, "empty_array");
        if (length > max)
            return ApiError.Bad($"Invalid '{path}': array too long. Expected an array with maximum length {max}, but got an array with length {length} instead.", path, "array_above_max_length");
        return value.EnumerateArray().Select((one, index) => item(one, $"{path}[{index}]")).FirstOrDefault(problem => problem is not null);
    };

    /// <summary>An object with free names.</summary>
    public static ParameterRule Map(ParameterRule item, int max = int.MaxValue, int maxName = int.MaxValue) => (value, path) =>
    {
        if (value.ValueKind != JsonValueKind.Object) return WrongType(value, path, "an object");
        var count = value.GetPropertyCount();
        if (count > max)
        {
            return ApiError.Bad(
                $"Invalid '{path}': too many properties. Expected an object with at most {max} properties, but got an object with {count} properties instead.",
                path,
                "object_above_max_properties");
        }

        foreach (var member in value.EnumerateObject())
        {
            if (member.Name.Length > maxName)
                return ApiError.Bad($"Invalid '{path}': a name is too long. Expected at most {maxName} characters.", path, "object_key_above_max_length");
            if (item(member.Value, $"{path}.{member.Name}") is { } problem) return problem;
        }

        return null;
    };

    /// <summary>An object of which every member is known; a member that is null counts as left out.</summary>
    public static ParameterRule Object(IReadOnlyDictionary<string, ParameterRule> members, params string[] required)
    {
        var known = members.ToFrozenDictionary();
        return (value, path) =>
        {
            if (value.ValueKind != JsonValueKind.Object) return WrongType(value, path, "an object");
            foreach (var name in required)
            {
                if (!value.TryGetProperty(name, out _)) return ApiError.Missing($"{path}.{name}");
            }

            return Check(value, known, path, names => ApiError.Unknown($"{path}.{names[0]}"));
        };
    }

    /// <summary>Holds every member of a body against its rule; those of no rule are refused.</summary>
    public static ApiError? Check(JsonElement body, FrozenDictionary<string, ParameterRule> known, string? path, Func<List<string>, ApiError> refuse)
    {
        List<string>? unknown = null;
        foreach (var member in body.EnumerateObject())
        {
            if (!known.TryGetValue(member.Name, out var rule)) (unknown ??= []).Add(member.Name);
            else if (member.Value.ValueKind != JsonValueKind.Null && rule(member.Value, path is null ? member.Name : $"{path}.{member.Name}") is { } problem) return problem;
        }

        return unknown is null ? null : refuse(unknown);
    }

    public static ApiError WrongType(JsonElement value, string path, string expected) =>
        ApiError.Bad($"Invalid type for '{path}': expected {expected}, but got {Name(value)} instead.", path, "invalid_type");

    public static ApiError NotSupported(string value, string path, IReadOnlyList<string> supported) =>
        ApiError.Bad($"Invalid value: '{value}'. Supported values are: {List(supported)}.", path, "invalid_value");

    private static ApiError OutOfRange(string path, string kind, string side, string sign, IFormattable limit, IFormattable got) => ApiError.Bad(
        string.Create(CultureInfo.InvariantCulture, $"Invalid '{path}': {kind} {side} value. Expected a value {sign} {limit}, but got {got} instead."),
        path,
        $"{kind}_{side.Replace(' ', '_').Replace("minimum", "min").Replace("maximum", "max")}_value");

    private static string List(IReadOnlyList<string> values) => values.Count switch
    {
        1 => $"'{values[0]}'",
        2 => $"'{values[0]}' and '{values[1]}'",
        _ => $"{string.Join(", ", values.Take(values.Count - 1).Select(value => $"'{value}'"))}, and '{values[^1]}'",
    };

    private static string Name(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => "a string",
        JsonValueKind.Number => value.TryGetInt64(out _) ? "an integer" : "a decimal number",
        JsonValueKind.True or JsonValueKind.False => "a boolean",
        JsonValueKind.Array => "an array",
        JsonValueKind.Object => "an object",
        _ => "null",
    };
}
