using System.Text.Json;

namespace StudyTracker.Sandbox.Model;

/// <summary>A request of <c>/v1/chat/completions</c>, as far as the sandbox's model heeds it.</summary>
/// <param name="Model">The model's name, which the answer repeats.</param>
/// <param name="Prompt">All text of all messages, for counting tokens.</param>
/// <param name="Question">The last user message.</param>
/// <param name="WantsJson">Whether the answer has to be JSON.</param>
/// <param name="MaxTokens">Length at which the answer is cut off.</param>
internal sealed record ChatRequest(string Model, string Prompt, string Question, bool WantsJson, int? MaxTokens)
{
    private static readonly string[] _members = ["sentences", "feedback", "nextSteps"];

    /// <summary>Reads a request; else what is wrong with it, and with which parameter.</summary>
    public static (ChatRequest? Request, string? Problem, string? Parameter) Read(JsonElement body)
    {
        if (body.ValueKind != JsonValueKind.Object) return (null, "The body must be a JSON object.", null);
        if (Member(body, "model") is not { ValueKind: JsonValueKind.String } model) return (null, "You must provide a model parameter.", "model");
        if (Member(body, "stream") is { ValueKind: JsonValueKind.True }) return (null, "The sandbox's model does not stream. Send stream: false.", "stream");
        if (Member(body, "messages") is not { ValueKind: JsonValueKind.Array } messages || messages.GetArrayLength() == 0)
            return (null, "'messages' must be an array of at least one message.", "messages");

        var texts = messages.EnumerateArray().Select(message => (Role: Text(Member(message, "role")), Text: Content(Member(message, "content")))).ToList();
        if (texts.FindLast(message => message.Role == "user").Text is not { } question)
            return (null, "'messages' must hold a message of role 'user'.", "messages");

        var format = Member(body, "response_format");
        var type = Text(Member(format, "type")) ?? "text";
        if (type is not ("text" or "json_object" or "json_schema")) return (null, $"Unknown response_format '{type}'.", "response_format");
        if (type == "json_schema" && !Fits(Member(Member(format, "json_schema"), "schema")))
            return (null, "The sandbox's model answers only by a schema whose properties are sentences, feedback and nextSteps.", "response_format");

        return (new ChatRequest(
            model.GetString()!,
            string.Concat(texts.Select(message => message.Text)),
            question,
            type != "text",
            Number(Member(body, "max_completion_tokens")) ?? Number(Member(body, "max_tokens"))), null, null);
    }

    private static bool Fits(JsonElement? schema) =>
        Member(schema, "properties") is { ValueKind: JsonValueKind.Object } properties
        && properties.EnumerateObject().Select(property => property.Name).Order().SequenceEqual(_members.Order());

    private static string Content(JsonElement? content) => content switch
    {
        { ValueKind: JsonValueKind.String } text => text.GetString()!,
        { ValueKind: JsonValueKind.Array } parts => string.Concat(parts.EnumerateArray().Select(part => Text(Member(part, "text")))),
        _ => "",
    };

    private static JsonElement? Member(JsonElement? owner, string name) =>
        owner is { ValueKind: JsonValueKind.Object } value && value.TryGetProperty(name, out var member) ? member : null;

    private static string? Text(JsonElement? value) => value is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    private static int? Number(JsonElement? value) =>
        value is { ValueKind: JsonValueKind.Number } number && number.TryGetInt32(out var result) && result > 0 ? result : null;
}
