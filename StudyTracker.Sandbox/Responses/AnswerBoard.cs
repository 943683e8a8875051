using StudyTracker.Sandbox.Ledger;
using StudyTracker.Sandbox.Workspaces;

namespace StudyTracker.Sandbox.Responses;

/// <summary>Puts answers where Slack shows them.</summary>
internal sealed class AnswerBoard(SandboxLedger ledger, WorkspaceDirectory directory, SlackTimestamp timestamps, TimeProvider time)
{
    /// <summary>Slack's own user, which tells people what is wrong with their commands.</summary>
    public const string Slackbot = "USLACKBOT";

    /// <summary>Shows an answer of the app.</summary>
    public void Show(Invocation asked, AppAnswer answer)
    {
        var now = time.GetUtcNow();
        if (answer.DeleteOriginal && asked.SourceTs is { } gone)
            ledger.Record(new PostDeleted(now, asked.TeamId, asked.ChannelId, gone, asked.SourceIsEphemeral ? asked.UserId : null));
        else if (answer.ReplaceOriginal && asked is { SourceTs: { } changed, SourceIsEphemeral: false })
            ledger.Record(new PostUpdated(now, asked.TeamId, asked.ChannelId, changed, answer.Text, answer.Blocks, null, null));
        // What only one person sees is replaced by what only that person sees.
        else if (answer.InChannel && !(answer.ReplaceOriginal && asked.SourceIsEphemeral))
            ledger.Record(new AnswerPosted(now, asked.TeamId, asked.ChannelId, timestamps.Next(), answer.Text, answer.Blocks, answer.ThreadTs));
        else if (!answer.DeleteOriginal)
            Show(asked, answer, Bot(asked.TeamId), answer.ReplaceOriginal ? asked.SourceTs : null);
    }

    /// <summary>Has Slackbot tell somebody something.</summary>
    public void Tell(Invocation asked, string text) => Show(asked, AppAnswer.Ephemeral(text), Slackbot, null);

    private void Show(Invocation asked, AppAnswer answer, string authorId, string? replacedTs) => ledger.Record(new EphemeralPosted(
        time.GetUtcNow(), asked.TeamId, asked.ChannelId, asked.UserId, authorId, replacedTs ?? timestamps.Next(), answer.Text, answer.Blocks));

    private string Bot(string teamId) => directory.Register(teamId).Seed.Bot.UserId;
}
