using StudyTracker.Contracts;
using StudyTracker.Summarizer.Storage;
using StudyTracker.Texts;

namespace StudyTracker.Summarizer.Summaries;

/// <summary>
/// What a learner gets when the model keeps to the schema and yet says nothing that rests on their messages: the beginnings of
/// their newest notes, and the word that this is what they are. It is no job for an operator: asked again, such a model says no more.
/// </summary>
internal static class Extract
{
    /// <summary>Stands where a summary names the model that wrote it.</summary>
    public const string Model = "extract";

    private const int MaxNotes = 4;
    private const int MaxLength = 240;

    /// <summary>The summary.</summary>
    /// <param name="language">Code of the reader's language.</param>
    /// <param name="messages">The messages in the order in which they were posted; at least one.</param>
    public static SummaryContent Of(string language, IReadOnlyList<Message> messages)
    {
        var word = Language.All[language].Extract;
        var notes = messages
            .Select(message => new SummarySentence(Beginning(PlainAnswer.Clean(message.Said)), [new MessageRef(message.Channel, message.Ts)]))
            .Where(sentence => sentence.Text.Length > 0)
            .TakeLast(MaxNotes)
            .ToList();
        // Notes of which nothing can be shown, such as links alone, are named all the same.
        return notes.Count > 0
            ? new SummaryContent(notes, word, [])
            : new SummaryContent([new SummarySentence(word, [.. messages.TakeLast(MaxNotes).Select(message => new MessageRef(message.Channel, message.Ts))])], "", []);
    }

    private static string Beginning(string text)
    {
        if (text.Length <= MaxLength) return text;
        return text.LastIndexOf(' ', MaxLength - 1, MaxLength / 3) is > 0 and var blank ? text[..blank] + "…" : Graphemes.Shorten(text, MaxLength);
    }
}
