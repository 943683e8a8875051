using System.ComponentModel.DataAnnotations;

namespace StudyTracker.Sandbox;

/// <summary>Configuration of the stand-in for Slack and OpenAI (section <c>Sandbox</c>).</summary>
internal sealed class SandboxOptions : IValidatableObject
{
    /// <summary>The section's name.</summary>
    public const string Section = "Sandbox";

    /// <summary>Base URL of the service that takes <c>/slack/…</c> and <c>/scheduler/trigger</c>; http or https.</summary>
    [Required(ErrorMessage = "is required: the base URL of Ingress, such as http://localhost:5080.")]
    public Uri IngressUrl { get; set; } = new("http://localhost:5080");

    /// <summary>
    /// Base URL under which the other services reach the sandbox, for the response URLs that it hands out; http or https. Absent: that of the
    /// request that a command or the press of a button comes with.
    /// </summary>
    public Uri? PublicUrl { get; set; }

    /// <summary>Names besides localhost that the Sandbox answers to, such as that of its container. Default: none.</summary>
    public string[]? AllowedHosts { get; set; }

    /// <summary>The secret that requests of this Slack are signed with; the receiver must know the same.</summary>
    [Required(ErrorMessage = "is required: the secret that events are signed with.")]
    public string SigningSecret { get; set; } = "sandbox-signing-secret";

    /// <summary>Sent as <c>X-Api-Key</c> with triggers and questions about runs.</summary>
    [Required(ErrorMessage = "is required: the operators' key of Ingress and the Summarizer.")]
    public string OperatorKey { get; set; } = "sandbox-operator-key";

    /// <summary>Base URL of the Summarizer, asked for the progress of runs. Absent: progress is not shown.</summary>
    public Uri? SummarizerUrl { get; set; }

    /// <summary>Base URL of the Notifier, only linked to. Absent: no link.</summary>
    public Uri? NotifierUrl { get; set; }

    /// <summary>File that keeps the ledger across restarts, as JSON lines. Absent: the ledger is in memory only.</summary>
    public string? JournalPath { get; set; }

    /// <summary>Size at which the journal takes no more, in MiB; 1 to 65,536.</summary>
    [Range(1, 65_536, ErrorMessage = "must be between 1 and 65536 MiB.")]
    public int JournalMaxMiB { get; set; } = 2_048;

    /// <summary>Waits before the retries of an event; at most 10, each up to a day. Unset: at once, 1 min, 5 min, as Slack does.</summary>
    public TimeSpan[]? RetryDelays { get; set; }

