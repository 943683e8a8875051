using System.Text.Json;
using System.Text.RegularExpressions;

namespace StudyTracker.Sandbox.OpenAI.Schemas;

/// <summary>Reads a schema, and says what is wrong with it as OpenAI does: <c>In context=('properties', 'a'), …</c>.</summary>
internal sealed class SchemaReader
{
    private static readonly string[] _typeNames = ["object", "array", "string", "number", "integer", "boolean", "null"];
    private static readonly TimeSpan _patternTimeout = TimeSpan.FromMilliseconds(100);
    private readonly JsonElement _root;
    private readonly StrictRules? _strict;
    private readonly Dictionary<string, SchemaNode> _nodes = new(StringComparer.Ordinal);
    private string? _problem;

    private SchemaReader(JsonElement root, bool strict)
    {
        _root = root;
        _strict = strict ? new StrictRules() : null;
    }

    /// <summary>The schema, or what is wrong with it.</summary>
    /// <param name="root">The schema; is not needed afterwards.</param>
    /// <param name="strict">Whether OpenAI's rules for strict schemas hold.</param>
    public static (SchemaNode? Schema, string? Problem) Read(JsonElement root, bool strict)
    {
        if (root.ValueKind != JsonValueKind.Object) return (null, "schema must be a JSON object.");
        if (root.TextOf("type") != "object")
            return (null, $"schema must be a JSON Schema of 'type: \"object\"', got 'type: \"{root.TextOf("type") ?? "None"}\"'.");
        var reader = new SchemaReader(root.Clone(), strict);
        var schema = reader.Node(reader._root, new SchemaPath([]), depth: 0);
        if (reader._problem is null && reader._nodes.Values.Any(node => LeadsBack(node, []))) reader.Blame(new SchemaPath([]), "a reference leads back to itself.");
        if (reader._problem is null) reader.Measure();
        if (reader._problem is null && schema.Height == SchemaNode.Endless) reader.Blame(new SchemaPath([]), "every value would have to hold another of its own kind without end.");
        return reader._problem is null ? (schema, null) : (null, reader._problem);
    }

    private SchemaNode Node(JsonElement schema, SchemaPath path, int depth)
    {
        if (_nodes.TryGetValue(path.Pointer, out var known)) return known;
        var node = _nodes[path.Pointer] = new SchemaNode();
        if (_problem is not null) return node;
        if (schema.ValueKind is JsonValueKind.True or JsonValueKind.False && _strict is null)
        {
            node.IsNever = schema.ValueKind == JsonValueKind.False;
            return node;
        }

        if (schema.ValueKind != JsonValueKind.Object)
        {
            Blame(path, $"{schema.GetRawText()} is not of type 'object', 'boolean'.");
            return node;
        }

        if (_strict?.Problem(schema, depth) is { } problem) Blame(path, problem);
        if (schema.TextOf("$ref") is { } reference)
        {
            node.AllOf = [Resolve(reference, path)];
            return node;
        }

        ReadTypes(schema, node, path);
        ReadValues(schema, node, path);
        ReadObject(schema, node, path, depth);
        ReadArray(schema, node, path, depth);
        ReadText(schema, node, path);
        ReadNumber(schema, node);
        node.AnyOf = [.. Choices(schema, "anyOf", path, depth), .. Choices(schema, "oneOf", path, depth)];
        node.AllOf = Choices(schema, "allOf", path, depth);
        if (_strict is not null)
        {
            // Definitions are held to the rules although nothing refers to them.
            foreach (var definitions in new[] { "$defs", "definitions" })
            {
                foreach (var one in Members(schema, definitions)) Node(one.Value, path.Then(definitions, one.Name), depth: 0);
            }
        }

        return node;
    }

    private SchemaNode Resolve(string reference, SchemaPath path)
    {
        var (target, targetPath) = (_root, new SchemaPath([]));
        foreach (var step in reference.TrimStart('#').Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            var name = step.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            if (target.Member(name) is not { } inner)
            {
                Blame(path, "reference can only point to definitions defined at the top level of the schema.");
                return new SchemaNode();
            }

            (target, targetPath) = (inner, targetPath.Then(name));
        }

        return reference.StartsWith('#') ? Node(target, targetPath, depth: 0) : Fail(path, "reference can only point to definitions defined at the top level of the schema.");
    }

    private void ReadTypes(JsonElement schema, SchemaNode node, SchemaPath path)
    {
        if (schema.Member("type") is not { } type) return;
        node.Types = type.ValueKind == JsonValueKind.Array ? [.. type.EnumerateArray().Select(one => one.ToString())] : [type.ToString()];
        if (node.Types.FirstOrDefault(one => !_typeNames.Contains(one)) is { } wrong) Blame(path.Then("type"), $"'{wrong}' is not valid under any of the given schemas.");
    }

    private void ReadValues(JsonElement schema, SchemaNode node, SchemaPath path)
    {
        // A const of null is a value too, so it is not read as if it were left out.
        if (schema.TryGetProperty("const", out var only)) node.Values = [only];
        else if (schema.Member("enum") is { ValueKind: JsonValueKind.Array } values) node.Values = [.. values.EnumerateArray()];
        if (node.Values is { Count: 0 }) Blame(path.Then("enum"), "[] should be non-empty.");
    }

