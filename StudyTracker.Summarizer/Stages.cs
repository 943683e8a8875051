using Microsoft.Extensions.Options;
using Npgsql;
using Quartz;
using StudyTracker.Contracts;
using StudyTracker.Hosting;
using StudyTracker.Kafka;
using StudyTracker.Retention;
using StudyTracker.Storage;
using StudyTracker.Summarizer.Days;
using StudyTracker.Summarizer.Intake;
using StudyTracker.Summarizer.Members;
using StudyTracker.Summarizer.Retention;
using StudyTracker.Summarizer.Revisions;
using StudyTracker.Summarizer.Runs;
using StudyTracker.Summarizer.Scheduling;
using StudyTracker.Summarizer.Storage;
using StudyTracker.Summarizer.Summaries;

namespace StudyTracker.Summarizer;

/// <summary>Puts the stages together: intake, planner and writer, and what belongs to them.</summary>
internal static class Stages
{
    public static void AddStages(this WebApplicationBuilder builder)
    {
        builder.AddPublisher(Topics.SchedulerTriggers, Topics.SummaryJobs, Topics.Feedback);
        builder.AddStudyDatabase<StudyDbContext>(StudyDbContext.Schema);
        builder.AddIntake();
        builder.AddPlanner();
        builder.AddWriter();
        builder.AddRevisions();
        builder.AddRuns();
        builder.AddMembers();
        builder.AddRetention<StudyDbContext, RetentionOptions>(StudyDbContext.Schema, RetentionOptions.Tables);
        // Enums as lower-case words, the same as in the records.
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.Converters.Add(new SummaryKindConverter()));
    }

    public static void MapRuns(this WebApplication app)
    {
        app.MapGet("/runs", (RunsEndpoint runs, string? kind, string? since, int? limit, CancellationToken token) =>
            runs.ListAsync(kind, since, limit, token)).RequireOperatorKey();
        app.MapGet("/runs/{id}", (RunsEndpoint runs, string id, CancellationToken token) => runs.GetAsync(id, token)).RequireOperatorKey();
        app.MapGet("/jobs/parked", (ParkedJobs jobs, [AsParameters] ParkedFilter filter, int? limit, CancellationToken token) =>
            jobs.ListAsync(filter, limit, token)).RequireOperatorKey();
        app.MapPost("/jobs/replay", (ParkedJobs jobs, [AsParameters] ParkedFilter filter, bool? all, CancellationToken token) =>
            jobs.ReplayAsync(filter, all, token)).RequireOperatorKey();
    }

    private static void AddIntake(this WebApplicationBuilder builder)
    {
        builder.Services.AddValidatedOptions<IntakeOptions>(IntakeOptions.Section);
        builder.Services.AddSingleton<ChannelIds>();
        builder.Services.AddSingleton<ChannelMove>();
        builder.Services.AddSingleton<MessageStore>();
        builder.Services.AddSingleton<IntakeStage>();
        IntakeStage.CountFromZero(builder.Services);
        builder.AddBatchConsumer(
            Topics.SlackEvents, ConsumerGroups.Intake, services => services.GetRequiredService<IntakeStage>().StoreAsync, SchemaReady);
    }

    private static void AddPlanner(this WebApplicationBuilder builder)
    {
        builder.Services.AddValidatedOptions<ScheduleOptions>(ScheduleOptions.Section);
        builder.Services.AddSingleton<MemberZones>();
        builder.Services.AddSingleton<ClockChanges>();
        builder.Services.AddSingleton<StudyDays>();
        builder.Services.AddSingleton<RunPlanner>();
        builder.Services.AddSingleton<PlannerStage>();
        PlannerStage.CountFromZero(builder.Services);
        builder.AddKeyedConsumer(
            Topics.SchedulerTriggers, ConsumerGroups.Planner, services => services.GetRequiredService<PlannerStage>().PlanAsync, SchemaReady);
        builder.Services.AddQuartz(quartz => quartz.UsePersistentStore(store =>
        {
            // Quartz creates its own tables when they are missing, in the schema that our migration has made.
            var connection = $"{builder.Configuration.GetConnectionString(DatabaseExtensions.ConnectionName)};Search Path={StudyDbContext.SchedulerSchema}";
            store.UsePostgres(source => source.DataSourceFactory = _ => new NpgsqlDataSourceBuilder(connection) { Name = "scheduler" }.Build());
            store.UseClustering();
            store.ProvisionSchema();
        }));
        builder.Services.AddSingleton<Enrolment>();
        builder.Services.AddSingleton<DueRuns>();
        builder.Services.AddHostedService<Schedule>();
    }

    private static void AddWriter(this WebApplicationBuilder builder)
    {
        builder.AddRedisClient("redis", configureOptions: redis =>
        {
            redis.AbortOnConnectFail = false; // Redis may be away: the cache is bypassed then
            redis.ConnectTimeout = redis.SyncTimeout = redis.AsyncTimeout = 1_000;
            redis.BacklogPolicy = StackExchange.Redis.BacklogPolicy.FailFast;
        });
        builder.RequireConnectionString("redis");
        builder.Services.AddValidatedOptions<ModelOptions>(ModelOptions.Section);
        builder.Services.AddValidatedOptions<PromptCacheOptions>(PromptCacheOptions.Section);
        builder.Services.AddValidatedOptions<ReplayOptions>(ReplayOptions.Section);
        builder.Services.AddSingleton(services => ModelConnection.Create(services.GetRequiredService<IOptions<ModelOptions>>().Value));
        builder.Services.AddSingleton<RedisGuard>();
        builder.Services.AddSingleton<ModelPace>();
        builder.Services.AddSingleton<SummaryModel>();
        builder.Services.AddHealthChecks().AddCheck<ModelHealth>("model");
        builder.Services.AddSingleton<PromptCache>();
        builder.Services.AddSingleton<JobReader>();
        builder.Services.AddSingleton<SummaryStore>();
        builder.Services.AddSingleton<WriterStage>();
        WriterStage.CountFromZero(builder.Services);
        builder.Services.AddSingleton<ReplayLoop>();
        builder.Services.AddHostedService(services => services.GetRequiredService<ReplayLoop>());
        builder.Services.AddSingleton<ParkedJobs>();
        builder.AddKeyedConsumer(
            Topics.SummaryJobs, ConsumerGroups.Writer, services => services.GetRequiredService<WriterStage>().WriteAsync, SchemaReady);
    }

    private static void AddRevisions(this WebApplicationBuilder builder)
    {
        builder.Services.AddValidatedOptions<RevisionOptions>(RevisionOptions.Section);
        builder.Services.AddSingleton<EditNotes>();
        builder.Services.AddSingleton<Settlement>();
        builder.Services.AddSingleton<RevisionStore>();
        builder.Services.AddSingleton<OpenRevisions>();
        builder.Services.AddHostedService<RevisionLoop>();
        EditNotes.CountFromZero(builder.Services);
        RevisionLoop.CountFromZero(builder.Services);
    }

    private static void AddRuns(this WebApplicationBuilder builder)
    {
        builder.Services.AddValidatedOptions<RunsOptions>(RunsOptions.Section);
        builder.Services.AddSingleton<RunQueries>();
        builder.Services.AddHostedService<WaitingJobs>();
        DeliveryFigures.Add(builder.Services);
        builder.Services.AddTransient<RunsEndpoint>(); // with a client whose connections may be renewed
    }

    private static Task SchemaReady(IServiceProvider services, CancellationToken cancellationToken) =>
        services.GetRequiredService<SchemaMigration<StudyDbContext>>().WaitAsync(cancellationToken);
}
