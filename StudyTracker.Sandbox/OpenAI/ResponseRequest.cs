using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Nodes;
using StudyTracker.Sandbox.OpenAI.Schemas;

namespace StudyTracker.Sandbox.OpenAI;

/// <summary>A request of <c>/v1/responses</c> that OpenAI would take.</summary>
/// <param name="Model">Which model answers.</param>
/// <param name="Input">The conversation, the instructions first.</param>
/// <param name="Format">In what form the answer is wanted.</param>
/// <param name="Limits">Where the answer ends.</param>
/// <param name="Stream">Whether the answer is wanted as events.</param>
/// <param name="Echo">What the answer repeats of the request.</param>
internal sealed record ResponseRequest(SandboxModel Model, ResponseInput Input, AnswerFormat Format, AnswerLimits Limits, bool Stream, JsonObject Echo)
{
    private const int FewestTokens = 16;

    private static readonly FrozenDictionary<string, ParameterRule> _parameters = new Dictionary<string, ParameterRule>
    {
        ["model"] = Rules.Text(),
        ["input"] = Rules.Anything,
        ["instructions"] = Rules.Text(),
        ["text"] = Rules.Object(new Dictionary<string, ParameterRule> { ["format"] = Rules.Anything, ["verbosity"] = Rules.OneOf("low", "medium", "high") }),
        ["reasoning"] = Rules.Object(new Dictionary<string, ParameterRule>
        {
            ["effort"] = Rules.OneOf([.. SandboxModel.Efforts]),
            ["summary"] = Rules.OneOf("auto", "concise", "detailed"),
            ["generate_summary"] = Rules.OneOf("auto", "concise", "detailed"),
        }),
        ["max_output_tokens"] = Rules.Integer(min: FewestTokens),
        ["stream"] = Rules.Boolean,
        ["stream_options"] = Rules.Object(new Dictionary<string, ParameterRule> { ["include_obfuscation"] = Rules.Boolean }),
        ["truncation"] = Rules.OneOf("auto", "disabled"),
        ["include"] = Rules.Array(Rules.Text()),
        ["max_tool_calls"] = Rules.Integer(min: 1),
        ["top_logprobs"] = Rules.Lacking("logprobs", value => value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number == 0),
        ["tools"] = Rules.Lacking("tools", value => value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 0),
        ["tool_choice"] = Rules.OneOf("none", "auto"),
        ["background"] = Rules.Lacking("responses in the background", value => value.ValueKind == JsonValueKind.False),
        ["conversation"] = Rules.Lacking("conversations"),
        ["context_management"] = Rules.Lacking("context management"),
        ["prompt"] = Rules.Lacking("stored prompts"),
        ["moderation"] = Rules.Lacking("moderation"),
        // The sandbox keeps no responses, so there is never a previous one.
        ["previous_response_id"] = (value, path) => ApiError.Bad($"Previous response with id '{value}' not found.", path, "previous_response_not_found"),
    }.Concat(CommonParameters.All.Where(rule => rule.Key is not ("verbosity" or "reasoning_effort"))).ToFrozenDictionary();

    /// <summary>Reads a request, or says what OpenAI would not take.</summary>
    public static (ResponseRequest? Request, ApiError? Error) Read(JsonElement body, ModelCatalogue models, SchemaCache schemas)
    {
        if (body.ValueKind != JsonValueKind.Object) return (null, Rules.WrongType(body, "body", "an object"));
        if (body.Member("model") is not { } name) return (null, ApiError.Missing("model"));
        if (Rules.Check(body, _parameters, null, names => ApiError.Unknown(names[0])) is { } wrong) return (null, wrong);
        if (models.Find(name.GetString()!) is not { } model)
            return (null, ApiError.Bad($"The requested model '{name.GetString()}' does not exist.", "model", "model_not_found"));
        if (Unsupported(body, model) is { } unsupported) return (null, unsupported);
        var (input, unreadable) = ResponseInput.Read(body);
        if (input is null) return (null, unreadable);
        var (format, invalid) = AnswerFormat.OfResponse(body.Member("text")?.Member("format"), schemas);
        if (format is null) return (null, invalid);
        if (format.Type == "json_object" && !input.NamesJson)
            return (null, ApiError.Bad("Response input messages must contain the word 'json' in some form to use 'text.format' of type 'json_object'.", "input"));

        var limit = body.NumberOf("max_output_tokens");
        if (limit > SandboxModel.MaxOutputTokens) return (null, SandboxModel.TooManyTokens("max_output_tokens", limit.Value));
        var limits = new AnswerLimits(limit ?? SandboxModel.MaxOutputTokens, [], model.ReasoningTokens(body.Member("reasoning")?.TextOf("effort")));
        return (new ResponseRequest(model, input, format, limits, body.IsTrue("stream"), Repeat(body, model)), null);
    }

    private static ApiError? Unsupported(JsonElement body, SandboxModel model)
    {
        if (!model.IsReasoning && body.Member("reasoning")?.Member("effort") is not null)
            return ApiError.Bad("Unsupported parameter: 'reasoning.effort' is not supported with this model.", "reasoning.effort", "unsupported_parameter");
        return model.IsReasoning ? model.Problem(body, [], "max_output_tokens") : null;
    }

    /// <summary>The members of a response that say how it was asked for, with their defaults.</summary>
    private static JsonObject Repeat(JsonElement body, SandboxModel model)
    {
        var text = body.Member("text");
        return new JsonObject
        {
            ["instructions"] = Copy(body.Member("instructions")),
            ["max_output_tokens"] = Copy(body.Member("max_output_tokens")),
            ["max_tool_calls"] = Copy(body.Member("max_tool_calls")),
            ["metadata"] = Copy(body.Member("metadata")) ?? new JsonObject(),
            ["parallel_tool_calls"] = Copy(body.Member("parallel_tool_calls")) ?? true,
            ["previous_response_id"] = null,
            ["prompt_cache_key"] = Copy(body.Member("prompt_cache_key")),
            ["reasoning"] = new JsonObject
            {
                ["effort"] = body.Member("reasoning")?.TextOf("effort") ?? (model.IsReasoning ? "medium" : null),
                ["summary"] = body.Member("reasoning")?.TextOf("summary"),
            },
            ["safety_identifier"] = Copy(body.Member("safety_identifier")),
            ["service_tier"] = CommonParameters.ServiceTier(body),
            ["store"] = Copy(body.Member("store")) ?? true,
            ["temperature"] = Copy(body.Member("temperature")) ?? 1.0,
            ["text"] = new JsonObject
            {
                ["format"] = Copy(text?.Member("format")) ?? new JsonObject { ["type"] = "text" },
                ["verbosity"] = text?.TextOf("verbosity") ?? "medium",
            },
            ["tool_choice"] = Copy(body.Member("tool_choice")) ?? "auto",
            ["tools"] = new JsonArray(),
            ["top_logprobs"] = 0,
            ["top_p"] = Copy(body.Member("top_p")) ?? 1.0,
            ["truncation"] = body.TextOf("truncation") ?? "disabled",
            ["user"] = Copy(body.Member("user")),
        };
    }

    private static JsonNode? Copy(JsonElement? value) => value is { } element ? JsonNode.Parse(element.GetRawText()) : null;
}
