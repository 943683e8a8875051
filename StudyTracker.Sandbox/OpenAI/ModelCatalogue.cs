using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;

namespace StudyTracker.Sandbox.OpenAI;

/// <summary>The models that there are.</summary>
internal sealed class ModelCatalogue(IOptions<SandboxOptions> options)
{
    // Some moment: models of the sandbox have always been there.
    private const long Created = 1_764_547_200;

    private readonly Dictionary<string, SandboxModel> _models = options.Value.EffectiveModels.Select(name => new SandboxModel(name, IsReasoning: false))
        .Append(new SandboxModel(SandboxModel.ReasoningName, IsReasoning: true))
        .DistinctBy(model => model.Name)
        .ToDictionary(model => model.Name, StringComparer.Ordinal);

    public SandboxModel? Find(string name) => _models.GetValueOrDefault(name);

    public JsonObject List() => new() { ["object"] = "list", ["data"] = new JsonArray([.. _models.Values.Select(Describe)]) };

    public static JsonObject Describe(SandboxModel model) => new()
    {
        ["id"] = model.Name,
        ["object"] = "model",
        ["created"] = Created,
        ["owned_by"] = "sandbox",
    };
}

/// <summary>A model: all write the same, but one that reasons thinks first, and takes fewer parameters.</summary>
internal sealed record SandboxModel(string Name, bool IsReasoning)
{
    /// <summary>The model that reasons.</summary>
    public const string ReasoningName = "sandbox-reasoning";

    /// <summary>Most tokens of an answer.</summary>
    public const int MaxOutputTokens = 16_384;

    private static readonly int[] _reasoningTokens = [0, 16, 64, 256, 1_024, 2_048, 4_096];

    /// <summary>How much a model may reason, the least first.</summary>
    public static IReadOnlyList<string> Efforts { get; } = ["none", "minimal", "low", "medium", "high", "xhigh", "max"];

    /// <summary>How many tokens are thought before the answer.</summary>
    public int ReasoningTokens(string? effort) => IsReasoning ? _reasoningTokens[Efforts.ToList().IndexOf(effort ?? "medium")] : 0;

    public static ApiError TooManyTokens(string parameter, int got) => ApiError.Bad(
        $"{parameter} is too large: {got}. This model supports at most {MaxOutputTokens} completion tokens, whereas you provided {got}.", parameter, "invalid_value");

    /// <summary>What this model does not take, although others do.</summary>
    /// <param name="body">The request.</param>
    /// <param name="refused">Parameters that models that reason refuse.</param>
    /// <param name="instead">The limit that they take instead.</param>
    public ApiError? Problem(JsonElement body, IReadOnlyList<string> refused, string instead)
    {
        if (!IsReasoning)
            return body.Member("reasoning_effort") is null ? null : ApiError.Bad("Unrecognized request argument supplied: reasoning_effort");
        if (refused.FirstOrDefault(name => body.Member(name) is not null) is { } parameter)
        {
            return ApiError.Bad(
                $"Unsupported parameter: '{parameter}' is not supported with this model.{(parameter == "max_tokens" ? $" Use '{instead}' instead." : "")}",
                parameter,
                "unsupported_parameter");
        }

        foreach (var (name, only) in new[] { ("temperature", 1), ("top_p", 1), ("presence_penalty", 0), ("frequency_penalty", 0) })
        {
            if (body.Member(name) is { } value && value.GetDouble() != only)
                return ApiError.Bad($"Unsupported value: '{name}' does not support {value.GetRawText()} with this model. Only the default ({only}) value is supported.", name, "unsupported_value");
        }

        return null;
    }
}
