using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using StudyTracker.Hosting;
using StudyTracker.Kafka;
using StudyTracker.Storage;
using StudyTracker.Telemetry;

namespace StudyTracker.Retention;

/// <summary>Adds retention to a service.</summary>
public static class RetentionExtensions
{
    /// <summary>Has old rows of a schema deleted from time to time, on one replica at a time.</summary>
    /// <param name="builder">The service.</param>
    /// <param name="schema">The schema that <typeparamref name="TContext"/> owns.</param>
    /// <param name="tables">Its tables that age.</param>
    /// <param name="note">What is written down first, see <see cref="OldRows"/>.</param>
    public static void AddRetention<TContext, TOptions>(
        this IHostApplicationBuilder builder, string schema, IReadOnlyList<AgingTable> tables, string? note = null)
        where TContext : DbContext
        where TOptions : RetentionRounds
    {
        builder.Services.AddValidatedOptions<TOptions>(RetentionRounds.Section);
        RetentionService.CountFromZero(builder.Services, tables);
        builder.Services.AddSingleton(services => new OldRows(services.GetRequiredService<NpgsqlDataSource>(), schema, tables, note));
        builder.Services.AddHostedService(services => new RetentionService(
            services.GetRequiredService<OldRows>(),
            services.GetRequiredService<SchemaMigration<TContext>>().WaitAsync,
            services.GetRequiredService<IOptions<TOptions>>().Value,
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ILogger<RetentionService>>()));
    }
}

/// <summary>Has old rows deleted from time to time, on one replica at a time, if the options say so.</summary>
internal sealed partial class RetentionService(
    OldRows rows, Func<CancellationToken, Task> ready, RetentionRounds options, TimeProvider time, ILogger<RetentionService> logger) : BackgroundService
{
    private static readonly Counter<long> _deleted = Instruments.Meter.CreateCounter<long>(
        "studytracker.retention.rows", "{row}", "Rows deleted because of their age, by table.");

    private static readonly Histogram<double> _duration = Instruments.Meter.CreateHistogram<double>(
        "studytracker.retention.duration", "s", "How long it took to delete what was too old.");

    private static readonly Counter<long> _failures = Instruments.Meter.CreateCounter<long>(
        "studytracker.retention.failures", "{round}", "Rounds that failed; the next one comes at its time.");

    /// <summary>Has its counters start at 0.</summary>
    public static void CountFromZero(IServiceCollection services, IReadOnlyList<AgingTable> tables)
    {
        services.CountFromZero(_deleted, ("table", tables.Select(table => table.Name)));
        services.CountFromZero(_failures);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Age().Days == 0) return;
        await ready(stoppingToken);
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(options.IntervalSeconds), time);
        do
        {
            await DeleteAsync(stoppingToken);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task DeleteAsync(CancellationToken cancellationToken)
    {
        var (started, count) = (Stopwatch.GetTimestamp(), 0);
        try
        {
            var before = time.GetUtcNow().AddDays(-options.Age().Days);
            var pause = TimeSpan.FromMilliseconds(options.PauseMs);
            if (!await rows.DeleteAsync(before, options.BatchRows, pause, Count, cancellationToken)) return;
            _duration.Record(Stopwatch.GetElapsedTime(started).TotalSeconds);
            if (count > 0) LogDeleted(count, before, options.Age().Option);
        }
        catch (Exception error) when (Transient.Is(error) && !cancellationToken.IsCancellationRequested)
        {
            _failures.Add(1);
            LogFailed(error.GetBaseException().Message.ReplaceLineEndings(" "));
        }

        void Count(string table, int deleted)
        {
            count += deleted;
            _deleted.Add(deleted, new KeyValuePair<string, object?>("table", table));
        }
    }

    [LoggerMessage(LogLevel.Information, "{Rows} rows from before {Before:u} were deleted, because Retention:{Option} says so")]
    private partial void LogDeleted(int rows, DateTimeOffset before, string option);

    [LoggerMessage(LogLevel.Warning, "Old rows could not be deleted, which is tried again at the next interval: {Reason}")]
    private partial void LogFailed(string reason);
}
