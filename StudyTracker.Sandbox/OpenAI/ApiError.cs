using System.Text.Json.Nodes;

namespace StudyTracker.Sandbox.OpenAI;

/// <summary>An error as OpenAI words it.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Message">What is wrong, for people.</param>
/// <param name="Type">OpenAI's kind of error.</param>
/// <param name="Parameter">The parameter to blame.</param>
/// <param name="Code">OpenAI's word for it.</param>
internal sealed record ApiError(int Status, string Message, string Type = "invalid_request_error", string? Parameter = null, string? Code = null)
{
    public static ApiError Bad(string message, string? parameter = null, string? code = null) =>
        new(StatusCodes.Status400BadRequest, message, Parameter: parameter, Code: code);

    public static ApiError Missing(string parameter) => Bad($"Missing required parameter: '{parameter}'.", parameter, "missing_required_parameter");

    public static ApiError Unknown(string parameter) => Bad($"Unknown parameter: '{parameter}'.", parameter, "unknown_parameter");

    /// <summary>What OpenAI offers and the sandbox does not: refused in its own words, never ignored.</summary>
    public static ApiError Lacking(string parameter, string what) => Bad($"The sandbox does not offer {what}.", parameter, "sandbox_lacks");

    public static ApiError NoSuchModel(string model) => new(
        StatusCodes.Status404NotFound, $"The model `{model}` does not exist or you do not have access to it.", Code: "model_not_found");

    public JsonObject ToJson() => new()
    {
        ["error"] = new JsonObject { ["message"] = Message, ["type"] = Type, ["param"] = Parameter, ["code"] = Code },
    };
}
