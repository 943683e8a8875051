using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;
using StudyTracker.Contracts;
using StudyTracker.Hosting;
using StudyTracker.Kafka;
using StudyTracker.Notifier.DeadLetters;
using StudyTracker.Notifier.Delivery;
using StudyTracker.Notifier.Erasure;
using StudyTracker.Notifier.Install;
using StudyTracker.Notifier.Pace;
using StudyTracker.Notifier.Parked;
using StudyTracker.Notifier.Retention;
using StudyTracker.Notifier.Slack;
using StudyTracker.Notifier.Storage;
using StudyTracker.Retention;
using StudyTracker.Storage;

namespace StudyTracker.Notifier;

/// <summary>Puts the stages together: delivery, and installation, which tells it where it may deliver.</summary>
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
        builder.AddRetention<DeliveryDbContext, RetentionOptions>(DeliveryDbContext.Schema, RetentionOptions.Tables, RetentionOptions.Note);
        SlackClient.Add(builder.Services);
        builder.AddPace();
        builder.AddInstallation();
        builder.Services.AddSingleton<Revocations>();
        builder.AddKeyedConsumer(
            Topics.SlackInstallations,
            ConsumerGroups.Installation,
            services => services.GetRequiredService<Revocations>().HandleAsync,
            (services, token) => services.GetRequiredService<SchemaMigration<DeliveryDbContext>>().WaitAsync(token));
        builder.Services.AddSingleton<DeliveryLedger>();
        builder.Services.AddSingleton<DeliveryCalls>();
        DeliveryCalls.CountFromZero(builder.Services);
        builder.Services.AddSingleton<DeliveryOutcomes>();
        builder.Services.AddSingleton<DeliveryStage>();
        builder.Services.AddSingleton<MemberErasure>();
        builder.Services.AddSingleton<DeliveriesEndpoint>();
        builder.Services.AddSingleton<ProfileEndpoint>();
        ProfileEndpoint.CountFromZero(builder.Services);
        builder.Services.AddSingleton<ParkedCounts>();
        builder.Services.AddHostedService(services => services.GetRequiredService<ParkedCounts>());
        builder.Services.AddSingleton<ParkedEndpoint>();
        builder.Services.AddSingleton<DealtLetters>();
        builder.Services.AddSingleton<DeadLetterTopic>();
        builder.Services.AddSingleton<DeadLettersEndpoint>();
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
        app.MapGet("/profiles/{teamId}/{userId}", (HttpContext context, ProfileEndpoint profiles, string teamId, string userId, CancellationToken token) =>
            profiles.OfAsync(context, teamId, userId, token)).RequireOperatorKey();
        app.MapGet("/parked", (ParkedEndpoint parked, string? reason, CancellationToken token) =>
            parked.ListAsync(reason, token)).RequireOperatorKey();
        app.MapPost("/parked/replay", (ParkedEndpoint parked, Guid? summaryId, string? reason, CancellationToken token) =>
            parked.ReplayAsync(summaryId, reason, token)).RequireOperatorKey();
        app.MapPost("/parked/drop", (ParkedEndpoint parked, Guid? summaryId, string? reason, bool? all, string? because, CancellationToken token) =>
            parked.DropAsync(summaryId, reason, all, because, token)).RequireOperatorKey();
        app.MapGet("/dead-letters", (DeadLettersEndpoint letters, [AsParameters] DeadLetterFilter which, CancellationToken token) =>
            letters.ListAsync(which, token)).RequireOperatorKey();
        app.MapPost("/dead-letters/replay", (DeadLettersEndpoint letters, [AsParameters] DeadLetterFilter which, CancellationToken token) =>
            letters.ReplayAsync(which, token)).RequireOperatorKey();
        app.MapPost(
            "/dead-letters/drop",
            (DeadLettersEndpoint letters, [AsParameters] DeadLetterFilter which, bool? all, string? because, CancellationToken token) =>
                letters.DropAsync(which, all, because, token)).RequireOperatorKey();
    }

    /// <summary>Where a workspace installs the app by itself; nowhere, unless the app's client id is configured.</summary>
    public static void MapInstallation(this WebApplication app)
    {
        if (!app.Services.GetRequiredService<IOptions<SlackOptions>>().Value.MayBeInstalled) return;
        app.MapGet("/slack/install", (HttpContext context, InstallEndpoint install) => install.Begin(context));
        app.MapGet("/slack/oauth", (
            HttpContext context, InstallEndpoint install, string? code, string? state, string? error, CancellationToken token) =>
            install.EndAsync(context, code, state, error, token));
    }

    private static void AddInstallation(this WebApplicationBuilder builder)
    {
        var slack = builder.Configuration.GetSection(SlackOptions.Section).Get<SlackOptions>() ?? new SlackOptions();
        if (!slack.MayBeInstalled || slack.KeysFolder.Length == 0) return; // the latter: the service says so, and does not start
        builder.Services.AddDataProtection().SetApplicationName("StudyTracker").PersistKeysToFileSystem(new DirectoryInfo(slack.KeysFolder));
        builder.Services.AddHttpClient(InstallEndpoint.ClientName, http => http.Timeout = TimeSpan.FromSeconds(slack.TimeoutSeconds));
        builder.Services.AddSingleton<Installations>();
        builder.Services.AddSingleton<InstallEndpoint>();
    }

    private static void AddPace(this WebApplicationBuilder builder)
    {
        builder.AddRedisClient("redis", configureOptions: redis =>
        {
            redis.AbortOnConnectFail = false; // Redis may be away: each replica keeps to its share then
            redis.ConnectTimeout = redis.SyncTimeout = redis.AsyncTimeout = 1_000;
            redis.BacklogPolicy = StackExchange.Redis.BacklogPolicy.FailFast;
        });
        builder.RequireConnectionString("redis");
        builder.Services.AddValidatedOptions<PaceOptions>(PaceOptions.Section);
        builder.Services.AddSingleton<LocalPlaces>();
        builder.Services.AddSingleton<IPlaces, SharedPlaces>();
        builder.Services.AddSingleton<SlackPace>();
        SlackPace.CountFromZero(builder.Services);
    }
}
