using System.Text.Json;

namespace StudyTracker.Sandbox.Model;

/// <summary>A message to be summarised.</summary>
/// <param name="Id">How the answer refers to it.</param>
/// <param name="Time">Local time of day, such as 09:12; may be absent.</param>
/// <param name="Text">What was written.</param>
internal sealed record PromptMessage(string Id, string? Time, string Text);

/// <summary>What the model is asked for.</summary>
/// <param name="Language">ko or en.</param>
/// <param name="Kind">daily, weekly or monthly.</param>
/// <param name="Messages">What it has to go by.</param>
/// <param name="LeftOut">How many more messages there were.</param>
internal sealed record SummaryPrompt(string Language, string Kind, IReadOnlyList<PromptMessage> Messages, int LeftOut)
{
    /// <summary>Reads the user's message: JSON with <c>messages</c>, or else any text, a line a message.</summary>
    public static SummaryPrompt Read(string content)
    {
        try
        {
            using var json = JsonDocument.Parse(content);
            if (json.RootElement is { ValueKind: JsonValueKind.Object } root
                && root.TryGetProperty("messages", out var messages) && messages.ValueKind == JsonValueKind.Array)
            {
                return new SummaryPrompt(
                    Text(root, "language") ?? LanguageOf(content),
                    Text(root, "kind") ?? "daily",
                    [.. messages.EnumerateArray().Where(message => message.ValueKind == JsonValueKind.Object).Select((message, index) => new PromptMessage(
                        Text(message, "id") ?? $"m{index + 1}",
                        Text(message, "time"),
                        Said(message)))],
                    root.TryGetProperty("leftOut", out var leftOut) && leftOut.TryGetInt32(out var count) ? count : 0);
            }
        }
        catch (JsonException)
        {
            // Not our prompt: any text can be summarised.
        }

        var lines = content.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return new SummaryPrompt(LanguageOf(content), "daily", [.. lines.Select((line, index) => new PromptMessage($"m{index + 1}", null, line))], 0);
    }

    private static string LanguageOf(string text) => text.Any(character => character is >= '가' and <= '힣') ? "ko" : "en";

    /// <summary>What was written, or else what came along with it, such as a message that was forwarded without a word.</summary>
    private static string Said(JsonElement message) =>
        Text(message, "text") is { } text && !string.IsNullOrWhiteSpace(text) ? text : Text(message, "attached") ?? "";

    private static string? Text(JsonElement owner, string name) =>
        owner.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}

/// <summary>What the model answers.</summary>
internal sealed record ModelSummary(IReadOnlyList<ModelSentence> Sentences, string Feedback, IReadOnlyList<string> NextSteps);

/// <summary>A sentence of the answer.</summary>
/// <param name="Text">The sentence.</param>
/// <param name="Sources">Ids of the messages that it rests on.</param>
internal sealed record ModelSentence(string Text, IReadOnlyList<string> Sources);
