using System.Collections.Frozen;
using System.Text.Json;
using StudyTracker.Sandbox.OpenAI.Schemas;

namespace StudyTracker.Sandbox.OpenAI;

/// <summary>A request of <c>/v1/chat/completions</c> that OpenAI would take.</summary>
/// <param name="Model">Which model answers.</param>
/// <param name="Messages">The conversation.</param>
/// <param name="Format">In what form the answer is wanted.</param>
/// <param name="Limits">Where the answer ends.</param>
/// <param name="Choices">How many answers are wanted.</param>
/// <param name="Stream">Whether the answer is wanted in pieces.</param>
/// <param name="IncludeUsage">Whether the last piece says what the answer cost.</param>
/// <param name="ServiceTier">The tier that the answer names.</param>
/// <param name="NamesNewLimit">Whether the limit came as <c>max_completion_tokens</c>.</param>
internal sealed record ChatRequest(
    SandboxModel Model, ChatMessages Messages, AnswerFormat Format, AnswerLimits Limits, int Choices, bool Stream, bool IncludeUsage, string ServiceTier, bool NamesNewLimit)
{
    private static readonly FrozenDictionary<string, ParameterRule> _parameters = new Dictionary<string, ParameterRule>
    {
        ["model"] = Rules.Text(),
        ["messages"] = Rules.Anything,
        ["response_format"] = Rules.Anything,
        ["max_tokens"] = Rules.Integer(min: 1),
        ["max_completion_tokens"] = Rules.Integer(min: 1),
        ["n"] = Rules.Integer(1, 128),
        ["stream"] = Rules.Boolean,
        ["stream_options"] = Rules.Object(new Dictionary<string, ParameterRule> { ["include_usage"] = Rules.Boolean, ["include_obfuscation"] = Rules.Boolean }),
        ["stop"] = (value, path) => value.ValueKind == JsonValueKind.String ? null : Rules.Array(Rules.Text(), min: 1, max: 4)(value, path),
        ["frequency_penalty"] = Rules.Decimal(-2, 2),
        ["presence_penalty"] = Rules.Decimal(-2, 2),
        ["seed"] = Rules.Integer(),
        ["logit_bias"] = Rules.Map(Rules.Decimal(-100, 100)),
        ["logprobs"] = Rules.Lacking("logprobs", value => value.ValueKind == JsonValueKind.False),
        ["top_logprobs"] = Rules.Lacking("logprobs", value => value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number == 0),
        ["modalities"] = Rules.Array(Rules.OneOf("text"), min: 1),
        ["prediction"] = Rules.Lacking("predicted outputs"),
        ["audio"] = Rules.Lacking("audio"),
        ["web_search_options"] = Rules.Lacking("web search"),
        ["moderation"] = Rules.Lacking("moderation"),
        ["tools"] = Rules.Lacking("tools", IsEmptyArray),
        ["tool_choice"] = Rules.OneOf("none", "auto"),
        ["functions"] = Rules.Lacking("functions", IsEmptyArray),
        ["function_call"] = Rules.OneOf("none", "auto"),
    }.Concat(CommonParameters.All).ToFrozenDictionary();

    /// <summary>Reads a request, or says what OpenAI would not take.</summary>
    public static (ChatRequest? Request, ApiError? Error) Read(JsonElement body, ModelCatalogue models, SchemaCache schemas)
    {
        if (body.ValueKind != JsonValueKind.Object) return (null, Rules.WrongType(body, "body", "an object"));
        if (body.Member("model") is not { } name) return (null, ApiError.Bad("you must provide a model parameter"));
        if (Rules.Check(body, _parameters, null, Unrecognized) is { } wrong) return (null, wrong);
        if (models.Find(name.GetString()!) is not { } model) return (null, ApiError.NoSuchModel(name.GetString()!));
        if ((model.Problem(body, ["max_tokens", "stop", "logit_bias"], "max_completion_tokens") ?? Combination(body)) is { } problem) return (null, problem);
        var (messages, unreadable) = ChatMessages.Read(body);
        if (messages is null) return (null, unreadable);
        var (format, invalid) = AnswerFormat.OfChat(body.Member("response_format"), schemas);
        if (format is null) return (null, invalid);
        if (format.Type == "json_object" && !messages.NamesJson)
            return (null, ApiError.Bad("'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'.", "messages"));

        var limit = body.NumberOf("max_completion_tokens") ?? body.NumberOf("max_tokens");
        if (limit > SandboxModel.MaxOutputTokens) return (null, SandboxModel.TooManyTokens(body.Member("max_tokens") is null ? "max_completion_tokens" : "max_tokens", limit.Value));
        return (new ChatRequest(
            model,
            messages,
            format,
            new AnswerLimits(limit ?? SandboxModel.MaxOutputTokens, Stops(body), model.ReasoningTokens(body.TextOf("reasoning_effort"))),
            body.NumberOf("n") ?? 1,
            body.IsTrue("stream"),
            body.Member("stream_options")?.IsTrue("include_usage") == true,
            CommonParameters.ServiceTier(body),
            body.Member("max_completion_tokens") is not null), null);
    }

    private static ApiError? Combination(JsonElement body)
    {
        if (body.Member("max_tokens") is not null && body.Member("max_completion_tokens") is not null)
            return ApiError.Bad("Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported.", "max_tokens", "invalid_parameter_combination");
        if (body.Member("stream_options") is not null && !body.IsTrue("stream"))
            return ApiError.Bad("The 'stream_options' parameter is only allowed when 'stream' is enabled.", "stream_options");
        foreach (var parameter in new[] { "tool_choice", "parallel_tool_calls" })
        {
            if (body.Member(parameter) is not null && body.Member("tools") is null)
                return ApiError.Bad($"Invalid value for '{parameter}': '{parameter}' is only allowed when 'tools' are specified.", parameter);
        }

        return null;
    }

    private static IReadOnlyList<string> Stops(JsonElement body) => body.Member("stop") switch
    {
        { ValueKind: JsonValueKind.String } one => [one.GetString()!],
        { ValueKind: JsonValueKind.Array } several => [.. several.EnumerateArray().Select(stop => stop.GetString()!)],
        _ => [],
    };

    private static ApiError Unrecognized(List<string> names) =>
        ApiError.Bad($"Unrecognized request argument{(names.Count > 1 ? "s" : "")} supplied: {string.Join(", ", names)}");

    private static bool IsEmptyArray(JsonElement value) => value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 0;
}
