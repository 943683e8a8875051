using StudyTracker.AppHost.Local;
using StudyTracker.AppHost.Local.Infrastructure;
using StudyTracker.FunctionalTests.Support;

namespace StudyTracker.FunctionalTests.Delivery;

/// <summary>
/// Two replicas of the Notifier and a Slack with limits, on a broker of their own; PostgreSQL and Redis are the application's.
/// </summary>
public sealed class TwoNotifiers(App app) : IAsyncLifetime
{
    /// <summary>What a workspace takes in a minute.</summary>
    public const int PostsPerMinute = 40;

    private readonly LocalKafka _kafka = LocalKafka.Start();
    private LocalHost? _first;
    private LocalHost? _second;

    internal ServiceProcess First => _first!.Services[ServiceNames.Notifier];

    internal ServiceProcess Second => _second!.Services[ServiceNames.Notifier];

    internal SandboxSide Sandbox { get; private set; } = null!;

    internal Summaries Summaries { get; private set; } = null!;

    internal Rows Rows => app.Rows;

    /// <summary>Where the first replica's fail points are armed.</summary>
    internal string FailPoints => _first!.Folder.FailPoints;

    public async ValueTask InitializeAsync()
    {
        var settings = new Dictionary<string, string>
        {
            ["Notifier__PostsPerMinute"] = $"{PostsPerMinute}",
            ["Notifier__PostsPerSecond"] = "20",
            ["Notifier__LeaseSeconds"] = "3",
            ["Notifier__RetryDelayMs"] = "200",
            ["Notifier__MaxRetryDelayMs"] = "1000",
            ["Notifier__LookAfterMs"] = "300",
            ["Slack__TimeoutSeconds"] = "2",
            ["Sandbox__WorkspacePostsPerMinute"] = $"{PostsPerMinute}",
            ["Sandbox__MethodLimitFactor"] = "2",
        };
        _first = await StartAsync("one", [ServiceNames.Sandbox, ServiceNames.Notifier], settings);
        settings["Slack__ApiUrl"] = $"{_first.Services[ServiceNames.Sandbox].Url}api/";
        _second = await StartAsync("two", [ServiceNames.Notifier], settings);
        Sandbox = new SandboxSide(_first.Services[ServiceNames.Sandbox].Url);
        Summaries = new Summaries(_kafka.BootstrapServers);
    }

    public async ValueTask DisposeAsync()
    {
        Summaries?.Dispose();
        Sandbox?.Dispose();
        foreach (var host in new[] { _second, _first })
        {
            if (host is null) continue;
            await host.DisposeAsync();
            Directory.Delete(host.Folder.FullPath, recursive: true);
        }

        _kafka.Dispose();
    }

    private Task<LocalHost> StartAsync(string name, string[] services, Dictionary<string, string> settings) => LocalHost.StartAsync(new LocalHostSetup
    {
        Instance = $"functional-{Environment.ProcessId}-notifier-{name}",
        Fresh = true,
        Options = App.Options,
        Services = services,
        Environment = new Dictionary<string, string>(ServiceEnvironment.WithoutSettings(LocalHostSetup.OwnEnvironment()))
        {
            ["ConnectionStrings__kafka"] = _kafka.BootstrapServers,
            ["ConnectionStrings__studydb"] = app.Host.StudyDb,
            ["ConnectionStrings__redis"] = app.Host.RedisServers,
        },
        Settings = App.KafkaSettings.Concat(settings).ToDictionary(),
    });
}
