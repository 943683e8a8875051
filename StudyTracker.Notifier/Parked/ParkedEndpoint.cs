using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using StudyTracker.Contracts;
using StudyTracker.Kafka;
using StudyTracker.Notifier.Storage;

namespace StudyTracker.Notifier.Parked;

/// <summary>What is parked.</summary>
/// <param name="Count">How many deliveries.</param>
/// <param name="Reasons">The same by reason, the most frequent first.</param>
/// <param name="Items">The latest of them.</param>
internal sealed record ParkedList(int Count, IReadOnlyList<ParkedReason> Reasons, IReadOnlyList<ParkedDelivery> Items);

/// <summary>Deliveries that were given up for one reason.</summary>
/// <param name="Reason">The reason.</param>
/// <param name="Count">How many.</param>
/// <param name="OldestSeconds">For how long the oldest has been parked.</param>
internal sealed record ParkedReason(string Reason, int Count, double OldestSeconds);

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

/// <summary>What operators see and do about deliveries that were given up.</summary>
internal sealed class ParkedEndpoint(IDbContextFactory<DeliveryDbContext> contexts, ParkedCounts counts, Publisher publisher)
{
    private const int MaxListed = 1_000;
    private const int MaxReasonLength = 200;

    // Many at a time, so that a crash costs little, and not all at once, so that no transaction is open for minutes.
    private const int BatchSize = 500;

    public async Task<IResult> ListAsync(string? reason, CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        var reasons = (await counts.ReadAsync(cancellationToken)).Where(one => reason is null || one.Reason == reason).ToList();
        var items = await database.Deliveries.AsNoTracking()
            .Where(row => row.State == DeliveryState.Parked && (reason == null || row.Error == reason))
            .OrderByDescending(row => row.EndedAt)
            .Take(MaxListed)
            .Select(row => new ParkedDelivery(row.SummaryId, row.RunId, row.TeamId, row.UserId, row.Error, row.Attempts, row.EndedAt))
            .ToListAsync(cancellationToken);
        return Results.Ok(new ParkedList(reasons.Sum(one => one.Count), reasons, items));
    }

    /// <summary>
    /// Sends parked deliveries on their way again: one, those of a reason, or all. Published while the freed row is still
    /// locked: who reads the record waits for the row, and a crash in between leaves it parked for a second try. Two replays
    /// at once share the parked ones between them: what one holds, the other skips.
    /// </summary>
    public async Task<IResult> ReplayAsync(Guid? summaryId, string? reason, CancellationToken cancellationToken)
    {
        var replayed = 0;
        // Those that are parked again meanwhile are not replayed again by the same request.
        var before = DateTimeOffset.UtcNow;
        for (var taken = BatchSize; taken == BatchSize; replayed += taken)
            taken = await ReplayBatchAsync(summaryId, reason, before, cancellationToken);
        return Results.Ok(new { replayed });
    }

    /// <summary>Gives parked deliveries up for good: one, those of a reason, or all. They are not listed any more, and not replayed.</summary>
    public async Task<IResult> DropAsync(Guid? summaryId, string? reason, bool? all, string? because, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(because) || because.Length > MaxReasonLength)
            return Results.Problem($"Say why in 'because', in at most {MaxReasonLength} characters.", statusCode: StatusCodes.Status400BadRequest);
        if (summaryId is null && reason is null && all != true)
            return Results.Problem("Name what to drop: summaryId, reason, or all=true.", statusCode: StatusCodes.Status400BadRequest);
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        var dropped = await database.Deliveries
            .Where(row => row.State == DeliveryState.Parked
                && (summaryId == null || row.SummaryId == summaryId)
                && (reason == null || row.Error == reason))
            .ExecuteUpdateAsync(
                rows => rows
                    .SetProperty(row => row.State, DeliveryState.Dropped)
                    .SetProperty(row => row.Error, row => $"dropped: {because} (was parked: " + row.Error + ")"),
                cancellationToken);
        return Results.Ok(new { dropped });
    }

    private async Task<int> ReplayBatchAsync(Guid? summaryId, string? reason, DateTimeOffset before, CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await database.Database.BeginTransactionAsync(cancellationToken);
        // Whether it may have been posted stays noted: then it is looked for first. The reader gets a new chance too.
        var rows = await database.Deliveries.FromSql($"""
            WITH taken AS (
                SELECT summary_id FROM delivery.deliveries
                WHERE state = 'Parked' AND ended_at < {before}
                    AND ({summaryId}::uuid IS NULL OR summary_id = {summaryId}::uuid)
                    AND ({reason}::text IS NULL OR error = {reason}::text)
                ORDER BY ended_at LIMIT {BatchSize} FOR UPDATE SKIP LOCKED),
            readers AS (
                UPDATE delivery.readers r SET refused = NULL, refused_at = NULL
                FROM delivery.deliveries d JOIN taken USING (summary_id)
                WHERE r.team_id = d.team_id AND r.user_id = d.user_id)
            UPDATE delivery.deliveries d
            SET state = 'Pending', attempts = 0, ended_at = NULL, plain = false, rerouted = false
            FROM taken WHERE d.summary_id = taken.summary_id
            RETURNING d.*
            """).AsNoTracking().ToListAsync(cancellationToken);
        foreach (var row in rows)
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
        return rows.Count;
    }
}
