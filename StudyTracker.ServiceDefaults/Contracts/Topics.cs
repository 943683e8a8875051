namespace StudyTracker.Contracts;

/// <summary>The topics that connect the services. Each is declared here and nowhere else.</summary>
public static class Topics
{
    /// <summary>
    /// Raw Slack envelopes, byte for byte: study messages keyed by their author's <see cref="MemberKey"/>, which Ingress alone works
    /// out, and changes of channels' ids keyed by workspace. Ingress → intake.
    /// </summary>
    public const string SlackEvents = "slack-events";

    /// <summary>
    /// Raw forms of Slack's slash commands and interactions, byte for byte, keyed by <see cref="MemberKey"/>. Ingress →
    /// preferences; kept apart from <see cref="SlackEvents"/>, which holds what concerns study messages and nothing else.
    /// </summary>
    public const string SlackInteractions = "slack-interactions";

    /// <summary>
    /// Raw Slack envelopes about the app's own installation, byte for byte, keyed by the id of the workspace, or of the
    /// organisation, that it was installed for. Ingress → installation.
    /// </summary>
    public const string SlackInstallations = "slack-installations";

    /// <summary><see cref="TriggerRecord"/>s keyed by run id. Ingress and the scheduler → planner.</summary>
    public const string SchedulerTriggers = "scheduler-triggers";

    /// <summary><see cref="SummaryJob"/>s keyed by <see cref="MemberKey"/>. Planner → writer.</summary>
    public const string SummaryJobs = "summary-jobs";

    /// <summary>
    /// <see cref="FeedbackRecord"/>s and, after the last of a member, <see cref="MemberErased"/>; keyed by <see cref="MemberKey"/>.
    /// Writer → delivery.
    /// </summary>
    public const string Feedback = "feedback";

    /// <summary>Records that no amount of retrying can process, as they were, with their reason in the headers.</summary>
    public const string DeadLetters = "dead-letters";

    /// <summary>Every topic, in the order data flows.</summary>
    public static IReadOnlyList<string> All { get; } =
        [SlackEvents, SlackInteractions, SlackInstallations, SchedulerTriggers, SummaryJobs, Feedback, DeadLetters];
}

/// <summary>The consumer groups; one a stage, named like the stage.</summary>
public static class ConsumerGroups
{
    /// <summary>slack-events → Postgres.</summary>
    public const string Intake = "intake";

    /// <summary>slack-interactions → Postgres.</summary>
    public const string Preferences = "preferences";

    /// <summary>slack-installations → the tokens of workspaces.</summary>
    public const string Installation = "installation";

    /// <summary>scheduler-triggers → summary-jobs.</summary>
    public const string Planner = "planner";

    /// <summary>summary-jobs → feedback.</summary>
    public const string Writer = "writer";

    /// <summary>feedback → Slack.</summary>
    public const string Delivery = "delivery";

    /// <summary>dead-letters → the topics they came from; its offsets tell which have been replayed or dropped.</summary>
    public const string Replay = "replay";
}

/// <summary>Names of the Kafka record headers.</summary>
public static class RecordHeaders
{
    /// <summary>What the record is, one of <see cref="RecordKinds"/>.</summary>
    public const string Kind = "kind";

    /// <summary>Slack's event_id; the same for every redelivery of one event.</summary>
    public const string EventId = "event-id";

    /// <summary>When Ingress received the request, Unix time in milliseconds.</summary>
    public const string ReceivedAt = "received-at";

    /// <summary>Slack's x-slack-retry-num: absent on a first delivery, else 1 to 3.</summary>
    public const string RetryNumber = "retry-num";

    /// <summary>W3C trace context.</summary>
    public const string TraceParent = "traceparent";

    /// <summary>Dead letters: the topic the record came from.</summary>
    public const string SourceTopic = "source-topic";

    /// <summary>Dead letters: the partition the record came from.</summary>
    public const string SourcePartition = "source-partition";

    /// <summary>Dead letters: the offset the record had.</summary>
    public const string SourceOffset = "source-offset";

    /// <summary>Dead letters: the consumer group that gave the record up.</summary>
    public const string SourceGroup = "source-group";

    /// <summary>Dead letters: why the record was given up, without any of its content.</summary>
    public const string Error = "error";

    /// <summary>Dead letters: how often handling was attempted.</summary>
    public const string Attempts = "attempts";

    /// <summary>Dead letters: stands in <see cref="Error"/> when only the record's address and reason could be kept.</summary>
    public const string NotKept = "the record is too large to be kept here";
}

/// <summary>Values of <see cref="RecordHeaders.Kind"/>.</summary>
public static class RecordKinds
{
    /// <summary>A Slack Events API envelope (JSON).</summary>
    public const string SlackEvent = "slack-event";

    /// <summary>A Slack Events API envelope (JSON) that tells of a channel's new id: <c>channel_id_changed</c>.</summary>
    public const string SlackChannelChange = "slack-channel-change";

    /// <summary>A Slack Events API envelope (JSON) about the app's own installation: <c>tokens_revoked</c> or <c>app_uninstalled</c>.</summary>
    public const string SlackInstallation = "slack-installation";

    /// <summary>A slash command (form).</summary>
    public const string SlackCommand = "slack-command";

    /// <summary>An interaction with a message or a view (form with the field <c>payload</c>, JSON).</summary>
    public const string SlackInteraction = "slack-interaction";

    /// <summary>A <see cref="TriggerRecord"/>.</summary>
    public const string Trigger = "trigger";

    /// <summary>A <see cref="SummaryJob"/>.</summary>
    public const string Job = "summary-job";

    /// <summary>A <see cref="FeedbackRecord"/>.</summary>
    public const string Feedback = "feedback";

    /// <summary>A <see cref="Contracts.MemberErased"/>.</summary>
    public const string MemberErased = "member-erased";
}
