using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace StudyTracker.Kafka;

/// <summary>Ready: the loop polls and has joined its group. Holding no partition is no fault: others hold them.</summary>
internal sealed class ConsumerHealth(ConsumerLoop loop, TimeProvider time) : IHealthCheck
{
    private static readonly TimeSpan _pollLimit = TimeSpan.FromSeconds(30);

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var sincePoll = time.GetUtcNow() - loop.LastPoll;
        return Task.FromResult(loop switch
        {
            { LastPoll: var at } when at == default => HealthCheckResult.Unhealthy("waits for Kafka or for its database"),
            _ when sincePoll > _pollLimit => HealthCheckResult.Unhealthy($"has not polled for {sincePoll.TotalSeconds:0} s"),
            { JoinedAt: null } => HealthCheckResult.Unhealthy("has not joined its group yet"),
            { AssignedPartitions: 0 } => HealthCheckResult.Degraded("holds no partition"),
            _ => HealthCheckResult.Healthy($"holds {loop.AssignedPartitions} partitions"),
        });
    }
}
