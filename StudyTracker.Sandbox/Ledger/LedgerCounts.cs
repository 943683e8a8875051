using StudyTracker.Sandbox.Events;

namespace StudyTracker.Sandbox.Ledger;

/// <summary>Exact counts of everything sent and received.</summary>
internal sealed record LedgerCounts(EventCounts Events, TriggerCounts Triggers, PostCounts Posts, ModelCounts Model, IReadOnlyDictionary<string, MethodCounts> Methods);

/// <summary>Counts of events.</summary>
internal sealed class EventCounts
{
    /// <summary>Events handed in, each once.</summary>
    public long Unique { get; set; }

    /// <summary>Requests made to deliver them.</summary>
    public long Deliveries { get; set; }

    /// <summary>Events that were answered with 2xx at least once.</summary>
    public long Accepted { get; set; }

    /// <summary>Events given up after a 4xx.</summary>
    public long Refused { get; set; }

    /// <summary>Events given up after anything else.</summary>
    public long Failed { get; set; }

    /// <summary>Events that wait for their first delivery or a retry.</summary>
    public long Pending { get; set; }

    /// <summary>Unique events by what they are.</summary>
    public Dictionary<EventKind, long> ByKind { get; set; } = [];

    /// <summary>Accepted events by what they are.</summary>
    public Dictionary<EventKind, long> AcceptedByKind { get; set; } = [];
}

/// <summary>Counts of triggers.</summary>
internal sealed class TriggerCounts
{
    /// <summary>Triggers sent.</summary>
    public long Sent { get; set; }

    /// <summary>Triggers answered with 2xx.</summary>
    public long Accepted { get; set; }

    /// <summary>The latest triggers, oldest first.</summary>
    public IReadOnlyList<TriggerSent> Latest { get; set; } = [];
}

/// <summary>Counts of chat.postMessage.</summary>
internal sealed class PostCounts
{
    /// <summary>Calls, whatever their answer.</summary>
    public long Calls { get; set; }

    /// <summary>Messages posted.</summary>
    public long Accepted { get; set; }

    /// <summary>Calls answered with 429.</summary>
    public long RateLimited { get; set; }

    /// <summary>Calls that ended in an error or without an answer, and posted nothing.</summary>
    public long Failed { get; set; }

    /// <summary>Messages by the summary that they carry.</summary>
    public SummaryCounts BySummary { get; set; } = new();
}

/// <summary>Posts that carry a summary id in their metadata.</summary>
internal sealed class SummaryCounts
{
    /// <summary>Different summaries posted.</summary>
    public long Distinct { get; set; }

    /// <summary>Posts of a summary beyond its first.</summary>
    public long Duplicates { get; set; }
}

/// <summary>Counts of model calls.</summary>
internal sealed class ModelCounts
{
    /// <summary>Calls, whatever their answer.</summary>
    public long Calls { get; set; }

    /// <summary>Calls answered as asked.</summary>
    public long Answered { get; set; }

    /// <summary>Calls answered with 429.</summary>
    public long RateLimited { get; set; }

    /// <summary>Calls answered with an error, nonsense, half an answer, or not at all.</summary>
    public long Failed { get; set; }

    /// <summary>Tokens of all prompts and answers.</summary>
    public TokenCounts Tokens { get; set; } = new();
}

/// <summary>Counts of tokens.</summary>
internal sealed class TokenCounts
{
    /// <summary>Of prompts.</summary>
    public long Prompt { get; set; }

    /// <summary>Of answers.</summary>
    public long Completion { get; set; }
}

/// <summary>Counts of one method of the Web API.</summary>
internal sealed class MethodCounts
{
    /// <summary>Calls, whatever their answer.</summary>
    public long Calls { get; set; }

    /// <summary>Calls answered with 429.</summary>
    public long RateLimited { get; set; }

    /// <summary>Calls that ended in an error or without an answer.</summary>
    public long Failed { get; set; }
}
