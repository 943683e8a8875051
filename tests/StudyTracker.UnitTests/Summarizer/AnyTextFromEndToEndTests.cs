using System.Globalization;
using System.Text;
using System.Text.Json;
using StudyTracker.Contracts;
using StudyTracker.Notifier.Messages;
using StudyTracker.Summarizer.Intake;
using StudyTracker.Summarizer.Storage;
using StudyTracker.Summarizer.Summaries;
using StudyTracker.Texts;
using StudyTracker.UnitTests.ServiceDefaults.Kafka;
using StudyTracker.UnitTests.ServiceDefaults.Texts;

namespace StudyTracker.UnitTests.Summarizer;

/// <summary>Ten thousand texts, the same in every run, from Slack's event to Slack's message: nothing fails, and every limit holds.</summary>
public sealed class AnyTextFromEndToEndTests
{
    private const int Texts = 10_000;
    private const int MostLong = 150;

    private static readonly IntakeOptions _intake = new();
    private static readonly ModelOptions _model = new() { Model = "model" };

    [Fact]
    public void No_text_fails_anywhere_on_its_way()
    {
        var random = new Random(11);
        for (var index = 0; index < Texts; index++)
        {
            var text = AnyText.Random(random, index < MostLong ? 40_000 : 120);
            var content = Read(text, isEscaped: index % 2 == 0, isRich: index % 5 == 0);
            content.Text.Length.ShouldBeLessThanOrEqualTo(_intake.MaxTextLength);
            CanBeStored(content.Text).ShouldBeTrue();
            CanBeStored(content.Attached ?? "").ShouldBeTrue();
            if (content.SaysSomething) Show(Answer(Ask(content)));
        }
    }

    /// <summary>As Slack sends it, with every half of a surrogate pair that a text may have.</summary>
    private static MessageContent Read(string text, bool isEscaped, bool isRich)
    {
        var json = Json(isEscaped ? SlackEntities.Escape(text) : text);
        var fields = isRich
            ? $$"""
              "text":"","blocks":[{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":{{json}}},{"type":"emoji","name":{{json}},"unicode":{{json}}},{"type":"link","url":{{json}},"text":{{json}}}]}]}],
              "attachments":[{"is_share":true,"text":{{json}}},{"title":{{json}}}],"files":[{"title":{{json}},"preview":{{json}}}]
              """
            : $"\"text\":{json}";
        var envelope = $$$"""{"team_id":"T1","event_id":"Ev1","event":{"user":"U1","channel":"C1","ts":"1700000000.1",{{{fields}}}}}""";
        return EnvelopeReader.Read(Records.Of(value: envelope, headers: Records.Headers((RecordHeaders.ReceivedAt, "1700000005000"))), _intake).Content;
    }

    private static Prompt Ask(MessageContent content)
    {
        var note = new Message
        {
            TeamId = "T1",
            Channel = "C1",
            Ts = "1.1",
            UserId = "U1",
            EventId = "Ev1",
            Text = content.Text,
            Attached = content.Attached,
            IsCut = content.IsCut,
        };
        var prompt = Prompt.Create(SummaryKind.Daily, Language.Of(null, [note.Text]), [note], 0, _model);
        prompt.EstimatedTokens.ShouldBeLessThan(_model.MaxPromptTokens + 3_000);
        return prompt;
    }

    /// <summary>What a model answers that quotes as much as it can.</summary>
    private static SummaryContent Answer(Prompt prompt)
    {
        using var asked = JsonDocument.Parse(prompt.Text);
        var message = asked.RootElement.GetProperty("messages")[0];
        var quote = message.GetProperty("text").GetString() + (message.TryGetProperty("attached", out var attached) ? attached.GetString() : "");
        var answer = JsonSerializer.Serialize(new
        {
            sentences = Enumerable.Repeat(new { text = $"You wrote {quote}", sources = new[] { "m1" } }, 4),
            feedback = $"Good: {quote}",
            nextSteps = Enumerable.Repeat($"Read {quote}", 3),
        });
        var reading = ModelAnswer.Read(answer, prompt);
        return reading.Content ?? throw new InvalidOperationException(reading.Fault);
    }

    private static void Show(SummaryContent content)
    {
        var feedback = new FeedbackRecord(
            Guid.Empty, "run", "T1", "U1", SummaryKind.Daily, new DateOnly(2026, 11, 22), "en", content, 1, "model", DateTimeOffset.UnixEpoch);
        foreach (var message in (SlackMessage[])[SummaryMessage.Render(feedback, new Uri("https://slack.com/archives/")), SummaryMessage.RenderPlain(feedback)])
        {
            message.Text.Length.ShouldBeInRange(1, 4_000);
            message.Blocks.OfType<SectionBlock>().ShouldAllBe(section => section.Markdown.Length >= 1 && section.Markdown.Length <= 3_000);
            message.Blocks.OfType<SectionBlock>().Sum(section => section.Markdown.Length).ShouldBeLessThanOrEqualTo(13_000);
            CanBeStored(message.Text + string.Concat(message.Blocks.OfType<SectionBlock>().Select(section => section.Markdown))).ShouldBeTrue();
        }
    }

    private static bool CanBeStored(string text)
    {
        if (text.Contains('\0', StringComparison.Ordinal)) return false;
        for (var index = 0; index < text.Length; index++)
        {
            if (!char.IsSurrogate(text[index])) continue;
            if (index + 1 == text.Length || !char.IsSurrogatePair(text[index], text[++index])) return false;
        }

        return true;
    }

    private static string Json(string text)
    {
        var json = new StringBuilder("\"");
        foreach (var unit in text)
        {
            if (unit is '"' or '\\' or < ' ' || char.IsSurrogate(unit)) json.Append(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}");
            else json.Append(unit);
        }

        return json.Append('"').ToString();
    }
}
