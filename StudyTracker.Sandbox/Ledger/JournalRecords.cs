using System.Text.Json;
using System.Text.Json.Serialization;
using StudyTracker.Sandbox.Events;
using StudyTracker.Sandbox.Workspaces;

namespace StudyTracker.Sandbox.Ledger;

/// <summary>Something that happened. The ledger's state is what its records add up to, in memory and after a restart.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(EventQueued), "event")]
[JsonDerivedType(typeof(AttemptMade), "attempt")]
[JsonDerivedType(typeof(PostAccepted), "post")]
[JsonDerivedType(typeof(PostUpdated), "update")]
[JsonDerivedType(typeof(PostDeleted), "delete")]
[JsonDerivedType(typeof(ReactionChanged), "reaction")]
[JsonDerivedType(typeof(ChannelChanged), "channel")]
[JsonDerivedType(typeof(AnswerPosted), "answer")]
[JsonDerivedType(typeof(EphemeralPosted), "ephemeral")]
[JsonDerivedType(typeof(MethodCalled), "call")]
[JsonDerivedType(typeof(ModelCalled), "model")]
[JsonDerivedType(typeof(TriggerSent), "trigger")]
[JsonDerivedType(typeof(UserChanged), "user")]
internal abstract record JournalRecord(DateTimeOffset At);

/// <summary>An event to be delivered; recorded before its first attempt.</summary>
/// <param name="At">When it was handed in.</param>
/// <param name="EventId">Slack's event_id.</param>
/// <param name="Kind">What it is, for counting.</param>
/// <param name="Message">The message that it tells of.</param>
/// <param name="Body">The request's body, the same at every attempt.</param>
/// <param name="Signature">How it is signed.</param>
/// <param name="Times">How many accepted deliveries are wanted.</param>
/// <param name="NotBefore">When the first attempt is due.</param>
internal sealed record EventQueued(
    DateTimeOffset At,
    string EventId,
    EventKind Kind,
    SlackMessage Message,
    string Body,
    SignatureMode Signature,
    int Times,
    DateTimeOffset NotBefore) : JournalRecord(At);

/// <summary>The outcome of one attempt to deliver an event.</summary>
/// <param name="At">When it began.</param>
/// <param name="EventId">The event.</param>
/// <param name="Status">The HTTP status; null when there was none.</param>
/// <param name="ElapsedMs">How long it took, in ms.</param>
/// <param name="Error">Slack's word for what failed; null when accepted.</param>
/// <param name="RetryNum">What x-slack-retry-num said; 0 for a first delivery.</param>
/// <param name="NoRetry">Whether the answer asked for no more retries.</param>
internal sealed record AttemptMade(
    DateTimeOffset At,
    string EventId,
    int? Status,
    double ElapsedMs,
    string? Error,
    int RetryNum,
    bool NoRetry = false) : JournalRecord(At)
{
    /// <summary>Whether the receiver took the event.</summary>
    [JsonIgnore]
    public bool Accepted => Status is >= 200 and < 300;
}

/// <summary>A message that the app posted; recorded before the answer.</summary>
/// <param name="At">When it was accepted.</param>
/// <param name="TeamId">Workspace.</param>
/// <param name="ChannelId">Channel, D… for a direct message.</param>
/// <param name="UserId">The learner of a direct message.</param>
/// <param name="Ts">Slack's timestamp.</param>
/// <param name="Text">Text.</param>
/// <param name="Blocks">Block Kit.</param>
/// <param name="Metadata">Metadata with event_type and event_payload.</param>
/// <param name="ThreadTs">The thread it belongs to.</param>
/// <param name="SummaryId">metadata.event_payload.summary_id.</param>
/// <param name="Attachments">Attachments.</param>
internal sealed record PostAccepted(
    DateTimeOffset At,
    string TeamId,
    string ChannelId,
    string? UserId,
    string Ts,
    string Text,
    JsonElement? Blocks,
    JsonElement? Metadata,
    string? ThreadTs,
    string? SummaryId,
    JsonElement? Attachments = null) : JournalRecord(At);

/// <summary>A message of the app that it changed.</summary>
internal sealed record PostUpdated(
    DateTimeOffset At,
    string TeamId,
    string ChannelId,
    string Ts,
    string Text,
    JsonElement? Blocks,
    JsonElement? Metadata,
    JsonElement? Attachments = null) : JournalRecord(At);

