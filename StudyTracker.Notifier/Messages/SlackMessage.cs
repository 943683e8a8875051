namespace StudyTracker.Notifier.Messages;

/// <summary>A message as delivery sends it.</summary>
/// <param name="SummaryId">Put into the message's metadata.</param>
/// <param name="Text">What notifications and screen readers show.</param>
/// <param name="Blocks">What is seen in Slack.</param>
internal sealed record SlackMessage(Guid SummaryId, string Text, IReadOnlyList<SlackBlock> Blocks);

/// <summary>A Block Kit block; just those that our messages are made of.</summary>
internal abstract record SlackBlock;

/// <summary>A title, plain text, at most 150 characters.</summary>
internal sealed record HeaderBlock(string Text) : SlackBlock;

/// <summary>A paragraph in Slack's markdown, at most 3,000 characters.</summary>
internal sealed record SectionBlock(string Markdown) : SlackBlock;

/// <summary>Small print in Slack's markdown.</summary>
internal sealed record ContextBlock(string Markdown) : SlackBlock;

/// <summary>A line.</summary>
internal sealed record DividerBlock : SlackBlock;
