using System.Text.Json;
using StudyTracker.Sandbox.WebApi;

namespace StudyTracker.Sandbox.Responses;

/// <summary>What the app answers to a command or a button: in the 200 of its acknowledgement, or at a response URL.</summary>
/// <param name="Text">Slack mrkdwn.</param>
/// <param name="Blocks">Block Kit.</param>
/// <param name="InChannel">Whether everybody sees it.</param>
/// <param name="ReplaceOriginal">Whether it takes the place of the message whose button was pressed.</param>
/// <param name="DeleteOriginal">Whether that message goes away, and nothing else is said.</param>
/// <param name="ThreadTs">The thread it belongs to.</param>
internal sealed record AppAnswer(string Text, JsonElement? Blocks, bool InChannel, bool ReplaceOriginal, bool DeleteOriginal, string? ThreadTs)
{
    /// <summary>A text for the one who asked.</summary>
    public static AppAnswer Ephemeral(string text) => new(text, null, false, false, false, null);

    /// <summary>Reads JSON.</summary>
    /// <returns>The answer, or Slack's word for what is wrong with it.</returns>
    public static (AppAnswer? Answer, string? Error) Read(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return Read(document.RootElement);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a string with half a surrogate pair.
            return (null, "invalid_payload");
        }
    }

    private static (AppAnswer? Answer, string? Error) Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object) return (null, "invalid_payload");
        var type = String(root, "response_type");
        if (type is not (null or "ephemeral" or "in_channel")) return (null, "invalid_response_type");
        if (Flag(root, "delete_original")) return (new AppAnswer("", null, false, false, true, null), null);

        var (content, problem) = ChatContent.Read(ApiArguments.Of(root));
        if (content is null) return (null, problem!.Code);
        return (
            new AppAnswer(
                content.Text ?? "",
                ChatContent.NotEmpty(content.Blocks),
                type == "in_channel",
                Flag(root, "replace_original"),
                false,
                String(root, "thread_ts")),
            null);
    }

    private static bool Flag(JsonElement root, string name) => root.TryGetProperty(name, out var value) && value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.String => value.ValueEquals("true"),
        _ => false,
    };

    private static string? String(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