/// <summary>An emoji that somebody put below a message.</summary>
/// <param name="Name">Its name without colons.</param>
/// <param name="UserId">Who did it.</param>
internal readonly record struct Reaction(string Name, string UserId);

/// <summary>A reaction that was added or taken back.</summary>
internal sealed record ReactionChanged(
    DateTimeOffset At, string TeamId, string ChannelId, string Ts, Reaction Reaction, bool IsAdded) : JournalRecord(At);

/// <summary>A message of the app that is gone.</summary>
/// <param name="At">When.</param>
/// <param name="TeamId">Workspace.</param>
/// <param name="ChannelId">Channel.</param>
/// <param name="Ts">Which message.</param>
/// <param name="OnlyFor">Who saw it, when only one person did.</param>
internal sealed record PostDeleted(DateTimeOffset At, string TeamId, string ChannelId, string Ts, string? OnlyFor = null) : JournalRecord(At);

/// <summary>An answer of the app to a command or a button that everybody in the channel sees.</summary>
internal sealed record AnswerPosted(
    DateTimeOffset At,
    string TeamId,
    string ChannelId,
    string Ts,
    string Text,
    JsonElement? Blocks,
    string? ThreadTs) : JournalRecord(At);

/// <summary>A message that only one person sees; one with the timestamp of another takes its place.</summary>
/// <param name="At">When.</param>
/// <param name="TeamId">Workspace.</param>
/// <param name="ChannelId">Channel.</param>
/// <param name="UserId">Who sees it.</param>
/// <param name="AuthorId">Who says it: the app's user, or Slackbot.</param>
/// <param name="Ts">Slack's timestamp.</param>
/// <param name="Text">Slack mrkdwn.</param>
/// <param name="Blocks">Block Kit.</param>
internal sealed record EphemeralPosted(
    DateTimeOffset At,
    string TeamId,
    string ChannelId,
    string UserId,
    string AuthorId,
    string Ts,
    string Text,
    JsonElement? Blocks) : JournalRecord(At);

/// <summary>A call of the Web API. An accepted chat.postMessage has its <see cref="PostAccepted"/> instead.</summary>
/// <param name="At">When it was answered.</param>
/// <param name="Method">Name of the method.</param>
/// <param name="Outcome">How it was answered.</param>
/// <param name="Error">Slack's error, if any.</param>
internal sealed record MethodCalled(DateTimeOffset At, string Method, CallOutcome Outcome, string? Error = null) : JournalRecord(At);

/// <summary>A call of the model.</summary>
/// <param name="At">When it was answered.</param>
/// <param name="Outcome">How it was answered.</param>
/// <param name="PromptTokens">Tokens of the prompt.</param>
/// <param name="CompletionTokens">Tokens of the answer.</param>
internal sealed record ModelCalled(DateTimeOffset At, CallOutcome Outcome, int PromptTokens = 0, int CompletionTokens = 0)
    : JournalRecord(At);

/// <summary>A trigger that was sent to Ingress, with what came of it.</summary>
/// <param name="At">When it was asked for.</param>
/// <param name="Id">The id that was sent, the same at every attempt.</param>
/// <param name="Kind">daily, weekly or monthly.</param>
/// <param name="Status">The HTTP status; null when Ingress could not be reached.</param>
/// <param name="RunId">The run, when accepted.</param>
/// <param name="ElapsedMs">How long it took in all, in ms.</param>
/// <param name="Attempts">How many requests it took.</param>
internal sealed record TriggerSent(
    DateTimeOffset At,
    string Id,
    string Kind,
    int? Status,
    string? RunId,
    double ElapsedMs,
    int Attempts) : JournalRecord(At);

/// <summary>A learner that was added or changed by hand.</summary>
internal sealed record UserChanged(DateTimeOffset At, string TeamId, Learner Learner) : JournalRecord(At);

/// <summary>A channel that was added or changed by hand.</summary>
internal sealed record ChannelChanged(DateTimeOffset At, string TeamId, SlackChannel Channel) : JournalRecord(At);

/// <summary>How a call was answered.</summary>
internal enum CallOutcome
{
    /// <summary>As asked.</summary>
    Ok,

    /// <summary>With 429.</summary>
    RateLimited,

    /// <summary>With an error, a broken answer, or not at all.</summary>
    Failed,
}
