using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
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
        builder.Services.AddSingleton<SlackSignature>();
        builder.Services.AddSingleton<SlackEndpoint>();
        builder.Services.AddSingleton<TriggerEndpoint>();
        builder.Services.AddOptions<KestrelServerOptions>().Configure<IOptions<IngressOptions>>((kestrel, ingress) =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = ingress.Value.MaxBodyBytes;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(ingress.Value.HeadersTimeoutSeconds);
            kestrel.Limits.MaxConcurrentConnections = ingress.Value.MaxConnections;
        });
    }

    public static void MapIngress(this WebApplication app)
    {
        app.MapPost("/slack/events", context => context.RequestServices.GetRequiredService<SlackEndpoint>().HandleAsync(context));
        app.MapPost("/scheduler/trigger", (TriggerEndpoint endpoint, HttpContext context) => endpoint.HandleAsync(context)).RequireOperatorKey();
        app.MapGet("/", () => Results.Text("StudyTracker Ingress. Slack's Request URL is /slack/events.\n"));
    }
}
