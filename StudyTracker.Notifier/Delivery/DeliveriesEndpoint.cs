using Npgsql;

namespace StudyTracker.Notifier.Delivery;

/// <summary>How the deliveries of a run stand.</summary>
/// <param name="RunId">The run.</param>
/// <param name="Pending">Not posted yet, or their end is unknown.</param>
/// <param name="Sent">In Slack.</param>
/// <param name="Parked">Given up, until a replay.</param>
/// <param name="Dropped">Given up for good.</param>
/// <param name="LastSentAt">When the last one was sent.</param>
/// <param name="Lateness">How late the sent ones were; null before the first.</param>
internal sealed record RunDeliveries(
    string RunId, int Pending, int Sent, int Parked, int Dropped, DateTimeOffset? LastSentAt, Lateness? Lateness);

/// <summary>From the promised time to the direct message, in seconds.</summary>
/// <param name="P50Seconds">Half of the deliveries were at most so late.</param>
/// <param name="P95Seconds">Nineteen in twenty were.</param>
/// <param name="MaxSeconds">All were.</param>
internal sealed record Lateness(double P50Seconds, double P95Seconds, double MaxSeconds);

/// <summary>What operators see of a run's deliveries.</summary>
internal sealed class DeliveriesEndpoint(NpgsqlDataSource database)
{
    private const string OfRun = """
        SELECT count(*) FILTER (WHERE state IN ('Pending', 'Sending'))::int,
            count(*) FILTER (WHERE state = 'Sent')::int,
            count(*) FILTER (WHERE state = 'Parked')::int,
            count(*) FILTER (WHERE state = 'Dropped')::int,
            max(ended_at) FILTER (WHERE state = 'Sent'),
            percentile_disc(array[0.5, 0.95, 1.0]) WITHIN GROUP (ORDER BY greatest(0, extract(epoch FROM ended_at - due_at))::float8)
                FILTER (WHERE state = 'Sent')
        FROM delivery.deliveries WHERE run_id = $1
        """;

    public async Task<IResult> OfRunAsync(string runId, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(OfRun);
        command.Parameters.Add(new NpgsqlParameter { Value = runId });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var lateness = reader.IsDBNull(5) ? null : reader.GetFieldValue<double[]>(5);
        return Results.Ok(new RunDeliveries(
            runId,
            reader.GetInt32(0),
            reader.GetInt32(1),
            reader.GetInt32(2),
            reader.GetInt32(3),
            reader.IsDBNull(4) ? null : reader.GetFieldValue<DateTimeOffset>(4),
            lateness is null ? null : new Lateness(lateness[0], lateness[1], lateness[2])));
    }
}
