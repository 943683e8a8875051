using System.Text.Json.Serialization;

namespace StudyTracker.Sandbox.Events;

/// <summary>What an event is, so that a test knows which of them must become rows.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<EventKind>))]
internal enum EventKind
{
    /// <summary>A learner's message, also a thread reply or a file's caption.</summary>
    [JsonStringEnumMemberName("study")]
    Study,

    /// <summary>A bot's message.</summary>
    [JsonStringEnumMemberName("bot")]
    Bot,

    /// <summary>A message_changed.</summary>
    [JsonStringEnumMemberName("edit")]
    Edit,

    /// <summary>A message_changed by which Slack shows what a link leads to.</summary>
    [JsonStringEnumMemberName("unfurl")]
    Unfurl,

    /// <summary>A message_deleted.</summary>
    [JsonStringEnumMemberName("deletion")]
    Deletion,

    /// <summary>A message of any other subtype, such as channel_join.</summary>
    [JsonStringEnumMemberName("otherSubtype")]
    OtherSubtype,

    /// <summary>Signed with another secret.</summary>
    [JsonStringEnumMemberName("wrongSignature")]
    WrongSignature,

    /// <summary>Not signed.</summary>
    [JsonStringEnumMemberName("missingSignature")]
    MissingSignature,

    /// <summary>Signed rightly, but too long ago.</summary>
    [JsonStringEnumMemberName("staleSignature")]
    StaleSignature,

    /// <summary>A body given as it is.</summary>
    [JsonStringEnumMemberName("raw")]
    Raw,
}

/// <summary>How a request is signed.</summary>
internal enum SignatureMode
{
    /// <summary>As Slack does.</summary>
    Valid,

    /// <summary>With another secret.</summary>
    Wrong,

    /// <summary>Not at all.</summary>
    Missing,

    /// <summary>With the right secret, ten minutes ago.</summary>
    Stale,
}

/// <summary>Where the delivery of an event stands.</summary>
internal enum EventState
{
    /// <summary>No attempt has ended yet.</summary>
    Pending,

    /// <summary>An attempt failed and another will follow.</summary>
    Retrying,

    /// <summary>The receiver took it.</summary>
    Accepted,

    /// <summary>Given up; the last answer was a 4xx.</summary>
    Refused,

    /// <summary>Given up; the last attempt ended in anything else.</summary>
    Failed,
}
