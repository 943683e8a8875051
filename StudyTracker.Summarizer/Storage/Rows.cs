using StudyTracker.Contracts;

namespace StudyTracker.Summarizer.Storage;

/// <summary>A learner.</summary>
internal sealed class Member
{
    public required string TeamId { get; init; }

    public required string UserId { get; init; }

    /// <summary>IANA time zone, under its present name; null: not known.</summary>
    public string? TimeZone { get; set; }

    /// <summary>How far the member's clock is ahead of UTC, in seconds, as long as the zone is not known; null: not known either.</summary>
    public int? OffsetSeconds { get; set; }

    /// <summary>Local time at which the member's day begins; null: the schedule's.</summary>
    public TimeOnly? DayStart { get; set; }

    /// <summary>Slack locale such as <c>ko-KR</c>; null: told by the language of the messages.</summary>
    public string? Locale { get; set; }

    /// <summary>Whether summaries are held back until the member asks for them again.</summary>
    public bool Paused { get; set; }

    /// <summary>Until when summaries are held back, such as the end of a vacation; may lie in the past.</summary>
    public DateTimeOffset? PausedUntil { get; set; }

    /// <summary>Kinds of summaries that the member does not want, by name.</summary>
    public string[] Stopped { get; set; } = [];

    /// <summary>Local time of the daily summary; null: the schedule's.</summary>
    public TimeOnly? DailyTime { get; set; }

    /// <summary>Local time of the weekly summary; null: the schedule's.</summary>
    public TimeOnly? WeeklyTime { get; set; }

    /// <summary>Local time of the monthly summary; null: the schedule's.</summary>
    public TimeOnly? MonthlyTime { get; set; }

    /// <summary>When the preferences were last changed, by the clock of whoever received the wish: an older wish changes nothing.</summary>
    public DateTimeOffset? PreferencesAt { get; set; }

    /// <summary>The schedule by which <see cref="Coverage.NextDue"/> was computed; null: it has to be computed.</summary>
    public string? Schedule { get; set; }

    /// <summary>When Slack is asked next for time zone and locale; null: at once.</summary>
    public DateTimeOffset? ProfileDue { get; set; }

    public DateTimeOffset CreatedAt { get; set; }
}

/// <summary>
/// A study message, under Slack's own identity of a message: a redelivery, an edit and a deletion all meet the same row.
/// </summary>
internal sealed class Message
{
    public required string TeamId { get; init; }

    public required string Channel { get; init; }

    /// <summary>Slack's timestamp of the message.</summary>
    public required string Ts { get; init; }

    public required string UserId { get; set; }

    /// <summary>The member's own words, without Slack's markup.</summary>
    public required string Text { get; set; }

    /// <summary>What came along: forwarded messages, snippets, titles of links and files. Null: nothing.</summary>
    public string? Attached { get; set; }

    /// <summary>The own words, or what came along when there are none.</summary>
    public string Said => Text.Length > 0 ? Text : Attached ?? "";

    /// <summary>Whether there is anything to summarise: <see cref="StudyTracker.Texts.Words"/>.</summary>
    public bool SaysSomething { get; set; }

    /// <summary>Whether only its beginning is stored.</summary>
    public bool IsCut { get; set; }

    /// <summary>When it was posted: <see cref="Ts"/> as a time.</summary>
    public DateTimeOffset PostedAt { get; set; }

    /// <summary>
    /// Which text it is: 0 as posted, Slack's timestamp of the edit when edited, -1 when only its deletion is known.
    /// </summary>
    public decimal Version { get; set; }

    /// <summary>0, or Slack's timestamp of the event that told this version anew, with what it has found behind links.</summary>
    public decimal ToldTs { get; set; }

    /// <summary>Slack's timestamp of the deletion; null: not deleted.</summary>
    public decimal? DeletedTs { get; set; }

    public string? ThreadTs { get; set; }

    /// <summary>Slack's id of the event that brought the message first.</summary>
    public required string EventId { get; set; }

    /// <summary>When Ingress received that event.</summary>
    public DateTimeOffset ReceivedAt { get; set; }

    public DateTimeOffset StoredAt { get; set; }

    /// <summary>
    /// Grows within a member in the order in which rows become visible, because a member's row is locked before it is
    /// drawn. "Everything after 17" therefore never misses a row that commits later.
    /// </summary>
    public long Seq { get; set; }
}

/// <summary>An id that a channel had before. Rows of messages are under the id that it has.</summary>
internal sealed class ChannelId
{
    /// <summary>Grows with every entry, in the order in which they become visible.</summary>
    public long Seq { get; set; }

    public required string TeamId { get; init; }

    public required string OldChannel { get; init; }

    /// <summary>The id that it has now.</summary>
    public required string Channel { get; set; }

    public DateTimeOffset CreatedAt { get; set; }
}

/// <summary>Up to where a member's messages are covered by summaries of one kind, and when the next one is due.</summary>
internal sealed class Coverage
{
    public required string TeamId { get; init; }

    public required string UserId { get; init; }

    public SummaryKind Kind { get; init; }

    /// <summary>The last <see cref="Message.Seq"/> that is covered.</summary>
    public long Seq { get; set; }

    /// <summary>End of the last window; the next one starts here. Null: there was none yet.</summary>
    public DateTimeOffset? WindowEnd { get; set; }

    /// <summary>The last due time that was met; null: none yet.</summary>
    public DateTimeOffset? LastDue { get; set; }

    /// <summary>When the next summary is due; null: not known yet, or <see cref="Held"/>.</summary>
    public DateTimeOffset? NextDue { get; set; }

