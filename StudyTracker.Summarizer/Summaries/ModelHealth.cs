using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace StudyTracker.Summarizer.Summaries;

/// <summary>
/// How the model's server is: degraded while it fails everybody and is left alone. Never unhealthy: the Summarizer takes in notes
/// and plans without it. What was learned about the server stands beside it.
/// </summary>
internal sealed class ModelHealth(SummaryModel model) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var lessons = model.Lessons;
        var data = lessons.Count == 0 ? null : new Dictionary<string, object> { ["learned"] = lessons };
        return Task.FromResult(model.HeldBack is { } reason ? HealthCheckResult.Degraded(reason, data: data) : HealthCheckResult.Healthy(data: data));
    }
}
