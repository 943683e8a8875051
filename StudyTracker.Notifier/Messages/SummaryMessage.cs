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

    // Of Slack's 50 blocks, title, feedback, next steps, line and small print need five.
    private const int MaxSections = 45;

    public static SlackMessage Render(FeedbackRecord feedback)
    {
        var words = Wording.For(feedback.Language);
        var title = words.Title(feedback.Kind, feedback.LocalDate);
        var blocks = new List<SlackBlock> { new HeaderBlock(Cut(title, MaxHeaderLength)) };
        blocks.AddRange(Sections(feedback.Content.Sentences.Select(sentence => Line(sentence, feedback.TeamId))).Take(MaxSections));
        blocks.Add(Headed(words.FeedbackHeading, feedback.Content.Feedback));
        if (feedback.Content.NextSteps.Count > 0)
            blocks.Add(Headed(words.NextStepsHeading, string.Join('\n', feedback.Content.NextSteps.Select(step => $"•  {step}"))));
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
        var after = $" {string.Join(' ', links)}";
        const string before = "•  ";
        return before + EscapeWithin(sentence.Text, MaxSectionLength - before.Length - after.Length) + after;
    }

    private static SectionBlock Headed(string heading, string text)
    {
        var before = $"*{heading}*\n";
        return new SectionBlock(before + EscapeWithin(text, MaxSectionLength - before.Length));
    }

    /// <summary>Escapes as much of a text as fits: a cut afterwards could go through an entity or a link.</summary>
    private static string EscapeWithin(string text, int length)
    {
        var escaped = Escape(text);
        // An escaped character is at most five long, so this ends after a few turns.
        for (var kept = text.Length; escaped.Length > length; escaped = Escape(Cut(text, kept)))
            kept = Math.Min(kept - 1, Math.Max(2, kept - (escaped.Length - length) / 5));
        return escaped;
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
            section.Append(line);
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
