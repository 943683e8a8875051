using System.Text.Json;
using System.Text.RegularExpressions;

namespace StudyTracker.Sandbox.OpenAI.Schemas;

/// <summary>A JSON schema, or a part of one, read once; references point to the node itself, so it may be a circle.</summary>
internal sealed class SchemaNode
{
    /// <summary>The height of what has no end.</summary>
    public const int Endless = int.MaxValue;

    /// <summary>Names of types; null when any will do.</summary>
    public IReadOnlyList<string>? Types { get; set; }

    /// <summary>The only values, of <c>enum</c> or <c>const</c>.</summary>
    public IReadOnlyList<JsonElement>? Values { get; set; }

    public IReadOnlyList<KeyValuePair<string, SchemaNode>> Properties { get; set; } = [];

    public IReadOnlySet<string> Required { get; set; } = new HashSet<string>();

    /// <summary>What members of other names have to be; null when anything will do.</summary>
    public SchemaNode? Additional { get; set; }

    public SchemaNode? Items { get; set; }

    public int MinItems { get; set; }

    public int MaxItems { get; set; } = int.MaxValue;

    public int MinLength { get; set; }

    public int MaxLength { get; set; } = int.MaxValue;

    public Regex? Pattern { get; set; }

    public string? Format { get; set; }

    public decimal? Minimum { get; set; }

    public decimal? ExclusiveMinimum { get; set; }

    public decimal? Maximum { get; set; }

    public decimal? ExclusiveMaximum { get; set; }

    public decimal? MultipleOf { get; set; }

    /// <summary>At least one of these has to fit; empty when there is no choice.</summary>
    public IReadOnlyList<SchemaNode> AnyOf { get; set; } = [];

    /// <summary>All of these have to fit.</summary>
    public IReadOnlyList<SchemaNode> AllOf { get; set; } = [];

    /// <summary>Whether nothing fits, as of <c>false</c>.</summary>
    public bool IsNever { get; set; }

    /// <summary>How deep the shallowest value is; <see cref="Endless"/> when every value would hold another of its own kind.</summary>
    public int Height { get; set; } = Endless;

    public bool MayBe(string type) => Types is null || Types.Contains(type);
}
