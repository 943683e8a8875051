using StudyTracker.Hosting;
using StudyTracker.Kafka;

namespace StudyTracker.Ingress;

/// <summary>Puts Ingress together.</summary>
internal static class Server
{
    public static void AddIngress(this WebApplicationBuilder builder)
    {
        builder.AddPublisher();
        builder.Services.AddValidatedOptions<SlackOptions>(SlackOptions.Section);
        builder.Services.AddValidatedOptions<IngressOptions>(IngressOptions.Section);
        builder.Services.AddLimits();
        builder.Services.AddSingleton<Body>();
        builder.Services.AddSingleton<SlackSignature>();
        builder.Services.AddSingleton<SlackRequests>();
        builder.Services.AddSingleton<SlackEndpoint>();
        builder.Services.AddSingleton<ActionEndpoint>();
        builder.Services.AddSingleton<TriggerEndpoint>();
    }

    public static void MapIngress(this WebApplication app)
    {
        // Asked of the configuration: the options are checked later, when the service starts.
        var section = app.Configuration.GetSection(IngressOptions.Section);
        if (section.GetSection(nameof(IngressOptions.KnownProxies)).Exists() || section.GetSection(nameof(IngressOptions.KnownNetworks)).Exists())
            app.UseForwardedHeaders();
        app.MapPost("/slack/events", context => context.RequestServices.GetRequiredService<SlackEndpoint>().HandleAsync(context));
        app.MapPost("/slack/commands", context => context.RequestServices.GetRequiredService<ActionEndpoint>().HandleCommandAsync(context));
        app.MapPost("/slack/interactions", context => context.RequestServices.GetRequiredService<ActionEndpoint>().HandleInteractionAsync(context));
        app.MapPost("/scheduler/trigger", (TriggerEndpoint endpoint, HttpContext context) => endpoint.HandleAsync(context)).RequireOperatorKey();
        app.MapGet("/", () => Results.Text("StudyTracker Ingress. Slack's Request URL is /slack/events.\n"));
    }
}
