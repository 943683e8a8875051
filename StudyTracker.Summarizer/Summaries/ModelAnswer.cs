using System.Text.Json;
using StudyTracker.Contracts;

namespace StudyTracker.Summarizer.Summaries;

/// <summary>What the model answers, by the schema of <see cref="Prompt"/>.</summary>
internal sealed record ModelAnswer(IReadOnlyList<ModelSentence?>? Sentences, string? Feedback, IReadOnlyList<string?>? NextSteps)
{
    private const int MaxSentences = 6;
    private const int MaxNextSteps = 5;

    /// <summary>The content of an answer; null when the server or we find that it is of no use.</summary>
    public static SummaryContent? Read(Completion answer, Prompt prompt, out string? fault)
    {
        fault = answer.Fault;
        return fault is null ? Read(answer.Text, prompt, out fault) : null;
    }

    /// <summary>
    /// Turns an answer into content, or says why it is none. A model is not trusted: every source must be one of the
    /// messages it was given, and nothing in its text may act in Slack.
    /// </summary>
    public static SummaryContent? Read(string json, Prompt prompt, out string? fault)
    {
        ModelAnswer? answer;
        try
        {
            answer = JsonSerializer.Deserialize(json, PromptJson.Default.ModelAnswer);
        }
        catch (JsonException)
        {
            fault = "the answer is not JSON of the schema";
            return null;
        }

        // The serializer lets null through as an element of a list.
        // One of which nothing shows, such as a quotation of what no one sees, is left out.
        var sentences = (answer?.Sentences ?? []).Select(sentence => (Text: Clean(sentence?.Text), sentence?.Sources, Written: sentence?.Text))
            .Where(sentence => sentence.Text.Length > 0 || string.IsNullOrWhiteSpace(sentence.Written)).ToList();
        var feedback = Clean(answer?.Feedback);
        fault = sentences switch
        {
            { Count: 0 } => "the answer has no sentences",
            _ when sentences.Any(sentence => sentence.Text.Length == 0) => "a sentence is empty",
            _ when sentences.Any(sentence => sentence.Sources is null or { Count: 0 }) => "a sentence names no message",
            _ when sentences.SelectMany(sentence => sentence.Sources!).Any(id => id is null || prompt.Source(id) is null) =>
                "a sentence names a message that was not given",
            _ when feedback.Length == 0 => "the answer has no feedback",
            _ => null,
        };
        return fault is not null
            ? null
            : new SummaryContent(
                [.. sentences.Take(MaxSentences).Select(sentence => new SummarySentence(
                    sentence.Text, [.. sentence.Sources!.Distinct().Select(id => prompt.Source(id!)!)]))],
                feedback,
                [.. (answer!.NextSteps ?? []).Select(Clean).Where(step => step.Length > 0).Take(MaxNextSteps)]);
    }

    private static string Clean(string? text) => text is null ? "" : PlainAnswer.Clean(text);
}

/// <summary>One sentence of an answer.</summary>
internal sealed record ModelSentence(string? Text, IReadOnlyList<string?>? Sources);
