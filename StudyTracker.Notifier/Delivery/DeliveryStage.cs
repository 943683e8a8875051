using System.Text;
using Microsoft.Extensions.Options;
using StudyTracker.Contracts;
using StudyTracker.Kafka;
using StudyTracker.Notifier.Pace;
using StudyTracker.Notifier.Slack;

namespace StudyTracker.Notifier.Delivery;

/// <summary>
/// feedback → Slack. Posting is not idempotent, so the ledger is: it is asked before each call what is to be done, and told
/// after it what came of it. An attempt makes one call at most, with a place in the pace and under a lease.
/// </summary>
internal sealed class DeliveryStage(
    DeliveryLedger ledger,
    DeliveryCalls calls,
    DeliveryOutcomes outcomes,
    SlackPace pace,
    IOptions<DeliveryOptions> options,
    IOptions<SlackOptions> slack,
    TimeProvider time)
{
    private static readonly TimeSpan _afterBusy = TimeSpan.FromMilliseconds(50);

    public async Task DeliverAsync(Record record, CancellationToken cancellationToken)
    {
        var delivery = Of(record);
        while (true)
        {
            if (delivery.Place is not { } place)
            {
                if (!await PrepareAsync(delivery, cancellationToken)) return;
                // Waiting is not done in here: it would take up room from those whose turn it is.
                throw new TryLaterException("its place in the pace", async token => delivery.Place = await pace.WaitAsync(delivery.Request, token));
            }

            delivery.Place = null;
            if (await AttemptAsync(delivery, place, cancellationToken)) return;
        }
    }

    private static DeliveryWork Of(Record record)
    {
        if (record.Kept is DeliveryWork known) return known;
        var feedback = record.Read(ContractsJson.Default.FeedbackRecord, "feedback");
        var delivery = new DeliveryWork(feedback, Encoding.UTF8.GetString(record.Value.Span));
        record.Kept = delivery;
        return delivery;
    }

    /// <summary>Finds out what is to be done next. What has ended takes up no place; false: it has.</summary>
    private async Task<bool> PrepareAsync(DeliveryWork delivery, CancellationToken cancellationToken)
    {
        var next = await ledger.AddAsync(delivery.Feedback, delivery.Json, cancellationToken);
        switch (next.Step)
        {
            case Step.Ended:
                return false;
            case Step.Busy:
                throw new TryLaterException("another delivery of the same summary is under way", next.BusyFor + _afterBusy);
            case Step.Refused or Step.Revoked:
                var lease = NewLease();
                var claim = await ledger.TakeAsync(delivery.Feedback, lease, next.Step, cancellationToken);
                if (claim.Attempt == 0) return await PrepareAsync(delivery, cancellationToken);
                if (next.Step == Step.Revoked) await outcomes.EndAsync(delivery, claim, lease, claim.Revoked!, claim.Unsure);
                else await outcomes.ParkAsync(delivery, lease, $"{claim.ReaderRefused} (the reader was refused before)", unsure: false);
                return false;
            default:
                delivery.Step = next.Step;
                return true;
        }
    }

    /// <summary>Makes the one call; false: there is more to do.</summary>
    private async Task<bool> AttemptAsync(DeliveryWork delivery, Place place, CancellationToken cancellationToken)
    {
        var step = delivery.Step;
        // Rather too early than too late: the lease begins when it is asked for.
        var lease = NewLease();
        Claim claim;
        try
        {
            claim = await ledger.TakeAsync(delivery.Feedback, lease, step, cancellationToken);
        }
        catch
        {
            await pace.ReturnAsync(place);
            throw;
        }

        if (claim.Step != step)
        {
            await pace.ReturnAsync(place);
            return false;
        }

        delivery.Renew(claim.Feedback);
        if (place.ClosedFor is { } error)
        {
            await outcomes.EndAsync(delivery, claim, lease, error, claim.Unsure);
            return true;
        }

        return step switch
        {
            Step.Post => await outcomes.OfPostAsync(delivery, claim, lease, place, await calls.PostAsync(delivery, claim, MayCall)),
            Step.Look => await outcomes.OfLookAsync(delivery, claim, lease, place, await calls.FindAsync(delivery, claim, MayCall)),
            Step.Open => await outcomes.OfOpenAsync(delivery, claim, lease, place, await calls.OpenAsync(delivery, MayCall)),
            _ => await outcomes.OfUpdateAsync(delivery, claim, lease, place, await calls.UpdateAsync(delivery, claim, MayCall)),
        };

        // Who was stopped meanwhile may no longer be the one who delivers.
        bool MayCall() => lease.Covers(TimeSpan.FromSeconds(slack.Value.TimeoutSeconds));
    }

    private Lease NewLease() => new(TimeSpan.FromSeconds(options.Value.LeaseSeconds), time);
}
