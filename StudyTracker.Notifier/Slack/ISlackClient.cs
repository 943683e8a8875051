using System.Globalization;
using StudyTracker.Notifier.Messages;
using StudyTracker.Slack;

namespace StudyTracker.Notifier.Slack;

/// <summary>The few calls of Slack's Web API that the Notifier needs; on SlackNet in the full set, on HttpClient in core.</summary>
internal interface ISlackClient
{
    /// <summary>Posts a message to a conversation; a user's id stands for the direct message with that user. Not idempotent.</summary>
    Task<SlackAnswer<PostedMessage>> PostAsync(string teamId, string channel, SlackMessage message, CancellationToken cancellationToken);

    /// <summary>Puts a message in the place of one that was posted before, which keeps its metadata. Idempotent.</summary>
    Task<SlackAnswer<PostedMessage>> UpdateAsync(string teamId, PostedMessage posted, SlackMessage message, CancellationToken cancellationToken);

    /// <summary>The direct-message conversation with a user.</summary>
    Task<SlackAnswer<string>> OpenAsync(string teamId, string userId, CancellationToken cancellationToken);

    /// <summary>Looks for our message about a summary on a page of those of a conversation since a time; the first page, without a cursor.</summary>
    Task<SlackAnswer<HistoryPage>> FindAsync(string teamId, string channel, HistorySearch search, CancellationToken cancellationToken);

    /// <summary>Whether Slack accepts the workspace's token.</summary>
    Task<SlackAnswer<string>> TestAsync(string teamId, CancellationToken cancellationToken);

    /// <summary>What Slack tells of a user: time zone and language.</summary>
    Task<SlackAnswer<SlackProfile>> ProfileAsync(string teamId, string userId, CancellationToken cancellationToken);
}

/// <summary>Where a message is.</summary>
/// <param name="Channel">The conversation.</param>
/// <param name="Ts">Slack's timestamp.</param>
/// <param name="Revision">Which revision of the summary it was found to show; null when nobody has looked.</param>
internal sealed record PostedMessage(string Channel, string Ts, int? Revision = null);

/// <summary>What is looked for in a conversation.</summary>
/// <param name="SummaryId">The message about this summary.</param>
/// <param name="Since">Posted no earlier than this.</param>
/// <param name="Cursor">Slack's name for the page; null: the first.</param>
internal sealed record HistorySearch(Guid SummaryId, DateTimeOffset Since, string? Cursor = null);

/// <summary>What a page of a conversation has.</summary>
/// <param name="Found">The message; null: it is not on this page.</param>
/// <param name="Next">The cursor of the next page; null: there is none.</param>
internal sealed record HistoryPage(PostedMessage? Found, string? Next = null);

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
/// <param name="Detail">What Slack says besides its error code.</param>
internal sealed record SlackAnswer<T>(
    SlackOutcome Outcome, T? Value = default, string? Error = null, TimeSpan? RetryAfter = null, string? Detail = null)
{
    /// <summary>Why it is not done, for people.</summary>
    public string? Reason => Detail is null ? Error : $"{Error} ({Detail})";

    /// <summary>The same failure, as the answer to a call with another result.</summary>
    public SlackAnswer<TOther> As<TOther>() => new(Outcome, default, Error, RetryAfter, Detail);
}

/// <summary>Our metadata on a message, by which it is recognised.</summary>
internal static class SlackMetadata
{
    public const string EventType = "study_summary";
    public const string SummaryId = "summary_id";
    public const string Revision = "revision";

    /// <summary>How many messages a page has at most, as Slack advises; some apps get 15 a page, whatever they ask for.</summary>
    public const int HistoryLimit = 200;

    /// <summary>Our clock and Slack's may differ.</summary>
    private static readonly TimeSpan _clockSkew = TimeSpan.FromMinutes(5);

    /// <summary>Slack's timestamp from which on a message is looked for that was posted after a time.</summary>
    public static string Oldest(DateTimeOffset since) =>
        string.Create(CultureInfo.InvariantCulture, $"{(since - _clockSkew).ToUnixTimeSeconds()}.000000");
}
