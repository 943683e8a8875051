using Microsoft.Extensions.Options;
using StudyTracker.Contracts;
using StudyTracker.Hosting;
using StudyTracker.Kafka;
using StudyTracker.Notifier.Delivery;
using StudyTracker.Notifier.Erasure;
using StudyTracker.Notifier.Slack;
using StudyTracker.Notifier.Storage;
using StudyTracker.Storage;

namespace StudyTracker.Notifier;

/// <summary>Puts the one stage together: delivery.</summary>
internal static class Stage
{
    public static void AddDelivery(this WebApplicationBuilder builder)
    {
        builder.AddPublisher();
        builder.AddStudyDatabase<DeliveryDbContext>(DeliveryDbContext.Schema);
        builder.Services.AddValidatedOptions<SlackOptions>(SlackOptions.Section);
        builder.Services.AddValidatedOptions<DeliveryOptions>(DeliveryOptions.Section).Validate<IOptions<SlackOptions>>(
            (delivery, slack) => delivery.LeaseSeconds > slack.Value.TimeoutSeconds,
            "Notifier:LeaseSeconds must be longer than Slack:TimeoutSeconds: a post that is under way must not be taken over.");
        SlackClient.Add(builder.Services);
        builder.Services.AddSingleton<DeliveryLedger>();
        builder.Services.AddSingleton<SlackPace>();
        builder.Services.AddSingleton<DeliveryStage>();
        builder.Services.AddSingleton<MemberErasure>();
        builder.Services.AddSingleton<DeliveriesEndpoint>();
        builder.AddKeyedConsumer(
            Topics.Feedback,
            ConsumerGroups.Delivery,
            services => services.GetRequiredService<MemberErasure>().HandleAsync,
            (services, token) => services.GetRequiredService<SchemaMigration<DeliveryDbContext>>().WaitAsync(token));
    }

    public static void MapDeliveries(this WebApplication app)
    {
        app.MapGet("/deliveries/runs/{runId}", (DeliveriesEndpoint deliveries, string runId, CancellationToken token) =>
            deliveries.OfRunAsync(runId, token)).RequireOperatorKey();
        app.MapGet("/parked", (DeliveriesEndpoint deliveries, CancellationToken token) =>
            deliveries.ParkedAsync(token)).RequireOperatorKey();
        app.MapPost("/parked/replay", (DeliveriesEndpoint deliveries, Guid? summaryId, CancellationToken token) =>
            deliveries.ReplayAsync(summaryId, token)).RequireOperatorKey();
    }
}
