using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;
using StudyTracker.Contracts;
using StudyTracker.Notifier.Install;
using StudyTracker.Notifier.Slack;

namespace StudyTracker.Notifier.Delivery;

/// <summary>
/// Who delivers what, and what became of it. Every move names the lease it is made under, so that one who was paused
/// beyond his lease changes nothing any more: then the answer is false.
/// </summary>
internal sealed class DeliveryLedger(NpgsqlDataSource database, IOptions<DeliveryOptions> options, SlackTokens tokens)
{
    /// <summary>The reason why a delivery is parked that the ledger may have forgotten.</summary>
    private const string Forgotten = "too_old; it may have been posted";

    // How far local time may be ahead of UTC.
    private static readonly TimeSpan _earliestZone = TimeSpan.FromHours(14);

    private TimeSpan ReaderPause => TimeSpan.FromMinutes(options.Value.ReaderRetryMinutes);

    /// <summary>Notes a delivery or a newer revision of it, and tells what is to be done next.</summary>
    /// <param name="feedback">The record.</param>
    /// <param name="json">The same as it came: what a replay sends.</param>
    /// <param name="cancellationToken">The caller's.</param>
    public async Task<Claim> AddAsync(FeedbackRecord feedback, string json, CancellationToken cancellationToken)
    {
        await using var batch = database.CreateBatch();
        var add = new NpgsqlBatchCommand(DeliverySql.Add);
        Bind(
            add.Parameters,
            Of(feedback.SummaryId),
            Of(feedback.RunId),
            Of(feedback.TeamId),
            Of(feedback.UserId),
            Of($"{feedback.Kind}"),
            new NpgsqlParameter { Value = json, NpgsqlDbType = NpgsqlDbType.Jsonb },
            Of(feedback.RequestedAt),
            Of(feedback.DueAt ?? feedback.RequestedAt),
            Of(feedback.Revision),
            Of(Earliest(feedback)),
            Of(Forgotten));
        var peek = new NpgsqlBatchCommand(DeliverySql.Peek);
        Bind(peek.Parameters, Of(feedback.SummaryId), Of(ReaderPause), Of(tokens.ConfiguredFingerprint(feedback.TeamId)));
        batch.BatchCommands.Add(add);
        batch.BatchCommands.Add(peek);
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new Claim(Enum.Parse<Step>(reader.GetString(0)), Seconds(reader, 1));
    }

    /// <summary>Takes a delivery for the length of the lease, if this step is what has to be done.</summary>
    public async Task<Claim> TakeAsync(FeedbackRecord feedback, Lease lease, Step step, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(DeliverySql.Take);
        Bind(
            command.Parameters,
            Of(feedback.SummaryId),
            Of(lease.Owner),
            Of(lease.Length),
            Of($"{step}"),
            Of(feedback.Revision),
            Of(ReaderPause),
            Of(tokens.ConfiguredFingerprint(feedback.TeamId)));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var found = Enum.Parse<Step>(reader.GetString(0));
        if (reader.IsDBNull(2)) return new Claim(found, Seconds(reader, 1));
        return new Claim(
            found,
            default,
            reader.GetInt32(2),
            Text(reader, 3),
            Text(reader, 4),
            Text(reader, 5),
            reader.GetBoolean(6),
            reader.GetBoolean(7),
            reader.GetBoolean(8),
            reader.IsDBNull(9) ? default : reader.GetFieldValue<DateTimeOffset>(9),
            Text(reader, 10),
            Text(reader, 11));
    }

    /// <summary>It is in Slack.</summary>
    public Task<bool> SentAsync(Guid summaryId, Lease lease, PostedMessage posted, int revision) =>
        MoveAsync(DeliverySql.Sent, summaryId, lease, Of(posted.Channel), Of(posted.Ts), Of(revision));

    /// <summary>The message in Slack shows this revision, or an error says why it has to stay as it is.</summary>
    public Task<bool> UpdatedAsync(Guid summaryId, Lease lease, int revision, string? error = null) =>
        MoveAsync(DeliverySql.Updated, summaryId, lease, Of(revision), Of(error));

