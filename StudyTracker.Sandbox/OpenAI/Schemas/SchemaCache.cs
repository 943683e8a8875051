using System.Collections.Concurrent;
using System.Text.Json;

namespace StudyTracker.Sandbox.OpenAI.Schemas;

/// <summary>Schemas that were read: callers send the same few with every call, and each is read once.</summary>
internal sealed class SchemaCache
{
    private const int MaxKept = 200;
    private readonly ConcurrentDictionary<(string Text, bool Strict), (SchemaNode? Schema, string? Problem)> _known = [];

    /// <summary>The schema, or what is wrong with it.</summary>
    public (SchemaNode? Schema, string? Problem) Read(JsonElement schema, bool strict)
    {
        var key = (schema.GetRawText(), strict);
        if (_known.TryGetValue(key, out var known)) return known;
        if (_known.Count >= MaxKept) _known.Clear();
        return _known[key] = Examine(schema, strict);
    }

    private static (SchemaNode? Schema, string? Problem) Examine(JsonElement root, bool strict)
    {
        var (schema, problem) = SchemaReader.Read(root, strict);
        if (schema is null || !strict) return (schema, problem);
        // Whatever is taken as strict is answered by it: one value shows that this can be done.
        var sample = JsonSerializer.SerializeToElement(SchemaSample.Of(schema, ["text"]));
        return schema.Fits(sample) ? (schema, null) : (null, "the sandbox's model finds no value that fits it.");
    }
}
