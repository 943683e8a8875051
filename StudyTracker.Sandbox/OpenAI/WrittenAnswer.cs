using System.Text.Json;
using StudyTracker.Sandbox.Model;
using StudyTracker.Sandbox.OpenAI.Schemas;

namespace StudyTracker.Sandbox.OpenAI;

/// <summary>Where an answer ends.</summary>
/// <param name="MaxTokens">Most tokens, those of reasoning included.</param>
/// <param name="Stops">Texts before which it ends.</param>
/// <param name="ReasoningTokens">Tokens that are thought before it begins.</param>
internal sealed record AnswerLimits(int MaxTokens, IReadOnlyList<string> Stops, int ReasoningTokens);

/// <summary>What the model says.</summary>
/// <param name="Text">The answer.</param>
/// <param name="IsCut">Whether a limit ended it.</param>
/// <param name="Tokens">Tokens of the answer and of reasoning.</param>
/// <param name="ReasoningTokens">Tokens of reasoning alone.</param>
internal sealed record WrittenAnswer(string Text, bool IsCut, int Tokens, int ReasoningTokens)
{
    public static WrittenAnswer To(string question, AnswerFormat format, AnswerLimits limits)
    {
        var text = Write(ExtractiveModel.Summarise(SummaryPrompt.Read(question)), format);
        var stop = limits.Stops.Select(one => one.Length == 0 ? -1 : text.IndexOf(one, StringComparison.Ordinal)).Where(at => at >= 0).DefaultIfEmpty(text.Length).Min();
        text = text[..stop];
        var reasoning = Math.Min(limits.ReasoningTokens, limits.MaxTokens);
        var cut = TokenCount.Cut(text, limits.MaxTokens - reasoning);
        return new WrittenAnswer(cut, cut.Length < text.Length, reasoning + TokenCount.Of(cut), reasoning);
    }

    /// <summary>The first half of it, as if the limit had been lower.</summary>
    public WrittenAnswer Halved()
    {
        var half = Text[..(Text.Length / 2)];
        return new WrittenAnswer(half, true, ReasoningTokens + TokenCount.Of(half), ReasoningTokens);
    }

    private static string Write(ModelSummary summary, AnswerFormat format)
    {
        if (format.Type == "text") return string.Join('\n', summary.Sentences.Select(sentence => sentence.Text).Append(summary.Feedback));
        var json = JsonSerializer.Serialize(summary, SandboxJson.Options);
        if (format.Schema is not { } schema) return json;
        using (var whole = JsonDocument.Parse(json))
        {
            if (schema.Fits(whole.RootElement)) return json;
        }

        // A schema of somebody else's: its shape, filled with what the summary says.
        return JsonSerializer.Serialize(
            SchemaSample.Of(schema, [.. summary.Sentences.Select(sentence => sentence.Text), summary.Feedback, .. summary.NextSteps]), SandboxJson.Options);
    }
}
