using System.Globalization;
using System.Text;
using StudyTracker.Contracts;

namespace StudyTracker.Notifier.Messages;

/// <summary>Renders a summary as a direct message in the reader's language.</summary>
internal static class SummaryMessage
{
    private const int MaxSectionLength = 3_000;
    private const int MaxHeaderLength = 150;
    private const int MaxLinks = 3;

    public static SlackMessage Render(FeedbackRecord feedback)
    {
        var words = Wording.For(feedback.Language);
        var title = words.Title(feedback.Kind, feedback.LocalDate);
        var steps = string.Join('\n', feedback.Content.NextSteps.Select(step => $"•  {Escape(step)}"));
        var blocks = new List<SlackBlock> { new HeaderBlock(Cut(title, MaxHeaderLength)) };
        blocks.AddRange(Sections(feedback.Content.Sentences.Select(sentence => Line(sentence, feedback.TeamId))));
        blocks.Add(new SectionBlock(Cut($"*{words.FeedbackHeading}*\n{Escape(feedback.Content.Feedback)}", MaxSectionLength)));
        if (steps.Length > 0) blocks.Add(new SectionBlock(Cut($"*{words.NextStepsHeading}*\n{steps}", MaxSectionLength)));
        blocks.Add(new DividerBlock());
        blocks.Add(new ContextBlock(words.Footer(feedback.MessageCount, Escape(feedback.Model))));

        var text = $"{title}: {string.Join(' ', feedback.Content.Sentences.Select(sentence => sentence.Text))}";
        return new SlackMessage(feedback.SummaryId, Escape(Cut(text, MaxSectionLength)), blocks);
    }

    /// <summary>The three characters that Slack gives a meaning; with them gone, no text can mention or link anything.</summary>
    internal static string Escape(string text) => text
        .Replace("&", "&amp;", StringComparison.Ordinal)
        .Replace("<", "&lt;", StringComparison.Ordinal)
        .Replace(">", "&gt;", StringComparison.Ordinal);

    private static string Line(SummarySentence sentence, string teamId)
    {
        var links = sentence.Sources.Take(MaxLinks).Select((source, index) => $"<{Link(teamId, source)}|[{index + 1}]>");
        return $"•  {Escape(sentence.Text)} {string.Join(' ', links)}";
    }

    /// <summary>Opens the message in whatever Slack the reader has.</summary>
    private static string Link(string teamId, MessageRef source) => string.Create(
        CultureInfo.InvariantCulture,
        $"https://slack.com/app_redirect?team={Uri.EscapeDataString(teamId)}&channel={Uri.EscapeDataString(source.Channel)}&message_ts={Uri.EscapeDataString(source.Ts)}");

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
            section.Append(Cut(line, MaxSectionLength));
        }

        if (section.Length > 0) yield return new SectionBlock(section.ToString());
    }

    private static string Cut(string text, int length)
    {
        if (text.Length <= length) return text;
        var end = char.IsHighSurrogate(text[length - 2]) ? length - 2 : length - 1;
        return text[..end] + "…";
    }
}