    /// <summary>Whether nothing is due because member or schedule want it so.</summary>
    public bool Held { get; set; }
}

/// <summary>An executed trigger.</summary>
internal sealed class Run
{
    public required string RunId { get; init; }

    public SummaryKind Kind { get; init; }

    public DateTimeOffset RequestedAt { get; init; }

    public required string RequestedBy { get; init; }

    /// <summary>When its jobs were known. It is finished when the last of them is: that is not stored twice.</summary>
    public DateTimeOffset? PlannedAt { get; set; }

    /// <summary>When planning last went on, or was asked for.</summary>
    public DateTimeOffset? TouchedAt { get; set; }

    /// <summary>Pages that are planned.</summary>
    public int Pages { get; set; }

    /// <summary>Workspace of the last member of the last page.</summary>
    public string? CheckpointTeam { get; set; }

    /// <summary>The last member of the last page.</summary>
    public string? CheckpointUser { get; set; }

    /// <summary>Members looked at so far: all, or those for whom it was due.</summary>
    public int Members { get; set; }

    /// <summary>Members who had something new, and want it summarised.</summary>
    public int Jobs { get; set; }

    /// <summary>Members who had something new, but have paused or stopped this kind of summary.</summary>
    public int HeldBack { get; set; }
}

/// <summary>How far a job is.</summary>
internal enum JobState
{
    /// <summary>Planned.</summary>
    Pending,

    /// <summary>Its summary is stored, and not yet handed to delivery.</summary>
    Written,

    /// <summary>Its summary is handed to delivery.</summary>
    Done,

    /// <summary>Nothing was left to summarise: the messages were deleted meanwhile.</summary>
    Empty,

    /// <summary>Given up, with its reason in <see cref="Job.Error"/>.</summary>
    Parked,

    /// <summary>Only of a <see cref="Revision"/>: it would say the same.</summary>
    Skipped,
}

/// <summary>One member's part of a run.</summary>
internal sealed class Job
{
    public Guid JobId { get; init; }

    public required string RunId { get; init; }

    public required string TeamId { get; init; }

    public required string UserId { get; init; }

    public SummaryKind Kind { get; init; }

    /// <summary>The page of the run's plan that it belongs to.</summary>
    public int Page { get; init; }

    public DateTimeOffset WindowStart { get; init; }

    public DateTimeOffset WindowEnd { get; init; }

    /// <summary>When the member was promised the summary. After an outage this is the first due time that was missed.</summary>
    public DateTimeOffset DueAt { get; init; }

    /// <summary>The messages are those with a <see cref="Message.Seq"/> above this…</summary>
    public long AfterSeq { get; init; }

    /// <summary>…up to and including this.</summary>
    public long ToSeq { get; init; }

    public JobState State { get; set; }

    public string? Error { get; set; }

    public DateTimeOffset? FinishedAt { get; set; }

    /// <summary>
    /// When the job is put on its way by itself: a parked one that will be possible again by then, or one that was sent on
    /// its way again and should have ended before. Null: never.
    /// </summary>
    public DateTimeOffset? RetryAt { get; set; }
}

/// <summary>A written summary.</summary>
internal sealed class Summary
{
    /// <summary>The id of the job that it was written for.</summary>
    public Guid SummaryId { get; init; }

    public required string RunId { get; init; }

    public required string TeamId { get; init; }

    public required string UserId { get; init; }

    public SummaryKind Kind { get; init; }

    public DateTimeOffset WindowStart { get; init; }

    public DateTimeOffset WindowEnd { get; init; }

    /// <summary>The member's day of the newest message.</summary>
    public DateOnly LocalDate { get; init; }

    public required string Language { get; init; }

    /// <summary><see cref="SummaryContent"/> as JSON.</summary>
    public required string Content { get; init; }

    public int MessageCount { get; init; }

    /// <summary>How many messages of the window did not fit into the prompt.</summary>
    public int LeftOut { get; init; }

    /// <summary>On how many local days in a row the member has written, up to the newest message.</summary>
    public int StreakDays { get; init; }

    public required string Model { get; init; }

    /// <summary>Hash of the prompt, which is also its name in the cache.</summary>
    public required string PromptHash { get; init; }

    /// <summary>Tokens paid for with this summary, useless answers and rewritings included; 0 when the prompt cache had it.</summary>
    public int InputTokens { get; init; }

    /// <summary>Of <see cref="InputTokens"/>, those that the provider had in its own cache and charges less for.</summary>
    public int CachedInputTokens { get; init; }

    public int OutputTokens { get; init; }

    /// <summary>Whether the answer came from the prompt cache when it was first written.</summary>
    public bool Cached { get; init; }

    /// <summary>When its reader said that it did not help; null: they did not.</summary>
    public DateTimeOffset? NotHelpfulAt { get; set; }

    /// <summary>How often it was written anew: which <see cref="Storage.Revision"/> its content is of; 0: as first written.</summary>
    public int Revision { get; set; }

    /// <summary>When it was last written anew; null: never.</summary>
    public DateTimeOffset? RevisedAt { get; set; }

    /// <summary>When it was first written.</summary>
    public DateTimeOffset CreatedAt { get; init; }
}

/// <summary>What a workspace has had the model write on one day.</summary>
internal sealed class Spending
{
    public required string TeamId { get; init; }

    /// <summary>The day in the schedule's time zone.</summary>
    public DateOnly Day { get; init; }

    public long InputTokens { get; set; }

    public long OutputTokens { get; set; }
}
