using SlackNet.Blocks;
using StudyTracker.Notifier.Messages;

namespace StudyTracker.Notifier.Slack;

/// <summary>Our blocks as SlackNet's.</summary>
internal static class SlackNetBlocks
{
    public static Block Convert(SlackBlock block) => block switch
    {
        Messages.HeaderBlock header => new SlackNet.Blocks.HeaderBlock { Text = new PlainText(header.Text) },
        Messages.SectionBlock section => new SlackNet.Blocks.SectionBlock { Text = Verbatim(section.Markdown) },
        Messages.ContextBlock context => new SlackNet.Blocks.ContextBlock { Elements = [Verbatim(context.Markdown)] },
        Messages.ActionsBlock actions => new SlackNet.Blocks.ActionsBlock { Elements = [.. actions.Buttons.Select(Convert)] },
        Messages.DividerBlock => new SlackNet.Blocks.DividerBlock(),
        _ => throw new ArgumentOutOfRangeException(nameof(block), block.GetType().Name, "No SlackNet block is known for this block."),
    };

    /// <summary>Markdown in which nothing becomes a link or a mention that is not written as one.</summary>
    private static Markdown Verbatim(string text) => new(text) { Verbatim = true };

    private static IActionElement Convert(MessageButton button) =>
        new Button { ActionId = button.ActionId, Value = button.Value, Text = new PlainText(button.Text) };
}
