using System.Text.Json;
using System.Text.Json.Serialization;
using StudyTracker.Contracts;

namespace StudyTracker.Summarizer.Runs;

/// <summary>How a run goes.</summary>
/// <param name="RunId">Identity of the run.</param>
/// <param name="Kind">Which summary.</param>
/// <param name="State"><c>planning</c>, <c>writing</c> or <c>finished</c>.</param>
/// <param name="RequestedBy"><c>schedule</c>: for the members who are due then; <c>api</c>: for everybody.</param>
/// <param name="RequestedAt">When it was asked for, or due.</param>
/// <param name="PlannedAt">When all its jobs were known.</param>
/// <param name="FinishedAt">When its last job ended; delivery to Slack follows.</param>
/// <param name="Members">Members looked at so far.</param>
/// <param name="Jobs">Of these, how many have something new.</param>
/// <param name="Pending">Jobs still to do.</param>
/// <param name="Written">Summaries written.</param>
/// <param name="Cached">Of these, how many the prompt cache answered.</param>
/// <param name="Empty">Jobs whose messages had been deleted meanwhile.</param>
/// <param name="Parked">Jobs given up.</param>
/// <param name="ParkedReasons">Why, with how many each.</param>
/// <param name="Lateness">How late summaries were handed to delivery; null: none was yet.</param>
/// <param name="Failed">The members whose jobs were given up, and why; the first of them. Not in lists.</param>
/// <param name="Deliveries">The Notifier's path that tells what became of the summaries. Not in lists.</param>
/// <param name="Delivery">What the Notifier says there; null when it is not configured or silent. Not in lists.</param>
internal sealed record RunStatus(
    string RunId,
    SummaryKind Kind,
    string State,
    string RequestedBy,
    DateTimeOffset RequestedAt,
    DateTimeOffset? PlannedAt,
    DateTimeOffset? FinishedAt,
    int Members,
    int Jobs,
    int Pending,
    int Written,
    int Cached,
    int Empty,
    int Parked,
    IReadOnlyDictionary<string, int> ParkedReasons,
    Lateness? Lateness,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<FailedJob>? Failed = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Deliveries = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] JsonElement? Delivery = null)
{
    /// <summary>Members who had something new, but have paused or stopped this kind of summary: they are not among the jobs.</summary>
    public int HeldBack { get; init; }

    /// <summary>How often summaries of the run were written anew since; none of the other figures counts these.</summary>
    public int Rewritings { get; init; }
}

/// <summary>From the time that members were promised their summaries to the handing over to delivery, in seconds.</summary>
/// <param name="MedianSeconds">Half of them were quicker.</param>
/// <param name="P95Seconds">Nineteen of twenty were quicker.</param>
/// <param name="MaxSeconds">The slowest.</param>
internal sealed record Lateness(double MedianSeconds, double P95Seconds, double MaxSeconds);

/// <summary>A job that was given up.</summary>
/// <param name="JobId">Identity of the job.</param>
/// <param name="TeamId">The member's workspace.</param>
/// <param name="UserId">The member.</param>
/// <param name="Reason">Why.</param>
internal sealed record FailedJob(Guid JobId, string TeamId, string UserId, string Reason);
