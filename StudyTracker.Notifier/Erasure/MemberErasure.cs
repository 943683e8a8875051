using Npgsql;
using StudyTracker.Contracts;
using StudyTracker.Kafka;
using StudyTracker.Notifier.Delivery;
using StudyTracker.Notifier.Storage;
using StudyTracker.Storage;

namespace StudyTracker.Notifier.Erasure;

/// <summary>
/// Erases what the ledger holds of a member: the summaries' text and where they were posted. The order comes under the key of
/// the member's feedback, so it is executed after what came before it and leaves alone what comes after. What stands in Slack
/// belongs to its reader and stays.
/// </summary>
internal sealed partial class MemberErasure(NpgsqlDataSource database, DeliveryStage delivery, ILogger<MemberErasure> logger)
{
    /// <summary>Erases when the record says so; everything else is delivery's.</summary>
    public Task HandleAsync(Record record, CancellationToken cancellationToken) => record.Header(RecordHeaders.Kind) == RecordKinds.MemberErased
        ? EraseAsync(record.Read(ContractsJson.Default.MemberErased, "the erasure of a member"), cancellationToken)
        : delivery.DeliverAsync(record, cancellationToken);

    private async Task EraseAsync(MemberErased member, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var rows = await MemberTables.EraseAsync(
            connection, DeliveryDbContext.Schema, new MemberKey(member.TeamId, member.UserId), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        LogErased(rows.Values.Sum());
    }

    [LoggerMessage(LogLevel.Information, "A member was erased: {Rows} rows")]
    private partial void LogErased(int rows);
}
