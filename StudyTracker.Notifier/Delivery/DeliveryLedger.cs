using Npgsql;
using NpgsqlTypes;
using StudyTracker.Contracts;

namespace StudyTracker.Notifier.Delivery;

/// <summary>What taking a delivery led to.</summary>
internal enum Claim
{
    /// <summary>It is the caller's until the lease ends.</summary>
    Taken,

    /// <summary>It is the caller's, but an earlier attempt ended unknown: look for it in Slack before posting.</summary>
    TakenUnsure,

    /// <summary>Somebody else is at it.</summary>
    Busy,

    /// <summary>It is sent or parked: nothing to do.</summary>
    Ended,
}

/// <summary>
/// Who delivers what, and what became of it. Every move names the lease it is made under, so that one who was paused
/// beyond his lease changes nothing any more.
/// </summary>
internal sealed class DeliveryLedger(NpgsqlDataSource database)
{
    private const string Add = """
        INSERT INTO delivery.deliveries
            (summary_id, run_id, team_id, user_id, kind, feedback, state, attempts, requested_at)
        VALUES ($1, $2, $3, $4, $5, $6, 'Pending', 0, $7)
        ON CONFLICT DO NOTHING
        """;

    // The row is locked before it is judged, so two takers see each other's work.
    private const string Take = """
        WITH before AS (
            SELECT summary_id, state, lease_until FROM delivery.deliveries WHERE summary_id = $1 FOR UPDATE),
        taken AS (
            UPDATE delivery.deliveries d
            SET state = 'Sending', lease_owner = $2, lease_until = now() + $3, attempts = d.attempts + 1
            FROM before
            WHERE d.summary_id = before.summary_id
                AND (before.state = 'Pending' OR (before.state = 'Sending' AND before.lease_until <= now()))
            RETURNING d.attempts)
        SELECT before.state, taken.attempts FROM before LEFT JOIN taken ON true
        """;

    private const string Renew = """
        UPDATE delivery.deliveries SET lease_until = now() + $3 WHERE summary_id = $1 AND lease_owner = $2
        """;

    private const string MarkSent = """
        UPDATE delivery.deliveries
        SET state = 'Sent', channel = $3, ts = $4, error = NULL, lease_owner = NULL, lease_until = NULL, ended_at = now()
        WHERE summary_id = $1 AND lease_owner = $2
        """;

    private const string MarkParked = """
        UPDATE delivery.deliveries
        SET state = 'Parked', error = $3, lease_owner = NULL, lease_until = NULL, ended_at = now()
        WHERE summary_id = $1 AND lease_owner = $2
        """;

    // Known not to be posted: the next attempt need not look. An attempt that Slack's rate limit cost does not count.
    private const string PutBack = """
        UPDATE delivery.deliveries
        SET state = 'Pending', error = $3, lease_owner = NULL, lease_until = NULL, attempts = attempts - $4
        WHERE summary_id = $1 AND lease_owner = $2
        """;

    // Stays Sending with an ended lease: the next attempt looks in Slack first.
    private const string LeaveUnsure = """
        UPDATE delivery.deliveries SET error = $3, lease_owner = NULL, lease_until = now()
        WHERE summary_id = $1 AND lease_owner = $2
        """;

    /// <summary>Notes a delivery; nothing happens when it is known already.</summary>
    public Task AddAsync(FeedbackRecord feedback, string json, CancellationToken cancellationToken) => ExecuteAsync(
        Add,
        cancellationToken,
        Of(feedback.SummaryId),
        Of(feedback.RunId),
        Of(feedback.TeamId),
        Of(feedback.UserId),
        Of($"{feedback.Kind}"),
        new NpgsqlParameter { Value = json, NpgsqlDbType = NpgsqlDbType.Jsonb },
        new NpgsqlParameter { Value = feedback.RequestedAt.ToUniversalTime(), NpgsqlDbType = NpgsqlDbType.TimestampTz });

    /// <summary>Takes a delivery for the length of the lease.</summary>
    /// <returns>What it led to, and which attempt this is.</returns>
    public async Task<(Claim Claim, int Attempt)> TakeAsync(Guid summaryId, Guid owner, TimeSpan lease, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Take);
        command.Parameters.AddRange(new[] { Of(summaryId), Of(owner), new NpgsqlParameter { Value = lease, NpgsqlDbType = NpgsqlDbType.Interval } });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var before = reader.GetString(0);
        if (reader.IsDBNull(1)) return (before == "Sending" ? Claim.Busy : Claim.Ended, 0);
        return (before == "Sending" ? Claim.TakenUnsure : Claim.Taken, reader.GetInt32(1));
    }

    /// <summary>Makes the lease last its full length from now. False when somebody else has taken the delivery meanwhile.</summary>
    public Task<bool> RenewAsync(Guid summaryId, Guid owner, TimeSpan lease, CancellationToken cancellationToken) =>
        ExecuteAsync(
            Renew,
            cancellationToken,
            Of(summaryId),
            Of(owner),
            new NpgsqlParameter { Value = lease, NpgsqlDbType = NpgsqlDbType.Interval });

    /// <summary>It is in Slack. False when the lease has been lost meanwhile.</summary>
    public Task<bool> SentAsync(Guid summaryId, Guid owner, string channel, string ts, CancellationToken cancellationToken) =>
        ExecuteAsync(MarkSent, cancellationToken, Of(summaryId), Of(owner), Of(channel), Of(ts));

    /// <summary>It is given up.</summary>
    public Task<bool> ParkAsync(Guid summaryId, Guid owner, string reason, CancellationToken cancellationToken) =>
        ExecuteAsync(MarkParked, cancellationToken, Of(summaryId), Of(owner), Of(reason));

    /// <summary>It was not posted, and is free again.</summary>
    public Task<bool> PutBackAsync(Guid summaryId, Guid owner, string reason, bool countAttempt, CancellationToken cancellationToken) =>
        ExecuteAsync(
            PutBack,
            cancellationToken,
            Of(summaryId),
            Of(owner),
            Of(reason),
            new NpgsqlParameter { Value = countAttempt ? 0 : 1, NpgsqlDbType = NpgsqlDbType.Integer });

    /// <summary>Nobody knows whether it was posted.</summary>
    public Task<bool> LeaveUnsureAsync(Guid summaryId, Guid owner, string reason, CancellationToken cancellationToken) =>
        ExecuteAsync(LeaveUnsure, cancellationToken, Of(summaryId), Of(owner), Of(reason));

    private async Task<bool> ExecuteAsync(string sql, CancellationToken cancellationToken, params NpgsqlParameter[] parameters)
    {
        await using var command = database.CreateCommand(sql);
        command.Parameters.AddRange(parameters);
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }

    private static NpgsqlParameter Of(Guid value) => new() { Value = value, NpgsqlDbType = NpgsqlDbType.Uuid };

    private static NpgsqlParameter Of(string value) => new() { Value = value, NpgsqlDbType = NpgsqlDbType.Text };
}
