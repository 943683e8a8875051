using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StudyTracker.Kafka;

namespace StudyTracker.Storage;

/// <summary>
/// Brings the schema up to date when the service starts, before anything is consumed, and keeps trying for as long as the
/// database is away. Several replicas may start at once: EF Core lets one migrate and the others wait.
/// </summary>
public sealed partial class SchemaMigration<TContext>(IDbContextFactory<TContext> contexts, ILogger<SchemaMigration<TContext>> logger)
    : BackgroundService, IHealthCheck
    where TContext : DbContext
{
    private const int RaceAttempts = 5;
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the schema is up to date.</summary>
    public Task WaitAsync(CancellationToken cancellationToken) => _done.Task.WaitAsync(cancellationToken);

    /// <inheritdoc />
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (!_done.Task.IsCompletedSuccessfully) return HealthCheckResult.Unhealthy("the schema is not up to date yet");
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        return await database.Database.CanConnectAsync(cancellationToken)
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Unhealthy("PostgreSQL does not answer");
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await using var database = await contexts.CreateDbContextAsync(stoppingToken);
                await database.Database.MigrateAsync(stoppingToken);
                _done.TrySetResult();
                LogDone();
                return;
            }
            catch (Exception error) when (IsMigrationRace(error) ? attempt < RaceAttempts : Transient.Is(error))
            {
                LogWaiting(error.GetBaseException().Message.ReplaceLineEndings(" "));
                await Task.Delay(
                    Backoff.After(attempt, TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(5), Random.Shared.NextDouble()), stoppingToken);
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailed(error);
                Environment.ExitCode = 1;
                throw; // ends the service: it can do nothing without its schema
            }
        }
    }

    // Two services that create schema or history table of a new database at the same moment: the second sees a duplicate.
    private static bool IsMigrationRace(Exception error) =>
        error.GetBaseException() is Npgsql.PostgresException { SqlState: "23505" or "42P07" or "42P06" };

    [LoggerMessage(LogLevel.Information, "The database schema is up to date")]
    private partial void LogDone();

    [LoggerMessage(LogLevel.Critical, "The database schema cannot be brought up to date, so the service ends; mend the database and start it again")]
    private partial void LogFailed(Exception error);

    [LoggerMessage(LogLevel.Warning, "Waiting for PostgreSQL: {Reason}")]
    private partial void LogWaiting(string reason);
}
