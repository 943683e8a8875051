using System.Text;
using StudyTracker.Contracts;
using StudyTracker.Texts;

namespace StudyTracker.Notifier.Messages;

/// <summary>
/// Renders a summary as a direct message in the reader's language. Whatever the summary says, Slack's limits hold: what is too
/// long is split or shortened.
/// </summary>
internal static class SummaryMessage
{
    private const int MaxSectionLength = 3_000;
    private const int MaxHeaderLength = 150;
    private const int MaxModelLength = 100;
    private const int MaxLinks = 3;

    // Slack refuses messages whose blocks are too long in all (msg_blocks_too_long); it is not said where, but at about
    // 13,200 characters, less some 125 for every block. Feedback and next steps take up to 3,000 each, so this is left.
    private const int MaxSummaryLength = 5_000;

    /// <summary>The whole message.</summary>
    /// <param name="feedback">The summary.</param>
    /// <param name="archive">What links to the messages that it rests on begin with.</param>
    public static SlackMessage Render(FeedbackRecord feedback, Uri archive)
    {
        var words = Wording.For(feedback.Language);
        var title = words.Title(feedback.Kind, feedback.LocalDate);
        if (IsRetracted(feedback))
        {
            return new SlackMessage(
                feedback.SummaryId,
                feedback.Revision,
                FallbackText.Within($"{title}: {words.Retracted}"),
                [new HeaderBlock(Graphemes.Shorten(title, MaxHeaderLength)), new SectionBlock(words.Retracted)]);
        }

        var blocks = new List<SlackBlock>
        {
            new HeaderBlock(Graphemes.Shorten(title, MaxHeaderLength)),
            new ContextBlock(Joined(words.Count(feedback.MessageCount), feedback.StreakDays > 1 ? words.Streak(feedback.StreakDays) : null)),
        };
        blocks.AddRange(Sections(Lines(feedback, archive)));
        if (feedback.Content.Feedback.Length > 0) blocks.Add(Headed(words.FeedbackHeading, feedback.Content.Feedback));
        if (feedback.Content.NextSteps.Count > 0)
            blocks.Add(Headed(words.NextStepsHeading, string.Join('\n', feedback.Content.NextSteps.Select(step => $"•  {step}"))));
        blocks.Add(new DividerBlock());
        blocks.Add(new ActionsBlock(
            new MessageButton(SlackActions.NotHelpful, words.NotHelpful, $"{feedback.SummaryId}"),
            new MessageButton(SlackActions.Pause, words.Pause, $"{feedback.SummaryId}")));
        blocks.Add(new ContextBlock(Joined(
            words.Written(SlackText.Literal(feedback.Model, MaxModelLength), feedback.WrittenAt is { } at ? SlackText.Moment(at) : null),
            feedback.Revision > 0 ? words.Revised : null,
            feedback.LeftOut > 0 ? words.LeftOut(feedback.LeftOut) : null,
            feedback.Content.Sentences.Any(sentence => sentence.Sources.Count > 0) ? words.Links : null)));

        var text = $"{title}: {string.Join(' ', feedback.Content.Sentences.Select(sentence => sentence.Text))}";
        return new SlackMessage(feedback.SummaryId, feedback.Revision, FallbackText.Within(text), blocks);
    }

    /// <summary>The text alone, short: for a Slack that refuses the whole message.</summary>
    public static SlackMessage RenderPlain(FeedbackRecord feedback)
    {
        var words = Wording.For(feedback.Language);
        var title = words.Title(feedback.Kind, feedback.LocalDate);
        var text = string.Join('\n', IsRetracted(feedback)
            ? [title, words.Retracted]
            : [title, .. feedback.Content.Sentences.Select(sentence => $"•  {sentence.Text}"), feedback.Content.Feedback, .. feedback.Content.NextSteps]);
        return new SlackMessage(feedback.SummaryId, feedback.Revision, FallbackText.Within(text), []);
    }

    /// <summary>Whether nothing is left to say, because the messages are all deleted.</summary>
    private static bool IsRetracted(FeedbackRecord feedback) => feedback is { MessageCount: 0, Content.Sentences: [] };

    /// <summary>A line a sentence, as many as fit.</summary>
    private static IEnumerable<string> Lines(FeedbackRecord feedback, Uri archive)
    {
        var length = 0;
        foreach (var sentence in feedback.Content.Sentences)
        {
            var line = Line(sentence, archive);
            if (length > 0 && length + line.Length > MaxSummaryLength)
            {
                yield return "…";
                yield break;
            }

            length += line.Length + 1;
            yield return line;
        }
    }

    private static string Line(SummarySentence sentence, Uri archive)
    {
        var links = sentence.Sources.Take(MaxLinks).Select((source, index) => SlackText.Link(archive, source, $"[{index + 1}]"));
        var after = $" {string.Join(' ', links)}";
        const string before = "•  ";
        return (before + SlackText.Literal(sentence.Text, Math.Max(2, MaxSectionLength - before.Length - after.Length)) + after).TrimEnd();
    }

    private static SectionBlock Headed(string heading, string text)
    {
        var before = $"*{heading}*\n";
        return new SectionBlock(before + SlackText.Literal(text, MaxSectionLength - before.Length));
    }

    /// <summary>As few sections as the lines fit into, none longer than Slack allows, no line torn apart.</summary>
    private static IEnumerable<SectionBlock> Sections(IEnumerable<string> lines)
    {
        var section = new StringBuilder();
        foreach (var line in lines)
        {
            if (section.Length > 0 && section.Length + 1 + line.Length > MaxSectionLength)
            {
                yield return new SectionBlock(section.ToString());
                section.Clear();
            }

            if (section.Length > 0) section.Append('\n');
            section.Append(line);
        }

        if (section.Length > 0) yield return new SectionBlock(section.ToString());
    }

    private static string Joined(params string?[] parts) => string.Join("  ·  ", parts.Where(part => part is not null));
}
