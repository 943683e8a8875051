using System.Text;
using StudyTracker.AppHost.Local;
using StudyTracker.LoadTests.Benchmarks;

namespace StudyTracker.FunctionalTests.Support;

/// <summary>One more process of a service, configured in another way than the application's own.</summary>
internal sealed class ExtraHost : IAsyncDisposable
{
    private readonly LocalHost _host;
    private readonly string _service;

    private ExtraHost(LocalHost host, string service) => (_host, _service) = (host, service);

    public Uri Url => _host.Services[_service].Url;

    /// <summary>Where it answers its operator.</summary>
    public Uri ManagementUrl => _host.Services[_service].ManagementUrl;

    /// <summary>Memory that the process holds, in bytes.</summary>
    public long ResidentBytes => ProcessUsage.ResidentBytes(_host.Services[_service].Pid);

    /// <summary>The operators' key of this process.</summary>
    public string OperatorKey => _host.OperatorKey;

    public static async Task<ExtraHost> StartAsync(
        string name, string service, string kafka, string studyDb, string redis, Dictionary<string, string> settings)
    {
        var setup = new LocalHostSetup
        {
            Instance = $"functional-{Environment.ProcessId}-{name}",
            Fresh = true,
            Options = App.Options,
            Services = [service],
            Environment = new Dictionary<string, string>(ServiceEnvironment.WithoutSettings(LocalHostSetup.OwnEnvironment()))
            {
                ["ConnectionStrings__kafka"] = kafka,
                ["ConnectionStrings__studydb"] = studyDb,
                ["ConnectionStrings__redis"] = redis,
            },
            Settings = App.KafkaSettings.Concat(settings).ToDictionary(),
        };
        return new ExtraHost(await LocalHost.StartAsync(setup, cancel: TestContext.Current.CancellationToken), service);
    }

    /// <summary>Has the process killed, as by kill -9, when it next reaches a moment.</summary>
    public Kill KillAt(string moment) => new(_host, _service, moment);

    /// <summary>All that the process has logged so far.</summary>
    public async Task<string> LogAsync()
    {
        var text = new StringBuilder();
        foreach (var log in Directory.GetFiles(_host.Folder.Logs))
        {
            // It is still being written to.
            await using var stream = new FileStream(log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var reader = new StreamReader(stream);
            text.Append(await reader.ReadToEndAsync(TestContext.Current.CancellationToken));
        }

        return text.ToString();
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        Directory.Delete(_host.Folder.FullPath, recursive: true);
    }
}