    /// <summary>It is free again.</summary>
    /// <param name="summaryId">The summary.</param>
    /// <param name="lease">The lease.</param>
    /// <param name="reason">Why.</param>
    /// <param name="unsure">Whether it may have been posted; null: as before.</param>
    /// <param name="counts">Whether the attempt counts; one that Slack's rate limit cost does not.</param>
    public Task<bool> ReleaseAsync(Guid summaryId, Lease lease, string? reason, bool? unsure, bool counts) =>
        MoveAsync(
            DeliverySql.Release,
            summaryId,
            lease,
            Of(reason),
            new NpgsqlParameter { Value = unsure is { } known ? known : DBNull.Value, NpgsqlDbType = NpgsqlDbType.Boolean },
            Of(counts ? 0 : 1));

    /// <summary>The conversation with the reader is known.</summary>
    public Task<bool> OpenedAsync(Guid summaryId, Lease lease, string channel) =>
        MoveAsync(DeliverySql.Opened, summaryId, lease, Of(channel));

    /// <summary>The conversation has to be opened before the next attempt.</summary>
    public Task<bool> RerouteAsync(Guid summaryId, Lease lease, string reason) =>
        MoveAsync(DeliverySql.Reroute, summaryId, lease, Of(reason));

    /// <summary>The text alone is to be sent.</summary>
    public Task<bool> SimplifyAsync(Guid summaryId, Lease lease, string reason) =>
        MoveAsync(DeliverySql.Simplify, summaryId, lease, Of(reason));

    /// <summary>It is given up.</summary>
    public Task<bool> ParkAsync(Guid summaryId, Lease lease, string reason, bool unsure, bool refuseReader) =>
        MoveAsync(DeliverySql.Park, summaryId, lease, Of(reason), Of(refuseReader), Of(unsure));

    // Not cancelled: what Slack has answered must not be forgotten because the service stops.
    private async Task<bool> MoveAsync(string sql, Guid summaryId, Lease lease, params NpgsqlParameter[] parameters)
    {
        await using var command = database.CreateCommand(sql);
        Bind(command.Parameters, [Of(summaryId), Of(lease.Owner), .. parameters]);
        await using var reader = await command.ExecuteReaderAsync(CancellationToken.None);
        return await reader.ReadAsync(CancellationToken.None);
    }

    /// <summary>A summary may be written anew by a later run; the day that it is for stays.</summary>
    private static DateTimeOffset Earliest(FeedbackRecord feedback)
    {
        var day = new DateTimeOffset(feedback.LocalDate.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero) - _earliestZone;
        return day < feedback.RequestedAt ? day : feedback.RequestedAt;
    }

    private static void Bind(NpgsqlParameterCollection to, params NpgsqlParameter[] parameters) => to.AddRange(parameters);

    private static TimeSpan Seconds(NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? TimeSpan.Zero : TimeSpan.FromSeconds(Math.Max(0, reader.GetDouble(column)));

    private static string? Text(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    private static NpgsqlParameter Of(Guid value) => new() { Value = value, NpgsqlDbType = NpgsqlDbType.Uuid };

    private static NpgsqlParameter Of(string? value) => new() { Value = value is null ? DBNull.Value : value, NpgsqlDbType = NpgsqlDbType.Text };

    private static NpgsqlParameter Of(int value) => new() { Value = value, NpgsqlDbType = NpgsqlDbType.Integer };

    private static NpgsqlParameter Of(bool value) => new() { Value = value, NpgsqlDbType = NpgsqlDbType.Boolean };

    private static NpgsqlParameter Of(TimeSpan value) => new() { Value = value, NpgsqlDbType = NpgsqlDbType.Interval };

    private static NpgsqlParameter Of(DateTimeOffset value) => new() { Value = value.ToUniversalTime(), NpgsqlDbType = NpgsqlDbType.TimestampTz };
}
