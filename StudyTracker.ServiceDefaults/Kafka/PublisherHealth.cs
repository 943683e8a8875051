using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace StudyTracker.Kafka;

/// <summary>
/// Ready: Kafka takes what is published. A broker may answer questions about itself and take no record, so what became of
/// the records counts. Without any lately, there is nothing to object to: who is not ready gets no requests that could show
/// that it is.
/// </summary>
/// <param name="time">The clock.</param>
public sealed class PublisherHealth(TimeProvider time) : IHealthCheck
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan _lately = TimeSpan.FromSeconds(10);

    private long _ackedAt;
    private long _failedAt;
    private long _failingSince;

    /// <summary>A record was acked.</summary>
    public void Acked() => Volatile.Write(ref _ackedAt, time.GetTimestamp());

    /// <summary>A record was not acked, for a reason that is Kafka's.</summary>
    public void Failed()
    {
        var now = time.GetTimestamp();
        if (Volatile.Read(ref _ackedAt) >= Volatile.Read(ref _failedAt) || IsLongAgo(_failedAt, now)) Volatile.Write(ref _failingSince, now);
        Volatile.Write(ref _failedAt, now);
    }

    /// <inheritdoc />
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var now = time.GetTimestamp();
        var failing = Volatile.Read(ref _failedAt) > Volatile.Read(ref _ackedAt) && !IsLongAgo(Volatile.Read(ref _failedAt), now);
        var duration = time.GetElapsedTime(Volatile.Read(ref _failingSince), now);
        return Task.FromResult(failing && duration > _patience
            ? HealthCheckResult.Unhealthy($"Kafka has acked no record for {duration.TotalSeconds:0} s")
            : HealthCheckResult.Healthy());
    }

    private bool IsLongAgo(long timestamp, long now) => time.GetElapsedTime(timestamp, now) > _lately;
}
