using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using StudyTracker.Contracts;
using StudyTracker.Kafka;
using StudyTracker.Notifier.Storage;

namespace StudyTracker.Notifier.Delivery;

/// <summary>How the deliveries of a run stand.</summary>
/// <param name="RunId">The run.</param>
/// <param name="Pending">Not posted yet, or their end is unknown.</param>
/// <param name="Sent">In Slack.</param>
/// <param name="Parked">Given up.</param>
/// <param name="LastSentAt">When the last one was sent.</param>
internal sealed record RunDeliveries(string RunId, int Pending, int Sent, int Parked, DateTimeOffset? LastSentAt);

/// <summary>A delivery that was given up.</summary>
/// <param name="SummaryId">Identity of the summary; what a replay names.</param>
/// <param name="RunId">Its run.</param>
/// <param name="TeamId">The reader's workspace.</param>
/// <param name="UserId">The reader.</param>
/// <param name="Reason">Why it was given up.</param>
/// <param name="Attempts">After how many attempts.</param>
/// <param name="ParkedAt">When.</param>
internal sealed record ParkedDelivery(
    Guid SummaryId, string RunId, string TeamId, string UserId, string? Reason, int Attempts, DateTimeOffset? ParkedAt);

/// <summary>What operators see and do about deliveries.</summary>
internal sealed class DeliveriesEndpoint(IDbContextFactory<DeliveryDbContext> contexts, Publisher publisher)
{
    private const int MaxListed = 1_000;

    public async Task<IResult> OfRunAsync(string runId, CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        var states = await database.Deliveries.Where(row => row.RunId == runId)
            .GroupBy(row => row.State)
            .Select(group => new { group.Key, Count = group.Count(), Last = group.Max(row => row.EndedAt) })
            .ToDictionaryAsync(group => group.Key, cancellationToken);
        int Count(DeliveryState state) => states.TryGetValue(state, out var group) ? group.Count : 0;
        return Results.Ok(new RunDeliveries(
            runId,
            Count(DeliveryState.Pending) + Count(DeliveryState.Sending),
            Count(DeliveryState.Sent),
            Count(DeliveryState.Parked),
            states.TryGetValue(DeliveryState.Sent, out var sent) ? sent.Last : null));
    }

    public async Task<IResult> ParkedAsync(CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        return Results.Ok(await database.Deliveries.AsNoTracking()
            .Where(row => row.State == DeliveryState.Parked)
            .OrderByDescending(row => row.EndedAt)
            .Take(MaxListed)
            .Select(row => new ParkedDelivery(row.SummaryId, row.RunId, row.TeamId, row.UserId, row.Error, row.Attempts, row.EndedAt))
            .ToListAsync(cancellationToken));
    }

    /// <summary>
    /// Sends one parked delivery, or all of them, on their way again. Published while the freed row is still locked: who
    /// reads the record waits for the row, and a crash in between leaves it parked for a second try. Two replays at once
    /// share the parked ones between them: what one holds, the other skips.
    /// </summary>
    public async Task<IResult> ReplayAsync(Guid? summaryId, CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await database.Database.BeginTransactionAsync(cancellationToken);
        var parked = await database.Deliveries.FromSql($"""
            SELECT * FROM delivery.deliveries
            WHERE state = 'Parked' AND ({summaryId}::uuid IS NULL OR summary_id = {summaryId}::uuid)
            ORDER BY ended_at
            LIMIT {MaxListed}
            FOR UPDATE SKIP LOCKED
            """).ToListAsync(cancellationToken);
        foreach (var row in parked)
        {
            row.State = DeliveryState.Pending;
            row.Attempts = 0;
            row.EndedAt = null;
        }

        await database.SaveChangesAsync(cancellationToken);
        foreach (var row in parked)
        {
            await publisher.PublishAsync(
                Topics.Feedback,
                new MemberKey(row.TeamId, row.UserId).ToString(),
                JsonSerializer.Deserialize(row.Feedback, ContractsJson.Default.FeedbackRecord)!,
                ContractsJson.Default.FeedbackRecord,
                RecordKinds.Feedback,
                cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return Results.Ok(new { replayed = parked.Count });
    }
}
