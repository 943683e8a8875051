using Microsoft.Extensions.Configuration;

namespace StudyTracker.AppHost;

/// <summary>The Aspire model: infrastructure first, then the services in the order in which data flows.</summary>
internal static class AspireHost
{
    // Fixed, because Kafka keeps its advertised address in the volume that outlives the container.
    private const int KafkaPort = 19_092;

    /// <summary>Whether this build carries the Aspire model.</summary>
    public static bool IsAvailable => true;

    /// <summary>Runs the model, or publishes it when Aspire's own arguments say so.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        var builder = DistributedApplication.CreateBuilder(args);
        var isRun = builder.ExecutionContext.IsRunMode;
        builder.AddDockerComposeEnvironment("compose");

        // Infrastructure. A connection string in the configuration replaces a container by your own server.
        var kafka = builder.UseServer("kafka") ?? builder.AddKafka("kafka", KafkaPort)
            .WithEnvironment("KAFKA_NUM_PARTITIONS", "12") // what a service creates has its own number; this is for all else
            .WithDataVolume("studytracker-kafka")
            .WithKafkaUI();
        var database = builder.UseServer("studydb") ?? builder.AddPostgres("postgres")
            .WithDataVolume("studytracker-postgres")
            .AddDatabase("studydb", "studytracker");
        var redis = builder.UseServer("redis") ?? builder.AddRedis("redis");

        // Secrets. What is only between our own services is made up once and kept in the user secrets.
        var operatorKey = builder.AddParameter(
            "operator-key", new GenerateParameterDefault { MinLength = 32, Special = false }, secret: true, persist: true);
        var realSlack = !isRun || builder.IsSet("slack-bot-token");
        var realModel = !isRun || builder.IsSet("openai-api-key");
        var signingSecret = realSlack
            ? builder.AddParameter("slack-signing-secret", secret: true)
            : builder.AddParameter("slack-signing-secret", new GenerateParameterDefault { MinLength = 32, Special = false }, secret: true, persist: true);

        // Services
        var ingress = builder.AddProject<Projects.StudyTracker_Ingress>("ingress")
            .WithHttpEndpoint(name: "http")
            .WithHttpEndpoint(name: "management")
            .WithEndpoint("http", endpoint => endpoint.IsExternal = true) // for Slack; management stays inside
            .WithReference(kafka)
            .WaitFor(kafka)
            .WithEnvironment("Slack__SigningSecret", signingSecret)
            .WithEnvironment("Operations__ApiKey", operatorKey)
            .WithReplicas(builder.Configuration.GetValue("Replicas:Ingress", 1))
            .WithHttpHealthCheck("/health", endpointName: "management");
        ingress.WithEnvironment("Management__Port", ingress.GetEndpoint("management").Property(EndpointProperty.TargetPort));

        var summarizer = builder.AddProject<Projects.StudyTracker_Summarizer>("summarizer")
            .WithHttpEndpoint(name: "http")
            .WithReference(kafka).WithReference(database).WithReference(redis)
            .WaitFor(kafka).WaitFor(database) // not for Redis: without it the cache is bypassed
            .WithEnvironment("Operations__ApiKey", operatorKey)
            .WithReplicas(builder.Configuration.GetValue("Replicas:Summarizer", 1))
            .WithHttpHealthCheck("/health");

        var notifier = builder.AddProject<Projects.StudyTracker_Notifier>("notifier")
            .WithHttpEndpoint(name: "http")
            .WithReference(kafka).WithReference(database).WithReference(redis)
            .WaitFor(kafka).WaitFor(database) // not for Redis: without it each replica keeps to its share of Slack's limits
            .WithEnvironment("Operations__ApiKey", operatorKey)
            .WithReplicas(builder.Configuration.GetValue("Replicas:Notifier", 1))
            .WithHttpHealthCheck("/health");

        // The other side: Slack and the model, or the Sandbox in place of whichever no key is set for.
        summarizer.WithEnvironment("Runs__NotifierUrl", notifier.GetEndpoint("http"));
        if (realSlack)
        {
            var botToken = builder.AddParameter("slack-bot-token", secret: true);
            notifier.WithEnvironment("Slack__BotToken", botToken);
            summarizer.WithEnvironment("Slack__BotToken", botToken); // asks for time zones and languages
        }

        if (realModel) summarizer.WithEnvironment("OpenAI__ApiKey", builder.AddParameter("openai-api-key", secret: true));
        if (!realSlack || !realModel)
        {
            var sandbox = builder.AddProject<Projects.StudyTracker_Sandbox>("sandbox")
                .WithHttpEndpoint(name: "http")
                .WithEnvironment("Sandbox__IngressUrl", ingress.GetEndpoint("http"))
                .WithEnvironment("Sandbox__SummarizerUrl", summarizer.GetEndpoint("http"))
                .WithEnvironment("Sandbox__NotifierUrl", notifier.GetEndpoint("http"))
                .WithEnvironment("Sandbox__SigningSecret", signingSecret)
                .WithEnvironment("Sandbox__OperatorKey", operatorKey)
                .WithEnvironment("Operations__ApiKey", operatorKey)
                .WithHttpHealthCheck("/health")
                .WithUrlForEndpoint("http", url => url.DisplayText = "Open the sandbox workspace")
                .WithDemoDayCommand();
            var address = sandbox.GetEndpoint("http");
            if (isRun) builder.AddLoadTests(ingress, sandbox, database, signingSecret, operatorKey);
            if (!realSlack)
            {
                foreach (var service in new[] { notifier, summarizer })
                {
                    service
                        .WithEnvironment("Slack__ApiUrl", ReferenceExpression.Create($"{address}/api/"))
                        .WithEnvironment("Slack__BotTokenTemplate", "xoxb-sandbox-{team}");
                }

                notifier.WithEnvironment("Slack__ArchiveUrl", ReferenceExpression.Create($"{address}/archives/"));
                foreach (var service in new[] { ingress, summarizer })
                    service.WithEnvironment("Slack__ResponseUrl", ReferenceExpression.Create($"{address}/responses/"));
                sandbox.WithEnvironment("Sandbox__PublicUrl", address);
            }

            if (!realModel)
            {
                summarizer
                    .WithEnvironment("OpenAI__Endpoint", ReferenceExpression.Create($"{address}/v1"))
                    .WithEnvironment("OpenAI__ApiKey", "sandbox")
                    .WithEnvironment("OpenAI__Model", "sandbox-extractive");
            }
        }

        ingress.WithRunNowCommand(operatorKey);
        notifier.WithReplayCommands(operatorKey);
        await builder.Build().RunAsync();
        return 0;
    }

    private static IResourceBuilder<IResourceWithConnectionString>? UseServer(this IDistributedApplicationBuilder builder, string name) =>
        builder.ExecutionContext.IsRunMode && !string.IsNullOrWhiteSpace(builder.Configuration.GetConnectionString(name))
            ? builder.AddConnectionString(name)
            : null;

    private static bool IsSet(this IDistributedApplicationBuilder builder, string parameter) =>
        !string.IsNullOrWhiteSpace(builder.Configuration[$"Parameters:{parameter}"]);
}
