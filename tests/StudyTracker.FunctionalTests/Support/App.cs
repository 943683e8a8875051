using System.Net;
using StudyTracker.AppHost.Local;
using StudyTracker.AppHost.Local.Infrastructure;

namespace StudyTracker.FunctionalTests.Support;

/// <summary>
/// The whole application, started once for all tests: the services are processes of their own, PostgreSQL and Redis the
/// real servers, Kafka the broker that speaks the real protocol; only Slack and the model are the Sandbox.
/// </summary>
public sealed class App : IAsyncLifetime
{
    /// <summary>In every learner's text, so that the logs can be searched for it.</summary>
    public const string Marker = "qzmarkerqz";

    private LocalHost? _host;
    private TopicLog? _log;
    private Rows? _rows;
    private SlackSide? _slack;
    private SandboxSide? _sandbox;
    private Operator? _operator;
    private Groups? _groups;

    internal LocalHost Host => _host!;

    internal LocalKafka Kafka => Host.Kafka!;

    internal TopicLog Log => _log!;

    internal Rows Rows => _rows!;

    internal SlackSide Slack => _slack!;

    internal SandboxSide Sandbox => _sandbox!;

    internal Operator Operator => _operator!;

    internal Groups Groups => _groups!;

    /// <summary>The settings that a service needs for the local broker, quick enough for tests.</summary>
    internal static Dictionary<string, string> KafkaSettings { get; } = new()
    {
        ["Kafka__EnableIdempotence"] = "false",
        ["Kafka__FetchWaitMaxMs"] = "20",
        // The group notices a killed member this late: no test is about how long that takes.
        ["Kafka__SessionTimeoutMs"] = "2000",
        ["Kafka__SocketTimeoutMs"] = "3000",
        ["Kafka__CommitIntervalMs"] = "200",
        // Nothing collects the traces, but the records carry them on.
        ["Telemetry__TraceRatio"] = "1",
    };

    internal static LocalHostOptions Options { get; } = new()
    {
        FirstPort = 17_080,
        Fsync = false,
        RestartDelay = TimeSpan.FromMilliseconds(50),
        RestartDelayMax = TimeSpan.FromMilliseconds(200),
    };

    public async ValueTask InitializeAsync()
    {
        _host = await LocalHost.StartAsync(new LocalHostSetup
        {
            Instance = $"functional-{Environment.ProcessId}",
            Fresh = true,
            Options = Options,
            Settings = KafkaSettings,
            ServiceSettings = new Dictionary<string, IReadOnlyDictionary<string, string>>
            {
                [ServiceNames.Sandbox] = SandboxSettings(),
                [ServiceNames.Summarizer] = new Dictionary<string, string>
                {
                    ["Schedule__Enabled"] = "false",
                    ["Schedule__PageSize"] = "50",
                    ["Members__ProfilesPerMinute"] = "0", // tests count what goes wrong between us and Slack
                    ["Intake__StatementTimeoutSeconds"] = "1",
                    ["Consumers__intake__MaxInFlight"] = "50",
                    ["Consumers__intake__PauseAfterMs"] = "100",
                    // A call that hangs is given up after these.
                    ["OpenAI__TimeoutSeconds"] = "2",
                    ["OpenAI__PostponeSeconds"] = "1",
                    ["OpenAI__BreakSeconds"] = "1",
                    // Far more than any test's workspace spends.
                    ["OpenAI__DailyTokensPerWorkspace"] = "1000000",
                    ["Replay__IntervalSeconds"] = "1",
                    ["Revisions__SettleSeconds"] = "1",
                    ["Revisions__IntervalSeconds"] = "1",
                },
                [ServiceNames.Notifier] = new Dictionary<string, string>
                {
                    ["Notifier__PostsPerMinute"] = "6000",
                    ["Notifier__Burst"] = "1000",
                    ["Notifier__LeaseSeconds"] = "3",
                    ["Notifier__RetryDelayMs"] = "200",
                    ["Notifier__MaxRetryDelayMs"] = "1000",
                    ["Slack__TimeoutSeconds"] = "2",
                },
            },
        });
        _log = new TopicLog(Host.KafkaServers, Kafka.PartitionCount);
        _groups = new Groups(Host.KafkaServers, Kafka.PartitionCount);
        _rows = new Rows(Host.StudyDb);
        _slack = new SlackSide(Host.Services[ServiceNames.Ingress].Url, Host.SigningSecret);
        _sandbox = new SandboxSide(Host.Services[ServiceNames.Sandbox].Url);
        _operator = new Operator(Host);
    }

    /// <summary>
    /// Ends a time without Kafka, and waits until everybody has noticed: what was asked of it before is never answered, and
    /// costs the first who asks again a time-out.
    /// </summary>
    internal async Task KafkaReturnsAsync()
    {
        Kafka.SetUp();
        await Eventually.HoldsAsync(
            async () => (await Slack.PostAsync(Learner.New().Written(Marker))).StatusCode.ShouldBe(HttpStatusCode.OK), TimeSpan.FromSeconds(10));
        var runId = await Eventually.GetsAsync(() => Operator.TriggerAsync(), id => id.Length > 0);
        await Operator.FinishedAsync(runId);
        await Groups.CaughtUpAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _log?.Dispose();
        _slack?.Dispose();
        _sandbox?.Dispose();
        _operator?.Dispose();
        _groups?.Dispose();
        if (_rows is not null) await _rows.DisposeAsync();
        if (_host is null) return;
        await _host.DisposeAsync();
        if (NoteFailuresAttribute.AnyFailed) return;
        PostgresCluster.DeleteFallback(_host.Folder);
        Directory.Delete(_host.Folder.FullPath, recursive: true);
    }

    /// <summary>Has a service killed, as by kill -9, when it next reaches a moment; disposing checks that it did.</summary>
    internal Kill KillAt(string service, string moment) => new(Host, service, moment);

    private static Dictionary<string, string> SandboxSettings()
    {
        var settings = new Dictionary<string, string>
        {
            ["Sandbox__RateLimits"] = "false",
            ["Sandbox__ModelLatency"] = "00:00:00.020",
            ["Sandbox__ModelJitter"] = "00:00:00",
        };
        // Slack retries at once, after a minute and after five; the last of these comes later than any fault of a test lasts.
        var delays = new[] { "00:00:00.5", "00:00:02", "00:00:04", "00:00:08", "00:00:08", "00:00:08" };
        for (var retry = 0; retry < delays.Length; retry++) settings[$"Sandbox__RetryDelays__{retry}"] = delays[retry];
        return settings;
    }
}
