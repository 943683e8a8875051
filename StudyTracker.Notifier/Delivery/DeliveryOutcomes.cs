using System.Diagnostics.Metrics;
using Microsoft.Extensions.Options;
using StudyTracker.Kafka;
using StudyTracker.Notifier.Pace;
using StudyTracker.Notifier.Slack;
using StudyTracker.Telemetry;

namespace StudyTracker.Notifier.Delivery;

/// <summary>
/// What follows from how a call ended: for the ledger, for the pace, and for the delivery. True: the delivery has ended; false: there is
/// more to do now; a <see cref="TryLaterException"/>: later.
/// </summary>
internal sealed partial class DeliveryOutcomes(
    DeliveryLedger ledger,
    DeliveryCalls calls,
    SlackPace pace,
    IOptions<DeliveryOptions> options,
    TimeProvider time,
    ILogger<DeliveryOutcomes> logger)
{
    private static readonly Histogram<double> _lateness = Instruments.Meter.CreateHistogram(
        "studytracker.delivery.lateness",
        "s",
        "From the time a summary was promised to its direct message, by kind.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [1, 2, 5, 10, 30, 60, 120, 300, 600, 1_200, 1_800, 3_600, 7_200, 21_600, 86_400] });

    public async Task<bool> OfPostAsync(DeliveryWork delivery, Claim claim, Lease lease, Place place, SlackAnswer<PostedMessage> answer)
    {
        switch (answer)
        {
            case { Outcome: SlackOutcome.Done, Value: { } posted }:
                await pace.AcceptedAsync(place);
                return await SentAsync(delivery, lease, posted, delivery.Feedback.Revision);
            case { Outcome: SlackOutcome.Unknown }:
                delivery.UnsurePlace = place;
                return await AgainAsync(
                    delivery, claim, lease, answer.Error, unsure: true, TimeSpan.FromMilliseconds(options.Value.LookAfterMs), "the end of the call is unknown");
            case { Outcome: SlackOutcome.Refused }:
                return await RefusedAsync(delivery, claim, lease, place, answer.Error!, unsure: false);
            default:
                return await NotDoneAsync(delivery, claim, lease, place, answer, unsure: false);
        }
    }

    /// <summary>Whether an earlier post, whose end nobody saw, had been posted after all.</summary>
    public async Task<bool> OfLookAsync(DeliveryWork delivery, Claim claim, Lease lease, Place place, SlackAnswer<PostedMessage?> answer)
    {
        switch (answer)
        {
            case { Outcome: SlackOutcome.Done, Value: { } found }:
                await pace.AcceptedAsync(place);
                LogUnsure(delivery.Id, "is there");
                return await SentAsync(delivery, lease, found, found.Revision ?? 0);
            case { Outcome: SlackOutcome.Done }:
                await pace.AcceptedAsync(place);
                LogUnsure(delivery.Id, "is not there and is posted again");
                await ledger.ReleaseAsync(delivery.Id, lease, "not found in Slack", unsure: false, counts: true);
                if (delivery.UnsurePlace is { } unused) await pace.ReturnAsync(unused);
                delivery.UnsurePlace = null;
                return false;
            case { Outcome: SlackOutcome.Refused, Error: { } error } when SlackErrors.RemedyOf(error) != SlackRemedy.RefuseWorkspace:
                await pace.AcceptedAsync(place);
                return await AgainAsync(delivery, claim, lease, error, unsure: null, Delay(claim.Attempt), "an earlier attempt ended unknown, and Slack does not tell");
            case { Outcome: SlackOutcome.Refused, Error: { } error }:
                return await RefusedAsync(delivery, claim, lease, place, error, unsure: null);
            default:
                return await NotDoneAsync(delivery, claim, lease, place, answer.As<PostedMessage>(), unsure: null);
        }
    }

    public async Task<bool> OfOpenAsync(DeliveryWork delivery, Claim claim, Lease lease, Place place, SlackAnswer<string> answer)
    {
        switch (answer)
        {
            case { Outcome: SlackOutcome.Done, Value: { } channel }:
                await pace.AcceptedAsync(place);
                await ledger.OpenedAsync(delivery.Id, lease, channel);
                return false;
            case { Outcome: SlackOutcome.Refused, Error: { } error }:
                return await RefusedAsync(delivery, claim with { Rerouted = true }, lease, place, error, unsure: null);
            default:
                return await NotDoneAsync(delivery, claim, lease, place, answer.As<PostedMessage>(), unsure: null);
        }
    }

    public async Task<bool> OfUpdateAsync(DeliveryWork delivery, Claim claim, Lease lease, Place place, SlackAnswer<PostedMessage> answer)
    {
        switch (answer)
        {
            case { Outcome: SlackOutcome.Done }:
                await pace.AcceptedAsync(place);
                await ledger.UpdatedAsync(delivery.Id, lease, delivery.Feedback.Revision);
                LogUpdated(delivery.Id, delivery.Feedback.Revision);
                return false; // a still newer revision may have come
            case { Outcome: SlackOutcome.Refused, Error: { } error }
                when SlackErrors.RemedyOf(error) is not SlackRemedy.RefuseWorkspace && (SlackErrors.RemedyOf(error) is not SlackRemedy.Shorten || claim.Plain):
                await pace.AcceptedAsync(place);
                await LeaveAsItIsAsync(delivery, lease, error);
                return true;
            case { Outcome: SlackOutcome.Refused, Error: { } error }:
                return await RefusedAsync(delivery, claim, lease, place, error, unsure: null);
            default:
                return await NotDoneAsync(delivery, claim, lease, place, answer, unsure: null);
        }
    }

    /// <summary>It is given up, with a reason that an operator sees.</summary>
    public async Task ParkAsync(DeliveryWork delivery, Lease lease, string reason, bool unsure, bool refuseReader = false)
    {
        if (unsure) reason = $"{reason}; it may have been posted";
        if (await ledger.ParkAsync(delivery.Id, lease, reason, unsure, refuseReader)) LogParked(delivery.Id, delivery.Feedback.RunId, reason);
        else LogLeaseLost(delivery.Id);
    }

    /// <summary>It is given up; one that is in Slack already stays there as it is.</summary>
    public Task EndAsync(DeliveryWork delivery, Claim claim, Lease lease, string reason, bool unsure, bool refuseReader = false) =>
        claim.Ts is null ? ParkAsync(delivery, lease, reason, unsure, refuseReader) : LeaveAsItIsAsync(delivery, lease, reason);

    private async Task<bool> SentAsync(DeliveryWork delivery, Lease lease, PostedMessage posted, int revision)
    {
        var feedback = delivery.Feedback;
        if (!await ledger.SentAsync(delivery.Id, lease, posted, revision))
        {
            LogLeaseLost(delivery.Id);
            return false;
        }

        var lateness = Math.Max(0, (time.GetUtcNow() - (feedback.DueAt ?? feedback.RequestedAt)).TotalSeconds);
        _lateness.Record(lateness, new KeyValuePair<string, object?>("kind", feedback.Kind.Label()));
        LogSent(delivery.Id, feedback.RunId, lateness);
        return revision >= feedback.Revision;
    }

    /// <summary>Slack's rate limit, a call that did not reach Slack, or one other than a post that ended unknown.</summary>
    private async Task<bool> NotDoneAsync(
        DeliveryWork delivery, Claim claim, Lease lease, Place place, SlackAnswer<PostedMessage> answer, bool? unsure)
    {
        if (answer.Outcome == SlackOutcome.RateLimited)
        {
            await ledger.ReleaseAsync(delivery.Id, lease, answer.Error, unsure, counts: false);
            await pace.LimitedAsync(place, answer.RetryAfter);
            return false;
        }

        await pace.ReturnAsync(place);
        return await AgainAsync(delivery, claim, lease, answer.Error, unsure, Delay(claim.Attempt), "Slack could not be reached or did not answer");
    }

    private async Task<bool> RefusedAsync(DeliveryWork delivery, Claim claim, Lease lease, Place place, string error, bool? unsure)
    {
        var mayBePosted = unsure ?? claim.Unsure;
        var remedy = SlackErrors.RemedyOf(error);
        if (error == SlackErrors.AccountInactive)
        {
            // The token's account, or the reader's? The word is the same.
            var token = await calls.TestAsync(delivery.Feedback.TeamId);
            if (token == SlackOutcome.Done) remedy = SlackRemedy.RefuseReader;
            else if (token != SlackOutcome.Refused) return await AgainAsync(delivery, claim, lease, error, unsure, Delay(claim.Attempt), "whose account it is, Slack does not tell now");
        }

        if (remedy == SlackRemedy.RefuseWorkspace)
        {
            await ledger.ReleaseAsync(delivery.Id, lease, error, unsure, counts: false);
            await pace.ShutAsync(place, error);
            return false;
        }

        await pace.AcceptedAsync(place);
        switch (remedy)
        {
            case SlackRemedy.OpenConversation when !claim.Rerouted:
                await ledger.RerouteAsync(delivery.Id, lease, error);
                return false;
            case SlackRemedy.Shorten when !claim.Plain:
                await ledger.SimplifyAsync(delivery.Id, lease, error);
                return false;
            default:
                await EndAsync(delivery, claim, lease, error, mayBePosted, remedy == SlackRemedy.RefuseReader);
                return true;
        }
    }

    /// <summary>Frees a delivery to be tried later; or ends it after too many attempts.</summary>
    private async Task<bool> AgainAsync(
        DeliveryWork delivery, Claim claim, Lease lease, string? error, bool? unsure, TimeSpan delay, string why)
    {
        if (claim.Attempt >= options.Value.MaxAttempts)
        {
            await EndAsync(delivery, claim, lease, $"{error} (after {claim.Attempt} attempts)", unsure ?? claim.Unsure);
            return true;
        }

        await ledger.ReleaseAsync(delivery.Id, lease, error, unsure, counts: true);
        throw new TryLaterException($"{why}: {error}", delay);
    }

    private async Task LeaveAsItIsAsync(DeliveryWork delivery, Lease lease, string error)
    {
        await ledger.UpdatedAsync(delivery.Id, lease, delivery.Feedback.Revision, $"revision {delivery.Feedback.Revision} is not shown: {error}");
        LogNotUpdated(delivery.Id, delivery.Feedback.Revision, error);
    }

    private TimeSpan Delay(int attempt) => Backoff.After(
        Math.Max(1, attempt),
        TimeSpan.FromMilliseconds(options.Value.RetryDelayMs),
        TimeSpan.FromMilliseconds(options.Value.MaxRetryDelayMs),
        Random.Shared.NextDouble());

    [LoggerMessage(LogLevel.Information, "Summary {SummaryId} of run {RunId} is delivered, {LatenessSeconds:0.0} s after it was promised")]
    private partial void LogSent(Guid summaryId, string runId, double latenessSeconds);

    [LoggerMessage(LogLevel.Information, "Summary {SummaryId} shows revision {Revision} now")]
    private partial void LogUpdated(Guid summaryId, int revision);

    [LoggerMessage(LogLevel.Warning, "Summary {SummaryId} does not show revision {Revision}: {Error}")]
    private partial void LogNotUpdated(Guid summaryId, int revision, string error);

    [LoggerMessage(LogLevel.Error, "Summary {SummaryId} of run {RunId} is parked: {Reason}")]
    private partial void LogParked(Guid summaryId, string runId, string reason);

    [LoggerMessage(LogLevel.Warning, "Summary {SummaryId}: an earlier attempt ended unknown; the message {Finding}")]
    private partial void LogUnsure(Guid summaryId, string finding);

    [LoggerMessage(LogLevel.Warning, "Summary {SummaryId}: its lease was lost; what came of the call is not written, whoever has it now finds out")]
    private partial void LogLeaseLost(Guid summaryId);
}
