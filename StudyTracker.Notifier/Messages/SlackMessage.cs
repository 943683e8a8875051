namespace StudyTracker.Notifier.Messages;

/// <summary>A message as delivery sends it.</summary>
/// <param name="SummaryId">Put into the message's metadata.</param>
/// <param name="Revision">Which revision of the summary it shows; put there too when it is posted.</param>
/// <param name="Text">What notifications and screen readers show; all that is seen when there are no blocks.</param>
/// <param name="Blocks">What is seen in Slack.</param>
internal sealed record SlackMessage(Guid SummaryId, int Revision, string Text, IReadOnlyList<SlackBlock> Blocks);

/// <summary>A Block Kit block; just those that our messages are made of.</summary>
internal abstract record SlackBlock;

/// <summary>A title, plain text, at most 150 characters.</summary>
internal sealed record HeaderBlock(string Text) : SlackBlock;

/// <summary>A paragraph in Slack's markdown, at most 3,000 characters.</summary>
internal sealed record SectionBlock(string Markdown) : SlackBlock;

/// <summary>Small print in Slack's markdown, at most 2,000 characters.</summary>
internal sealed record ContextBlock(string Markdown) : SlackBlock;

/// <summary>A line.</summary>
internal sealed record DividerBlock : SlackBlock;

/// <summary>Buttons in a row, at most 25.</summary>
internal sealed record ActionsBlock(params MessageButton[] Buttons) : SlackBlock
{
    public bool Equals(ActionsBlock? other) => other is not null && Buttons.SequenceEqual(other.Buttons);

    public override int GetHashCode() => Buttons.Length;
}

/// <summary>A button.</summary>
/// <param name="ActionId">What it is called in the interaction that a click leads to.</param>
/// <param name="Text">Its label, at most 75 characters.</param>
/// <param name="Value">Sent along with the interaction.</param>
internal sealed record MessageButton(string ActionId, string Text, string Value);
