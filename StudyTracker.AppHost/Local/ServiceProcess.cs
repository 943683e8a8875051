using StudyTracker.AppHost.Local.Processes;

namespace StudyTracker.AppHost.Local;

/// <summary>One of the services, as a process of its own that is started again when it dies.</summary>
public sealed class ServiceProcess : IAsyncDisposable
{
    // Only for health on the loopback address: one for all, never disposed.
    private static readonly HttpClient _http = new();

    private readonly SupervisedProcess _process;
    private readonly LocalHostOptions _options;

    internal ServiceProcess(string name, string url, string managementUrl, SupervisedProcess process, LocalHostOptions options) =>
        (Name, Url, ManagementUrl, _process, _options) = (name, new Uri(url), new Uri(managementUrl), process, options);

    /// <summary>Its name, one of <see cref="ServiceNames"/>.</summary>
    public string Name { get; }

    /// <summary>Where it takes its users' requests.</summary>
    public Uri Url { get; }

    /// <summary>Where it answers its operator: /health, /alive, /metrics and the endpoints that ask for the key.</summary>
    public Uri ManagementUrl { get; }

    /// <summary>Its log file.</summary>
    public string LogPath => _process.Log.FilePath;

    /// <summary>Process id; another one after each restart.</summary>
    public int Pid => _process.Pid;

    /// <summary>How often it died and was started again.</summary>
    public int Restarts => _process.Restarts;

    /// <summary>Starts it, also after <see cref="StopAsync()"/>; <see cref="WaitReadyAsync"/> tells when it works.</summary>
    public Task StartAsync() => _process.StartAsync();

    /// <summary>Waits until <c>/health</c> says that it works; returns how long that took.</summary>
    /// <exception cref="LocalHostException">It is not ready in time; the message ends with its last output.</exception>
    public Task<TimeSpan> WaitReadyAsync(CancellationToken cancel = default) =>
        Readiness.WaitAsync(Name, IsHealthyAsync, _process, _options, cancel);

    /// <summary>Kills it with SIGKILL, as a crash would; it is started again after the back-off.</summary>
    public void Kill() => _process.Kill();

    /// <summary>Asks it to stop, and does not start it again.</summary>
    public Task StopAsync() => StopAsync(_options.StopTimeout);

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _process.DisposeAsync();

    internal Task StopAsync(TimeSpan limit) => _process.StopAsync(Posix.SigTerm, limit);

    private async Task<bool> IsHealthyAsync(CancellationToken cancel)
    {
        try
        {
            using var response = await _http.GetAsync(new Uri(ManagementUrl, "/health"), cancel);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
