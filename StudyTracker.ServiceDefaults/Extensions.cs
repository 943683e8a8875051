using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using StudyTracker.Hosting;
using StudyTracker.Telemetry;

namespace StudyTracker;

/// <summary>What every service has: telemetry, health, service discovery, operator key, fail points.</summary>
public static class Extensions
{
    /// <summary>Tag of the health checks that tell whether the process should be restarted.</summary>
    public const string LiveTag = "live";

    private static readonly string[] _managementPaths = ["/health", "/alive", "/metrics"];

    /// <summary>Adds telemetry, health checks, service discovery and the operators' key.</summary>
    public static TBuilder AddServiceDefaults<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        builder.AddTelemetry();
        builder.Services.AddHealthChecks().AddCheck("self", () => HealthCheckResult.Healthy(), [LiveTag]);
        builder.Services.AddServiceDiscovery();
        // No resilience handler for every client: each outgoing call has exactly one retry layer, chosen by its owner.
        builder.Services.ConfigureHttpClientDefaults(http => http.AddServiceDiscovery());
        builder.Services.AddValidatedOptions<OperationsOptions>(OperationsOptions.Section);
        builder.Services.AddValidatedOptions<TelemetryOptions>(TelemetryOptions.Section);
        builder.Services.AddSingleton<FailPoint>();
        builder.Services.AddRequestFaults();
        builder.Services.AddSingleton(ServiceClock.Of(builder.Configuration, builder.Environment));
        builder.Services.Configure<HostOptions>(options =>
        {
            options.ShutdownTimeout = TimeSpan.FromSeconds(8);
            // One after the other, the stages of a service would have to share these seconds; a stage that is cut off keeps
            // its partitions from the others until its session times out.
            options.ServicesStopConcurrently = true;
        });
        return builder;
    }

    /// <summary>
    /// Maps <c>/health</c> (ready for work), <c>/alive</c> (needs no restart) and <c>/metrics</c>, in every environment:
    /// containers have to be probed too. With <c>Management:Port</c> set they answer only there.
    /// </summary>
    public static WebApplication MapDefaultEndpoints(this WebApplication app)
    {
        app.UseRequestFaults();
        app.UseManagementPort(_managementPaths);
        app.MapHealthChecks("/health", new HealthCheckOptions { ResponseWriter = HealthBody.WriteAsync });
        app.MapHealthChecks("/alive", new HealthCheckOptions { Predicate = check => check.Tags.Contains(LiveTag) });
        app.MapPrometheusScrapingEndpoint("/metrics");
        return app;
    }

    /// <summary>
    /// Hides the given paths on every port but <c>Management:Port</c>, judged by the port that the connection came in
    /// on and not by the Host header, which a caller may set as it likes.
    /// </summary>
    private static void UseManagementPort(this WebApplication app, string[] paths)
    {
        if (app.Configuration.GetValue<int?>("Management:Port") is not { } port) return;
        app.Use((context, next) =>
        {
            if (context.Connection.LocalPort == port || !paths.Any(path => context.Request.Path.StartsWithSegments(path, StringComparison.Ordinal)))
                return next(context);
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        });
    }

    private static void AddTelemetry(this IHostApplicationBuilder builder)
    {
        builder.Logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "HH:mm:ss.fff ";
            console.UseUtcTimestamp = true;
        });
        // Not being ready yet is an answer of /health, not a failure to be logged at every question.
        builder.Logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.Critical);
        builder.Logging.AddFilter("StackExchange.Redis", LogLevel.Warning);
        builder.Logging.AddOpenTelemetry(logging =>
        {
            logging.IncludeFormattedMessage = true;
            logging.IncludeScopes = true;
        });

        builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => AddService(resource, builder))
            .WithMetrics(metrics => metrics
                // Not AddAspNetCoreInstrumentation: it puts a middleware of its own before every request.
                .AddMeter(Instruments.Name, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel")
                .AddHttpClientInstrumentation()
                .AddRuntimeInstrumentation()
                .AddNpgsqlInstrumentation()
                .AddPrometheusExporter());

        builder.Services.AddHostedService<ZeroCounter>();
        MachineSockets.Observe();

        var exported = !string.IsNullOrWhiteSpace(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]);
        // Asked of the configuration, because it decides what is registered; the options are checked when the service starts.
        var ratio = builder.Configuration.GetSection(TelemetryOptions.Section).GetValue<double?>(nameof(TelemetryOptions.TraceRatio));
        if (ratio is null ? exported : ratio > 0) builder.AddTracing(ratio ?? 1);
        if (exported) builder.Services.AddOpenTelemetry().UseOtlpExporter();
    }

    /// <summary>By which name and version the service's telemetry goes, unless the environment says otherwise, as Aspire's does.</summary>
    private static void AddService(ResourceBuilder resource, IHostApplicationBuilder builder)
    {
        var isNamed = !string.IsNullOrEmpty(builder.Configuration["OTEL_SERVICE_NAME"])
            || builder.Configuration["OTEL_RESOURCE_ATTRIBUTES"]?.Contains("service.name=", StringComparison.Ordinal) == true;
        var version = Assembly.GetEntryAssembly()?.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0";
        if (!isNamed) resource.AddService(builder.Environment.ApplicationName, autoGenerateServiceInstanceId: false);
        resource.AddAttributes([new("service.version", version)]);
    }

    private static void AddTracing(this IHostApplicationBuilder builder, double ratio) =>
        builder.Services.AddOpenTelemetry()
            .WithTracing(tracing => tracing
                .SetSampler(new ParentBasedSampler(new TraceIdRatioBasedSampler(Math.Min(1, ratio))))
                .AddSource(Instruments.Name, builder.Environment.ApplicationName)
                .AddAspNetCoreInstrumentation(options => options.Filter = context =>
                    !_managementPaths.Any(path => context.Request.Path.StartsWithSegments(path, StringComparison.Ordinal)))
                .AddHttpClientInstrumentation()
                .AddNpgsql());
}
