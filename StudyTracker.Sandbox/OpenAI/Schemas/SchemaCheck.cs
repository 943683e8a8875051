using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace StudyTracker.Sandbox.OpenAI.Schemas;

/// <summary>Holds values against a schema.</summary>
internal static partial class SchemaCheck
{
    public static bool Fits(this SchemaNode schema, JsonElement value) =>
        !schema.IsNever
        && (schema.Types is null || schema.Types.Any(type => IsOf(type, value)))
        && (schema.Values is null || schema.Values.Any(one => JsonElement.DeepEquals(one, value)))
        && (schema.AnyOf.Count == 0 || schema.AnyOf.Any(one => one.Fits(value)))
        && schema.AllOf.All(one => one.Fits(value))
        && value.ValueKind switch
        {
            JsonValueKind.Object => FitsObject(schema, value),
            JsonValueKind.Array => FitsArray(schema, value),
            JsonValueKind.String => FitsText(schema, value.GetString()!),
            JsonValueKind.Number => FitsNumber(schema, value),
            _ => true,
        };

    private static bool IsOf(string type, JsonElement value) => type switch
    {
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "string" => value.ValueKind == JsonValueKind.String,
        "number" => value.ValueKind == JsonValueKind.Number,
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var number) && number == decimal.Truncate(number),
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        _ => value.ValueKind == JsonValueKind.Null,
    };

    private static bool FitsObject(SchemaNode schema, JsonElement value)
    {
        if (schema.Required.Any(name => !value.TryGetProperty(name, out _))) return false;
        foreach (var member in value.EnumerateObject())
        {
            var known = schema.Properties.FirstOrDefault(property => property.Key == member.Name).Value ?? schema.Additional;
            if (known is not null && !known.Fits(member.Value)) return false;
        }

        return true;
    }

    private static bool FitsArray(SchemaNode schema, JsonElement value)
    {
        var length = value.GetArrayLength();
        return length >= schema.MinItems && length <= schema.MaxItems && (schema.Items is null || value.EnumerateArray().All(schema.Items.Fits));
    }

    private static bool FitsText(SchemaNode schema, string value)
    {
        if (schema.Pattern is not null && !schema.Pattern.IsMatch(value)) return false;
        if (schema.MinLength == 0 && schema.MaxLength == int.MaxValue) return IsOfFormat(schema.Format, value);
        var length = value.EnumerateRunes().Count();
        return length >= schema.MinLength && length <= schema.MaxLength && IsOfFormat(schema.Format, value);
    }

    private static bool FitsNumber(SchemaNode schema, JsonElement value)
    {
        if (!value.TryGetDecimal(out var number)) return schema is { Minimum: null, ExclusiveMinimum: null, Maximum: null, ExclusiveMaximum: null, MultipleOf: null };
        return !(number < schema.Minimum) && !(number <= schema.ExclusiveMinimum)
            && !(number > schema.Maximum) && !(number >= schema.ExclusiveMaximum)
            && (schema.MultipleOf is not { } step || number % step == 0);
    }

    private static bool IsOfFormat(string? format, string value) => format switch
    {
        "date-time" => value.Contains('T', StringComparison.Ordinal) && DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, out _),
        "date" => DateOnly.TryParseExact(value, "yyyy-MM-dd", out _),
        "time" => TimeOnly.TryParse(value.TrimEnd('Z'), CultureInfo.InvariantCulture, out _),
        "duration" => Duration().IsMatch(value),
        "email" => Email().IsMatch(value),
        "hostname" => Uri.CheckHostName(value) == UriHostNameType.Dns,
        "ipv4" => IPAddress.TryParse(value, out var four) && four.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork,
        "ipv6" => IPAddress.TryParse(value, out var six) && six.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6,
        "uuid" => Guid.TryParseExact(value, "D", out _),
        _ => true,
    };

    [GeneratedRegex(@"^P(?=.)(\d+[YMWD])*(T(?=.)(\d+[HMS])+)?$")]
    private static partial Regex Duration();

    [GeneratedRegex(@"^[^\s@]+@[^\s@]+$")]
    private static partial Regex Email();
}
