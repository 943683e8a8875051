using StudyTracker.Notifier.Messages;

namespace StudyTracker.Notifier.Slack;

/// <summary>The few calls of Slack's Web API that delivery needs; on SlackNet in the full set, on HttpClient in core.</summary>
internal interface ISlackClient
{
    /// <summary>Posts a direct message to a user; the user's id serves as the channel. Not idempotent.</summary>
    Task<SlackAnswer<PostedMessage>> PostAsync(string teamId, string userId, SlackMessage message, CancellationToken cancellationToken);

    /// <summary>The direct-message conversation with a user.</summary>
    Task<SlackAnswer<string>> OpenAsync(string teamId, string userId, CancellationToken cancellationToken);

    /// <summary>Looks for our message about a summary among the latest of a conversation; a null value: it is not there.</summary>
    Task<SlackAnswer<PostedMessage?>> FindAsync(string teamId, string channel, Guid summaryId, CancellationToken cancellationToken);
}

/// <summary>Where a message is.</summary>
internal sealed record PostedMessage(string Channel, string Ts);

/// <summary>How a call ended.</summary>
internal enum SlackOutcome
{
    /// <summary>Slack did it.</summary>
    Done,

    /// <summary>Slack did not do it because of its rate limits.</summary>
    RateLimited,

    /// <summary>The request did not reach Slack.</summary>
    NotSent,

    /// <summary>Nobody knows whether Slack did it.</summary>
    Unknown,

    /// <summary>Slack says no, and why.</summary>
    Refused,
}

/// <summary>What came of a call. Failures that are expected are values, not exceptions.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="Value">Slack's answer, when done.</param>
/// <param name="Error">Slack's error code, or what went wrong on the way.</param>
/// <param name="RetryAfter">How long Slack asks to wait.</param>
internal sealed record SlackAnswer<T>(SlackOutcome Outcome, T? Value = default, string? Error = null, TimeSpan? RetryAfter = null)
{
    /// <summary>The same failure, as the answer to a call with another result.</summary>
    public SlackAnswer<TOther> As<TOther>() => new(Outcome, default, Error, RetryAfter);
}

/// <summary>Our metadata on a message, by which it is recognised.</summary>
internal static class SlackMetadata
{
    public const string EventType = "study_summary";
    public const string SummaryId = "summary_id";

    /// <summary>How many of the latest messages are looked through.</summary>
    public const int HistoryLimit = 50;
}
