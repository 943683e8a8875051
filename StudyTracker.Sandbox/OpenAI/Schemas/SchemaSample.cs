using System.Text.Json.Nodes;

namespace StudyTracker.Sandbox.OpenAI.Schemas;

/// <summary>
/// Makes a value that fits a schema; its texts are those it is given, one after another, wherever the schema leaves texts
/// free. The same schema and texts always give the same value.
/// </summary>
internal sealed class SchemaSample
{
    // Deeper than any schema has to be read; beyond it every choice is for the shallowest value.
    private const int MaxDepth = 12;
    private const decimal Smallest = 0.5m;
    private readonly IReadOnlyList<string> _texts;
    private int _next;

    private SchemaSample(IReadOnlyList<string> texts) => _texts = texts;

    public static JsonNode? Of(SchemaNode schema, IReadOnlyList<string> texts) => new SchemaSample(texts).Value(schema, MaxDepth);

    private JsonNode? Value(SchemaNode schema, int depth)
    {
        if (schema.Values is { } values) return JsonNode.Parse((values.Cast<System.Text.Json.JsonElement?>().FirstOrDefault(value => schema.Fits(value!.Value)) ?? values[0]).GetRawText());
        if (schema.AnyOf.Count > 0) return Value(schema.AnyOf.FirstOrDefault(one => one.Height <= depth) ?? schema.AnyOf.MinBy(one => one.Height)!, depth);
        // A reference is a list of one. Of several, the first has to do: no strict schema has them.
        if (schema.AllOf.Count > 0 && schema.Types is null) return Value(schema.AllOf[0], depth);
        return (schema.Types?.FirstOrDefault(type => type != "null") ?? schema.Types?[0] ?? Guess(schema)) switch
        {
            "object" => Object(schema, depth),
            "array" => new JsonArray([.. Enumerable.Range(0, Count(schema, depth)).Select(_ => Value(schema.Items ?? new SchemaNode(), depth - 1))]),
            "string" => Text(schema),
            "integer" => JsonValue.Create((long)Number(schema, 1)),
            "number" => JsonValue.Create(Number(schema, Smallest)),
            "boolean" => JsonValue.Create(true),
            _ => null,
        };
    }

    private static string Guess(SchemaNode schema) => schema.Properties.Count > 0 ? "object" : schema.Items is not null ? "array" : "string";

    private JsonObject Object(SchemaNode schema, int depth) => new(schema.Properties
        .Where(property => schema.Required.Contains(property.Key) || property.Value.Height < depth)
        .Select(property => KeyValuePair.Create(property.Key, Value(property.Value, depth - 1))));

    private static int Count(SchemaNode schema, int depth)
    {
        var free = schema.Items is null || schema.Items.Height < depth ? 1 : 0;
        return Math.Min(Math.Max(schema.MinItems, free), schema.MaxItems);
    }

    private string Text(SchemaNode schema)
    {
        if (schema.Pattern is { } pattern) return PatternSample.Of(pattern);
        if (Formatted(schema.Format) is { } formatted) return formatted;
        var text = _texts.Count == 0 ? "" : _texts[_next++ % _texts.Count];
        if (schema.MinLength == 0 && schema.MaxLength == int.MaxValue) return text;
        var runes = text.EnumerateRunes().Take(schema.MaxLength).ToList();
        return string.Concat(runes) + new string('.', Math.Max(0, schema.MinLength - runes.Count));
    }

    private static string? Formatted(string? format) => format switch
    {
        "date-time" => "2026-03-02T09:00:00Z",
        "date" => "2026-03-02",
        "time" => "09:00:00Z",
        "duration" => "PT30M",
        "email" => "learner@example.com",
        "hostname" => "example.com",
        "ipv4" => "192.0.2.1",
        "ipv6" => "2001:db8::1",
        "uuid" => "123e4567-e89b-42d3-a456-426614174000",
        _ => null,
    };

    /// <summary>The smallest number of its kind that is not below the lower bound, or else the largest below the upper one.</summary>
    private static decimal Number(SchemaNode schema, decimal unit)
    {
        var step = schema.MultipleOf ?? unit;
        var low = schema.Minimum is { } minimum && !(schema.ExclusiveMinimum >= minimum) ? Math.Ceiling(minimum / step) * step
            : schema.ExclusiveMinimum is { } above ? (Math.Floor(above / step) + 1) * step
            : (decimal?)null;
        if (low is { } lowest) return Between(lowest, schema);
        var high = schema.Maximum is { } maximum && !(schema.ExclusiveMaximum <= maximum) ? Math.Floor(maximum / step) * step
            : schema.ExclusiveMaximum is { } below ? (Math.Ceiling(below / step) - 1) * step
            : step;
        return Math.Min(high, step);
    }

    // Bounds closer to each other than the step leave the middle, where no multiple is asked for.
    private static decimal Between(decimal lowest, SchemaNode schema)
    {
        var highest = schema.Maximum ?? schema.ExclusiveMaximum;
        return schema.MultipleOf is null && highest < lowest ? ((schema.Minimum ?? schema.ExclusiveMinimum ?? 0) + highest.Value) / 2 : lowest;
    }
}
