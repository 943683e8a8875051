using StudyTracker.Contracts;
using StudyTracker.Hosting;
using StudyTracker.Kafka;

namespace StudyTracker.Ingress;

/// <summary>Puts Ingress together.</summary>
internal static class Server
{
    public static void AddIngress(this WebApplicationBuilder builder)
    {
        builder.AddPublisher(Topics.SlackEvents, Topics.SlackInteractions, Topics.SlackInstallations, Topics.SchedulerTriggers);
        builder.Services.AddValidatedOptions<SlackOptions>(SlackOptions.Section);
        builder.Services.AddValidatedOptions<IngressOptions>(IngressOptions.Section);
        builder.Services.AddLimits();
        builder.Services.AddSingleton<Body>();
        builder.Services.AddSingleton<SlackSignature>();
        builder.Services.AddSingleton<SlackRequests>();
        SlackRequests.CountFromZero(builder.Services);
        builder.Services.AddSingleton<SlackEndpoint>();
        builder.Services.AddSingleton<ActionEndpoint>();
        builder.Services.AddSingleton<TriggerEndpoint>();
    }

    /// <summary>Has the caller's address and scheme taken from what known proxies say, if any are named.</summary>
    public static void UseKnownProxies(this WebApplication app)
    {
        // Asked of the configuration: the options are checked later, when the service starts.
        var section = app.Configuration.GetSection(IngressOptions.Section);
        if (section.GetSection(nameof(IngressOptions.KnownProxies)).Exists() || section.GetSection(nameof(IngressOptions.KnownNetworks)).Exists())
            app.UseForwardedHeaders();
    }

    public static void MapIngress(this WebApplication app)
    {
        app.UseKnownProxies();

        // Singletons, so no request needs a scope of services; and made by the first request, when the options have been checked.
        var events = new Lazy<SlackEndpoint>(app.Services.GetRequiredService<SlackEndpoint>);
        var actions = new Lazy<ActionEndpoint>(app.Services.GetRequiredService<ActionEndpoint>);
        app.MapPost("/slack/events", context => events.Value.HandleAsync(context));
        app.MapPost("/slack/commands", context => actions.Value.HandleCommandAsync(context));
        app.MapPost("/slack/interactions", context => actions.Value.HandleInteractionAsync(context));
        app.MapPost("/scheduler/trigger", (TriggerEndpoint endpoint, HttpContext context) => endpoint.HandleAsync(context)).RequireOperatorKey();
        app.MapGet("/", () => Results.Text("StudyTracker Ingress. Slack's Request URL is /slack/events.\n"));
    }
}
