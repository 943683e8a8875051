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
        fault = answer switch
        {
            null or { Sentences: null } or { Sentences.Count: 0 } => "the answer has no sentences",
            _ when answer.Sentences.Any(sentence => sentence is null || IsEmpty(sentence.Text)) => "a sentence is empty",
            _ when answer.Sentences.Any(sentence => sentence!.Sources is null or { Count: 0 }) => "a sentence names no message",
            _ when answer.Sentences.SelectMany(sentence => sentence!.Sources!).Any(id => id is null || prompt.Source(id) is null) =>
                "a sentence names a message that was not given",
            _ when IsEmpty(answer.Feedback) => "the answer has no feedback",
            _ => null,
        };
        return fault is not null
            ? null
            : new SummaryContent(
                [.. answer!.Sentences!.Take(MaxSentences).Select(sentence => new SummarySentence(
                    PlainAnswer.Clean(sentence!.Text!),
                    [.. sentence.Sources!.Distinct().Select(id => prompt.Source(id!)!)]))],
                PlainAnswer.Clean(answer.Feedback!),
                [.. (answer.NextSteps ?? []).Where(step => !IsEmpty(step)).Take(MaxNextSteps).Select(step => PlainAnswer.Clean(step!))]);
    }

    private static bool IsEmpty(string? text) => text is null || PlainAnswer.Clean(text).Length == 0;
}

/// <summary>One sentence of an answer.</summary>
internal sealed record ModelSentence(string? Text, IReadOnlyList<string?>? Sources);
