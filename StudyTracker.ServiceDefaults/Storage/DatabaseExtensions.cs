using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using StudyTracker.Hosting;

namespace StudyTracker.Storage;

/// <summary>Connects a service with its schema.</summary>
public static class DatabaseExtensions
{
    /// <summary>Name of the connection string.</summary>
    public const string ConnectionName = "studydb";

    /// <summary>
    /// Adds a pooled context factory on one data source, a <see cref="SchemaMigration{TContext}"/> and a health check. Commands are
    /// not repeated by EF Core: the consumers' retry layer is the only one.
    /// </summary>
    /// <param name="builder">The service.</param>
    /// <param name="schema">The schema that the context owns, where its migration history is kept too.</param>
    public static void AddStudyDatabase<TContext>(this IHostApplicationBuilder builder, string schema)
        where TContext : DbContext
    {
        builder.RequireConnectionString(ConnectionName);
        // Whoever sends a command handles its failure, and says so; EF Core would report each a second time.
        builder.Logging.AddFilter("Microsoft.EntityFrameworkCore.Database.Command", LogLevel.Critical);
        builder.Services.AddSingleton(_ => new NpgsqlDataSourceBuilder(builder.Configuration.GetConnectionString(ConnectionName))
        {
            Name = ConnectionName, // what metrics call it; without one they quote the connection string
        }.Build());
        builder.Services.AddPooledDbContextFactory<TContext>((services, options) =>
            options.UseNpgsql(services.GetRequiredService<NpgsqlDataSource>(), npgsql => npgsql.MigrationsHistoryTable("migrations", schema)));
        builder.EnrichNpgsqlDbContext<TContext>(settings => settings.DisableRetry = true);
        builder.Services.AddSingleton<SchemaMigration<TContext>>();
        builder.Services.AddHostedService(services => services.GetRequiredService<SchemaMigration<TContext>>());
        builder.Services.AddHealthChecks().Add(new HealthCheckRegistration(
            $"schema {schema}", services => services.GetRequiredService<SchemaMigration<TContext>>(), failureStatus: null, tags: null));
    }

    /// <summary>The same options without a service, for tools and tests.</summary>
    public static DbContextOptionsBuilder<TContext> UseStudyTracker<TContext>(
        this DbContextOptionsBuilder<TContext> options, string connectionString, string schema)
        where TContext : DbContext
    {
        ArgumentNullException.ThrowIfNull(options);
        options.UseNpgsql(connectionString, npgsql => npgsql.MigrationsHistoryTable("migrations", schema));
        return options;
    }
}