    /// <summary>How long the receiver of an event may take; 0.1 s to 1 min. Slack waits 3 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00", ErrorMessage = "must be between 00:00:00.1 and 00:01:00.")]
    public TimeSpan AcknowledgementTimeout { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>Requests to Ingress that may be under way at once; 1 to 10,000.</summary>
    [Range(1, 10_000, ErrorMessage = "must be between 1 and 10000.")]
    public int MaxConcurrentDeliveries { get; set; } = 128;

    /// <summary>Events that may wait for their delivery or a retry; more are refused with 503. 1 to 1,000,000.</summary>
    [Range(1, 1_000_000, ErrorMessage = "must be between 1 and 1000000.")]
    public int MaxPendingEvents { get; set; } = 100_000;

    /// <summary>Events in one call of <c>/sandbox/events/batch</c>; 1 to 100,000.</summary>
    [Range(1, 100_000, ErrorMessage = "must be between 1 and 100000.")]
    public int MaxBatch { get; set; } = 10_000;

    /// <summary>Whether the Web API's rate limits are on at start.</summary>
    public bool RateLimits { get; set; } = true;

    /// <summary>Messages that a channel takes at once before one a second is enforced; 1 to 100.</summary>
    [Range(1, 100, ErrorMessage = "must be between 1 and 100 messages.")]
    public int ChannelBurst { get; set; } = 3;

    /// <summary>Messages a minute that a workspace takes; 1 to 1,000,000. Slack says "several hundred".</summary>
    [Range(1, 1_000_000, ErrorMessage = "must be between 1 and 1000000 messages a minute.")]
    public int WorkspacePostsPerMinute { get; set; } = 300;

    /// <summary>
    /// How many times Slack's limits the other methods have; 1 to 1,000. For measurements that would take too long at Slack's.
    /// </summary>
    [Range(1, 1_000, ErrorMessage = "must be between 1 and 1000.")]
    public int MethodLimitFactor { get; set; } = 1;

    /// <summary>The scopes that the app has, which decide which methods of the Web API it may call. Unset: all that these need.</summary>
    [MinLength(1, ErrorMessage = "must name at least one scope, such as chat:write.")]
    public string[]? Scopes { get; set; }

    /// <summary>The scopes in force.</summary>
    public IReadOnlyList<string> EffectiveScopes => Scopes ??
    [
        "channels:history", "channels:read", "chat:write", "commands", "groups:history", "groups:read", "im:history", "im:read", "im:write",
        "mpim:history", "mpim:read", "mpim:write", "reactions:read", "reactions:write", "team:read", "users:read",
    ];

    /// <summary>How long the model takes to answer; 0 to 10 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00", ErrorMessage = "must be between 00:00:00 and 00:10:00.")]
    public TimeSpan ModelLatency { get; set; } = TimeSpan.FromMilliseconds(300);

    /// <summary>How much longer the model may take by chance; 0 to 10 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00", ErrorMessage = "must be between 00:00:00 and 00:10:00.")]
    public TimeSpan ModelJitter { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Model calls a minute before 429; 0 means no limit. 0 to 1,000,000.</summary>
    [Range(0, 1_000_000, ErrorMessage = "must be between 0 (no limit) and 1000000 calls a minute.")]
    public int ModelRequestsPerMinute { get; set; }

    /// <summary>Most tokens that the model takes as a prompt; 100 to 10,000,000.</summary>
    [Range(100, 10_000_000, ErrorMessage = "must be between 100 and 10000000 tokens.")]
    public int ModelContextTokens { get; set; } = 128_000;

    /// <summary>Keys that OpenAI's side takes. Unset: <c>sandbox</c>.</summary>
    public string[]? ApiKeys { get; set; }

    /// <summary>Names of models that there are, beside the one that reasons. Unset: <c>sandbox-extractive</c>, and the Summarizer's default, so that only its endpoint has to be set.</summary>
    public string[]? Models { get; set; }

    /// <summary>Events, and posts, that can be listed; counts stay exact beyond it. 1,000 to 10,000,000.</summary>
    [Range(1_000, 10_000_000, ErrorMessage = "must be between 1000 and 10000000.")]
    public int MaxListed { get; set; } = 200_000;

    /// <summary>Events whose text is kept; 100 to 1,000,000.</summary>
    [Range(100, 1_000_000, ErrorMessage = "must be between 100 and 1000000.")]
    public int MaxTexts { get; set; } = 20_000;

    /// <summary>Messages kept in each channel; 10 to 10,000.</summary>
    [Range(10, 10_000, ErrorMessage = "must be between 10 and 10000.")]
    public int MaxChannelMessages { get; set; } = 1_000;

    /// <summary>Users and channels that are known, in all; 100 to 10,000,000.</summary>
    [Range(100, 10_000_000, ErrorMessage = "must be between 100 and 10000000.")]
    public int MaxDirectory { get; set; } = 200_000;

    /// <summary>
    /// Whether a well-formed id of a user or workspace becomes known when it is first mentioned, in events and in Web
    /// API calls alike. Off: only events make users known, and the Web API answers <c>user_not_found</c>.
    /// </summary>
    public bool RegisterOnMention { get; set; } = true;

    /// <summary>Time zone of workspaces that are not in workspaces.json, an IANA name.</summary>
    [Required(ErrorMessage = "is required: an IANA time zone such as Asia/Seoul.")]
    public string DefaultTimeZone { get; set; } = "Asia/Seoul";

    /// <summary>Locale of workspaces that are not in workspaces.json, such as ko-KR.</summary>
    [Required(ErrorMessage = "is required: a locale such as ko-KR.")]
    public string DefaultLocale { get; set; } = "ko-KR";

    /// <summary>Pages that may watch the live stream at once; 1 to 1,000.</summary>
    [Range(1, 1_000, ErrorMessage = "must be between 1 and 1000.")]
    public int MaxWatchers { get; set; } = 32;

    /// <summary>The waits before retries in force.</summary>
    public IReadOnlyList<TimeSpan> EffectiveRetryDelays =>
        RetryDelays ?? [TimeSpan.Zero, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5)];

    /// <summary>The keys in force.</summary>
    public IReadOnlyList<string> EffectiveApiKeys => ApiKeys ?? ["sandbox"];

    /// <summary>The models in force.</summary>
    public IReadOnlyList<string> EffectiveModels => Models ?? ["sandbox-extractive", "gpt-4.1-mini"];

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var (name, url) in new[] { (nameof(IngressUrl), IngressUrl), (nameof(PublicUrl), PublicUrl), (nameof(SummarizerUrl), SummarizerUrl), (nameof(NotifierUrl), NotifierUrl) })
        {
            if (url is not null && !(url.IsAbsoluteUri && url.Scheme is "http" or "https"))
                yield return new ValidationResult("must be an absolute http or https URL.", [name]);
        }

        if (EffectiveRetryDelays.Count > 10 || EffectiveRetryDelays.Any(delay => delay < TimeSpan.Zero || delay > TimeSpan.FromDays(1)))
            yield return new ValidationResult("must be at most 10 waits, each between 00:00:00 and 1.00:00:00.", [nameof(RetryDelays)]);
        foreach (var (name, values) in new[] { (nameof(ApiKeys), EffectiveApiKeys), (nameof(Models), EffectiveModels) })
        {
            if (values.Count == 0 || values.Any(string.IsNullOrWhiteSpace)) yield return new ValidationResult("must hold at least one, and none that is empty.", [name]);
        }

        if (!TimeZoneInfo.TryFindSystemTimeZoneById(DefaultTimeZone, out _))
            yield return new ValidationResult("must be the IANA name of a time zone, such as Asia/Seoul.", [nameof(DefaultTimeZone)]);
    }
}
