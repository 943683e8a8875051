using System.Globalization;
using System.Text.Json;
using StudyTracker.Contracts;

namespace StudyTracker.Summarizer.Summaries;

/// <summary>What became of reading an answer.</summary>
/// <param name="Content">What it says; null when it is of no use.</param>
/// <param name="Fault">Why it is of no use.</param>
/// <param name="IsOfSchema">Whether it is what was asked for in form, whatever it says.</param>
internal readonly record struct AnswerReading(SummaryContent? Content, string? Fault, bool IsOfSchema = false);

/// <summary>
/// Turns an answer into content. A model is not trusted: every source of a sentence must be one of the messages it was given,
/// and nothing in its text may act in Slack. Its form is taken in any way that can be meant in one way only; a sentence that is
/// of no use is left out, and the others stay.
/// </summary>
internal static class ModelAnswer
{
    private const int MaxSentences = 6;
    private const int MaxNextSteps = 5;

    /// <summary>The content of a completion, or why there is none.</summary>
    public static AnswerReading Read(Completion answer, Prompt prompt)
    {
        if (answer.Fault is null) return Read(answer.Text, prompt);
        // Some call an answer cut off that is whole.
        var reading = answer.FaultKind == FaultKind.CutOff ? Read(answer.Text, prompt) : default;
        return reading.Content is null ? new(null, answer.Fault) : reading;
    }

    /// <summary>The content of an answer's text, or why there is none.</summary>
    public static AnswerReading Read(string text, Prompt prompt)
    {
        if (AnswerJson.Find(text) is not { ValueKind: JsonValueKind.Object or JsonValueKind.Null } root) return new(null, "the answer is not JSON of the schema");
        var given = AnswerJson.Member(root, AnswerJson.Mark);
        if (given is not { } list || list.ValueKind == JsonValueKind.Null) return new(null, "the answer has no sentences");
        if (list.ValueKind is not (JsonValueKind.Array or JsonValueKind.Object)) return new(null, "the answer is not JSON of the schema");

        List<JsonElement> elements = list.ValueKind == JsonValueKind.Array ? [.. list.EnumerateArray()] : [list];
        var sentences = new List<SummarySentence>();
        var fault = elements.Count == 0 ? "the answer has no sentences" : null;
        foreach (var element in elements)
        {
            var (sentence, why) = Sentence(element, prompt);
            if (sentence is not null) sentences.Add(sentence);
            fault ??= why;
        }

        var feedback = AnswerJson.Member(root, "feedback") is { } paragraph ? Paragraph(paragraph) : null;
        var isOfSchema = feedback is not null && elements.TrueForAll(IsSentence);
        if (sentences.Count == 0) return new(null, fault, isOfSchema);
        if (feedback is null) return new(null, "the answer has no feedback");
        return new(new SummaryContent([.. sentences.Take(MaxSentences)], feedback, Steps(root)), null, isOfSchema);
    }

    private static bool IsSentence(JsonElement element) =>
        AnswerJson.Member(element, "text") is { ValueKind: JsonValueKind.String }
        && AnswerJson.Member(element, "sources") is { ValueKind: JsonValueKind.Array } sources
        && sources.EnumerateArray().All(source => source.ValueKind == JsonValueKind.String);

    private static (SummarySentence? Sentence, string? Fault) Sentence(JsonElement element, Prompt prompt)
    {
        if (element.ValueKind is not (JsonValueKind.Object or JsonValueKind.Null)) return (null, "the answer is not JSON of the schema");
        var text = AnswerJson.Member(element, "text") is { ValueKind: JsonValueKind.String } written ? PlainAnswer.Clean(written.GetString()!) : "";
        if (text.Length == 0) return (null, "a sentence is empty");
        var named = AnswerJson.Member(element, "sources") is { ValueKind: not JsonValueKind.Null } sources ? Ids(sources, 0).ToList() : [];
        if (named.Count == 0) return (null, "a sentence names no message");
        var messages = named.ConvertAll(id => id is null ? null : prompt.Source(id));
        return messages.Contains(null)
            ? (null, "a sentence names a message that was not given")
            : (new SummarySentence(text, [.. messages.Distinct()!]), null);
    }

    /// <summary>The ids in sources of whatever form; null for what is none.</summary>
    private static IEnumerable<string?> Ids(JsonElement sources, int depth) => sources.ValueKind switch
    {
        JsonValueKind.Array when depth < 2 => sources.EnumerateArray().SelectMany(source => Ids(source, depth + 1)),
        JsonValueKind.Object when AnswerJson.Member(sources, "id") is { } id && depth < 3 => Ids(id, depth + 1),
        JsonValueKind.Number when sources.TryGetInt32(out var number) => [Id(number)],
        JsonValueKind.String => IdsIn(sources.GetString()!),
        _ => [null],
    };

    /// <summary>The ids in a text: <c>m1</c>, <c>M1</c>, <c>1</c>, <c>[m1]</c>, <c>message 1</c>, and several with commas or blanks between them.</summary>
    private static IEnumerable<string?> IdsIn(string text)
    {
        var found = false;
        foreach (var part in text.Split([' ', ',', ';', '\n', '\t', '[', ']', '(', ')', '{', '}', '"', '\'', '`', '#'], StringSplitOptions.RemoveEmptyEntries))
        {
            var word = part.Trim('.', ':');
            if (word.ToLowerInvariant() is "and" or "message" or "messages" or "id" or "ids" or "source" or "sources" or "msg" or "&" or "note" or "notes" or "") continue;
            found = true;
            var digits = word[0] is 'm' or 'M' ? word.AsSpan(1) : word;
            yield return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? Id(number) : null;
        }

        if (!found) yield return null;
    }

    private static string Id(int number) => string.Create(CultureInfo.InvariantCulture, $"m{number}");

    private static string? Paragraph(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => PlainAnswer.Clean(value.GetString()!),
        JsonValueKind.Array when value.EnumerateArray().All(part => part.ValueKind == JsonValueKind.String) =>
            PlainAnswer.Clean(string.Join(' ', value.EnumerateArray().Select(part => part.GetString()))),
        JsonValueKind.Object when AnswerJson.Member(value, "text") is { ValueKind: JsonValueKind.String } text => PlainAnswer.Clean(text.GetString()!),
        _ => null,
    };

    private static List<string> Steps(JsonElement root)
    {
        if (AnswerJson.Member(root, "nextSteps") is not { } given) return [];
        IEnumerable<JsonElement> steps = given.ValueKind == JsonValueKind.Array ? given.EnumerateArray() : [given];
        return [.. steps.Select(Paragraph).OfType<string>().Where(step => step.Length > 0).Take(MaxNextSteps)];
    }
}
