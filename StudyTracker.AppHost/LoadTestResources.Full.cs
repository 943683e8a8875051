namespace StudyTracker.AppHost;

/// <summary>The load tests in the Aspire dashboard: resources that run when somebody starts them.</summary>
internal static class LoadTestResources
{
    private static readonly string[] _scenarios = ["SC1", "SC1b-pooled", "SC1b-spread", "SC2", "SC3", "SC4"];

    /// <summary>
    /// Adds them, against the services of this model. Through the script, by path: the load tests refer to this project, so this
    /// one cannot refer to them. SC1b-churn needs an Ingress on another address than the loopback one, and so a host of its own.
    /// </summary>
    public static void AddLoadTests(
        this IDistributedApplicationBuilder builder,
        IResourceBuilder<ProjectResource> ingress,
        IResourceBuilder<ProjectResource> sandbox,
        IResourceBuilder<IResourceWithConnectionString> database,
        IResourceBuilder<ParameterResource> signingSecret,
        IResourceBuilder<ParameterResource> operatorKey)
    {
        foreach (var scenario in _scenarios)
        {
            builder.AddExecutable($"load-{scenario.ToLowerInvariant()}", "./study", "..", "load", scenario)
                .WithEnvironment("Load__Target", ingress.GetEndpoint("http"))
                .WithEnvironment("Load__Sandbox", sandbox.GetEndpoint("http"))
                .WithEnvironment("Slack__SigningSecret", signingSecret)
                .WithEnvironment("Operations__ApiKey", operatorKey)
                .WithReference(database, connectionName: "studydb")
                .WaitFor(ingress)
                .WithExplicitStart();
        }
    }
}
