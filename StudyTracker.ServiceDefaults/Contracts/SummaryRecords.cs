namespace StudyTracker.Contracts;

/// <summary>Which summary: of a day, a week or a month.</summary>
public enum SummaryKind
{
    /// <summary>Every evening.</summary>
    Daily,

    /// <summary>Every week.</summary>
    Weekly,

    /// <summary>Every month.</summary>
    Monthly,
}

/// <summary>An order to summarise, for everybody or for whom it is due: it becomes one run.</summary>
/// <param name="RunId">Identity of the run; a trigger that arrives twice with the same id is executed once.</param>
/// <param name="Kind">Which summary.</param>
/// <param name="RequestedAt">When it was asked for, or due (UTC); messages posted later wait for the next run.</param>
/// <param name="RequestedBy"><c>schedule</c>: for the members who are due at that time; <c>api</c>: for everybody.</param>
public sealed record TriggerRecord(string RunId, SummaryKind Kind, DateTimeOffset RequestedAt, string RequestedBy);

/// <summary>One member's summary to write.</summary>
/// <param name="JobId">Identity of the job, and of the summary that it leads to.</param>
/// <param name="RunId">The run that planned it.</param>
/// <param name="TeamId">The member's workspace.</param>
/// <param name="UserId">The member.</param>
/// <param name="Kind">Which summary.</param>
/// <param name="WindowStart">Start of the window, inclusive (UTC).</param>
/// <param name="WindowEnd">End of the window, exclusive (UTC).</param>
/// <param name="DueAt">When the member was promised the summary (UTC); null: at the window's end.</param>
/// <param name="Revision">0: write it; else which rewriting of the summary this is.</param>
public sealed record SummaryJob(
    Guid JobId,
    string RunId,
    string TeamId,
    string UserId,
    SummaryKind Kind,
    DateTimeOffset WindowStart,
    DateTimeOffset WindowEnd,
    DateTimeOffset? DueAt = null,
    int Revision = 0);

/// <summary>A written summary on its way to its reader. The same summary and revision always carry the same content.</summary>
/// <param name="SummaryId">Identity of the summary; delivered at most once, and put into Slack's message metadata.</param>
/// <param name="RunId">The run that it belongs to.</param>
/// <param name="TeamId">The member's workspace.</param>
/// <param name="UserId">The member who gets the direct message.</param>
/// <param name="Kind">Which summary.</param>
/// <param name="LocalDate">The member's local date that the summary is for: the last day of its window.</param>
/// <param name="Language">Language of the text: <c>ko</c> or <c>en</c>.</param>
/// <param name="Content">What the summary says.</param>
/// <param name="MessageCount">How many study messages it rests on; 0: all of them were deleted, and nothing is left to say.</param>
/// <param name="Model">The language model that wrote it.</param>
/// <param name="RequestedAt">When the run was asked for (UTC).</param>
/// <param name="DueAt">When the reader was promised it (UTC): lateness is measured from here. Null: from <paramref name="RequestedAt"/>.</param>
/// <param name="WrittenAt">When the model wrote it (UTC); null when that is not known.</param>
/// <param name="StreakDays">On how many local days in a row the learner has written, up to the newest message; 0: not counted.</param>
/// <param name="LeftOut">How many messages of the window did not fit into the prompt.</param>
/// <param name="Revision">
/// 0 for the first; counts up each time the summary was written anew because a message that it rests on was changed. A
/// higher revision replaces the message that was delivered before.
/// </param>
public sealed record FeedbackRecord(
    Guid SummaryId,
    string RunId,
    string TeamId,
    string UserId,
    SummaryKind Kind,
    DateOnly LocalDate,
    string Language,
    SummaryContent Content,
    int MessageCount,
    string Model,
    DateTimeOffset RequestedAt,
    DateTimeOffset? DueAt = null,
    DateTimeOffset? WrittenAt = null,
    int StreakDays = 0,
    int LeftOut = 0,
    int Revision = 0);

/// <summary>What a summary says.</summary>
/// <param name="Sentences">The summary, in 1 to 6 sentences, each with what it rests on; none when its messages were all deleted.</param>
/// <param name="Feedback">Encouraging feedback, one short paragraph; empty when there is no sentence.</param>
/// <param name="NextSteps">Up to 5 suggestions for the next study session.</param>
public sealed record SummaryContent(
    IReadOnlyList<SummarySentence> Sentences,
    string Feedback,
    IReadOnlyList<string> NextSteps);

/// <summary>One sentence of a summary.</summary>
/// <param name="Text">The sentence, plain text.</param>
/// <param name="Sources">The messages that it rests on.</param>
public sealed record SummarySentence(string Text, IReadOnlyList<MessageRef> Sources);

/// <summary>Slack's identity of a message within a workspace.</summary>
/// <param name="Channel">Channel id.</param>
/// <param name="Ts">Slack's timestamp, which identifies the message within its channel.</param>
/// <param name="ThreadTs">The thread that it replies in; null: none.</param>
public sealed record MessageRef(string Channel, string Ts, string? ThreadTs = null);

/// <summary>A member was erased: whoever keeps something about the member erases it too.</summary>
/// <param name="TeamId">The member's workspace.</param>
/// <param name="UserId">The member.</param>
public sealed record MemberErased(string TeamId, string UserId);
