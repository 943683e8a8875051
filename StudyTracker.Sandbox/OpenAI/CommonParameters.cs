using System.Text.Json;

namespace StudyTracker.Sandbox.OpenAI;

/// <summary>The parameters that chat completions and responses have in common.</summary>
internal static class CommonParameters
{
    private const int MaxMetadata = 16;
    private const int MaxMetadataName = 64;
    private const int MaxMetadataValue = 512;

    public static IReadOnlyDictionary<string, ParameterRule> All { get; } = new Dictionary<string, ParameterRule>
    {
        ["temperature"] = Rules.Decimal(0, 2),
        ["top_p"] = Rules.Decimal(0, 1),
        ["user"] = Rules.Text(),
        ["safety_identifier"] = Rules.Text(64),
        ["prompt_cache_key"] = Rules.Text(64),
        ["prompt_cache_retention"] = Rules.OneOf("in_memory", "24h"),
        ["prompt_cache_options"] = Rules.Map(Rules.Anything),
        ["metadata"] = Rules.Map(Rules.Text(MaxMetadataValue), MaxMetadata, MaxMetadataName),
        ["store"] = Rules.Boolean,
        ["service_tier"] = Rules.OneOf("auto", "default", "flex", "scale", "priority", "fast"),
        ["parallel_tool_calls"] = Rules.Boolean,
        ["verbosity"] = Rules.OneOf("low", "medium", "high"),
        ["reasoning_effort"] = Rules.OneOf([.. SandboxModel.Efforts]),
    };

    /// <summary>The tier that an answer names: the one that served, not the one that was asked for.</summary>
    public static string ServiceTier(JsonElement body) => body.TextOf("service_tier") switch
    {
        null or "auto" or "scale" => "default",
        "fast" => "priority",
        var tier => tier,
    };
}
