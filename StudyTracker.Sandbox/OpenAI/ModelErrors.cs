using StudyTracker.Sandbox.Faults;

namespace StudyTracker.Sandbox.OpenAI;

/// <summary>Refusals of the model's server that are no fault of the request.</summary>
internal static class ModelErrors
{
    public static ApiError ContextExceeded(int limit, int tokens) => ApiError.Bad(
        $"This model's maximum context length is {limit} tokens. However, your messages resulted in {tokens} tokens. Please reduce the length of the messages.",
        "messages",
        "context_length_exceeded");

    /// <summary>The refusal that a fault stands for; null when it stands for none, or has nothing to refuse in this request.</summary>
    public static ApiError? Of(ModelFault fault, ChatRequest request) => fault switch
    {
        ModelFault.PaymentRequired => new ApiError(StatusCodes.Status402PaymentRequired, "Insufficient Balance", "unknown_error", Code: "invalid_request_error"),
        ModelFault.QuotaSpent => new ApiError(
            StatusCodes.Status429TooManyRequests, "You exceeded your current quota, please check your plan and billing details.", "insufficient_quota", Code: "insufficient_quota"),
        ModelFault.ContextExceeded => ContextExceeded(request.Messages.Tokens - 1, request.Messages.Tokens),
        ModelFault.SchemaRefused when request.Format.Type == "json_schema" => ApiError.Bad("This response_format type is unavailable now"),
        ModelFault.SchemaUnprocessable when request.Format.Type == "json_schema" => new ApiError(
            StatusCodes.Status422UnprocessableEntity, "Failed to deserialize the JSON body into the target type: response_format.type: unknown variant `json_schema`, expected `text` or `json_object`"),
        ModelFault.NewLimitUnprocessable when request.NamesNewLimit => new ApiError(
            StatusCodes.Status422UnprocessableEntity, "[{'type': 'extra_forbidden', 'loc': ('body', 'max_completion_tokens'), 'msg': 'Extra inputs are not permitted'}]"),
        _ => null,
    };
}