    private void ReadObject(JsonElement schema, SchemaNode node, SchemaPath path, int depth)
    {
        if (!node.MayBe("object")) return;
        node.Required = schema.Member("required") is { ValueKind: JsonValueKind.Array } required
            ? required.EnumerateArray().Select(name => name.ToString()).ToHashSet(StringComparer.Ordinal)
            : node.Required;
        node.Properties = [.. Members(schema, "properties").Select(property =>
            KeyValuePair.Create(property.Name, Node(property.Value, path.Then("properties", property.Name), depth + 1)))];
        if (schema.Member("additionalProperties") is { } additional && additional.ValueKind != JsonValueKind.True)
            node.Additional = additional.ValueKind == JsonValueKind.False ? new SchemaNode { IsNever = true } : Node(additional, path.Then("additionalProperties"), depth + 1);
    }

    private void ReadArray(JsonElement schema, SchemaNode node, SchemaPath path, int depth)
    {
        if (!node.MayBe("array")) return;
        if (schema.Member("items") is { } items) node.Items = Node(items, path.Then("items"), depth + 1);
        (node.MinItems, node.MaxItems) = (schema.NumberOf("minItems") ?? 0, schema.NumberOf("maxItems") ?? int.MaxValue);
    }

    private void ReadText(JsonElement schema, SchemaNode node, SchemaPath path)
    {
        (node.MinLength, node.MaxLength) = (schema.NumberOf("minLength") ?? 0, schema.NumberOf("maxLength") ?? int.MaxValue);
        node.Format = schema.TextOf("format");
        if (schema.TextOf("pattern") is not { } pattern) return;
        try
        {
            // Without backtracking: no pattern can keep the sandbox busy.
            node.Pattern = new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, _patternTimeout);
        }
        catch (Exception error) when (error is ArgumentException or NotSupportedException)
        {
            Blame(path.Then("pattern"), $"'{pattern}' is not a 'regex' that is supported.");
        }
    }

    private static void ReadNumber(JsonElement schema, SchemaNode node)
    {
        node.Minimum = Figure(schema, "minimum");
        node.ExclusiveMinimum = Figure(schema, "exclusiveMinimum");
        node.Maximum = Figure(schema, "maximum");
        node.ExclusiveMaximum = Figure(schema, "exclusiveMaximum");
        node.MultipleOf = Figure(schema, "multipleOf") is > 0 and var step ? step : null;
    }

    private static decimal? Figure(JsonElement schema, string name) =>
        schema.Member(name) is { ValueKind: JsonValueKind.Number } number && number.TryGetDecimal(out var figure) ? figure : null;

    private List<SchemaNode> Choices(JsonElement schema, string name, SchemaPath path, int depth) =>
        schema.Member(name) is { ValueKind: JsonValueKind.Array } choices
            ? [.. choices.EnumerateArray().Select((choice, index) => Node(choice, path.Then(name, $"{index}"), depth))]
            : [];

    private static List<JsonProperty> Members(JsonElement schema, string name) =>
        schema.Member(name) is { ValueKind: JsonValueKind.Object } members ? [.. members.EnumerateObject()] : [];

    /// <summary>Whether a part consists of itself, without an object or array between: such a schema says nothing.</summary>
    private static bool LeadsBack(SchemaNode node, HashSet<SchemaNode> above) =>
        !above.Add(node) || node.AllOf.Concat(node.AnyOf).Any(one => LeadsBack(one, [.. above]));

    /// <summary>Finds all heights: each round, those that rest on known ones become known.</summary>
    private void Measure()
    {
        for (var changed = true; changed;)
        {
            changed = false;
            foreach (var node in _nodes.Values)
            {
                var height = HeightOf(node);
                changed |= height < node.Height;
                node.Height = height;
            }
        }
    }

    private static int HeightOf(SchemaNode node)
    {
        if (node.IsNever) return SchemaNode.Endless;
        var height = node.AllOf.Select(one => one.Height).DefaultIfEmpty(1).Max();
        if (node.AnyOf.Count > 0) height = Math.Max(height, node.AnyOf.Min(one => one.Height));
        if (node.Types is null || node.Values is not null || height == SchemaNode.Endless) return height;
        return Math.Max(height, node.Types.Min(type => type switch
        {
            "object" => Above(node.Properties.Where(property => node.Required.Contains(property.Key)).Select(property => property.Value.Height).DefaultIfEmpty(0).Max()),
            "array" => Above(node.MinItems > 0 && node.Items is not null ? node.Items.Height : 0),
            _ => 1,
        }));
    }

    private static int Above(int height) => height == SchemaNode.Endless ? height : height + 1;

    private SchemaNode Fail(SchemaPath path, string problem)
    {
        Blame(path, problem);
        return new SchemaNode();
    }

    private void Blame(SchemaPath path, string problem) => _problem ??= $"In context={path}, {problem}";
}

/// <summary>Where in a schema; written as OpenAI's messages do, as a tuple of Python.</summary>
internal sealed record SchemaPath(IReadOnlyList<string> Steps)
{
    public string Pointer => string.Join('/', Steps.Select(step => step.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)));

    public SchemaPath Then(params string[] steps) => new([.. Steps, .. steps]);

    public override string ToString() => Steps.Count == 1 ? $"('{Steps[0]}',)" : $"({string.Join(", ", Steps.Select(step => $"'{step}'"))})";
}
