using System.Diagnostics;

namespace StudyTracker.AppHost.Local.Processes;

/// <summary>A process that is started again, after a back-off, for as long as nobody asked it to stop.</summary>
/// <param name="name">What people call it.</param>
/// <param name="spec">What to start; asked anew for every start.</param>
/// <param name="log">Where its output goes.</param>
/// <param name="options">Back-off and limits.</param>
/// <param name="say">Told, in plain words, when the process dies and is started again.</param>
internal sealed class SupervisedProcess(
    string name, Func<ProcessSpec> spec, OutputLog log, LocalHostOptions options, Action<string> say) : IAsyncDisposable
{
    private ChildProcess? _child;
    private CancellationTokenSource? _stop;
    private Task _supervision = Task.CompletedTask;

    /// <summary>What people call it.</summary>
    public string Name => name;

    /// <summary>Its output.</summary>
    public OutputLog Log => log;

    /// <summary>Process id of the running process, or of the one that died last; 0 before the first start.</summary>
    public int Pid { get; private set; }

    /// <summary>How often it died and was started again.</summary>
    public int Restarts { get; private set; }

    /// <summary>Exit code of the process that died last; null when none has.</summary>
    public int? LastExitCode { get; private set; }

    /// <summary>When the running process was started, as a <see cref="Stopwatch"/> timestamp.</summary>
    public long StartedAt { get; private set; }

    /// <summary>Starts it, and keeps it running until <see cref="StopAsync"/>.</summary>
    public async Task StartAsync()
    {
        if (_stop is not null)
        {
            throw new InvalidOperationException($"{name} has been started already.");
        }

        _stop = new CancellationTokenSource();
        var backOff = new BackOff(options.RestartDelay, options.RestartDelayMax, options.HealthyAfter);
        await LaunchAsync();
        _supervision = SuperviseAsync(backOff, _stop.Token);
    }

    /// <summary>Kills it with SIGKILL, as a crash would; it is started again.</summary>
    public void Kill() => _child?.Signal(Posix.SigKill);

    /// <summary>Ends it for good: by a signal, and by SIGKILL when that has had no effect within the limit.</summary>
    /// <param name="signal">The signal that asks it to stop.</param>
    /// <param name="limit">How long it may take.</param>
    /// <returns>False when it had to be killed.</returns>
    public async Task<bool> StopAsync(int signal, TimeSpan limit)
    {
        if (_stop is null)
        {
            return true;
        }

        await _stop.CancelAsync();
        _child?.Signal(signal);
        var inTime = await Task.WhenAny(_supervision, Task.Delay(limit)) == _supervision;
        if (!inTime)
        {
            say($"{name} did not stop within {limit.TotalSeconds:0.#} s and was killed.");
            Kill();
            await _supervision;
        }

        _stop.Dispose();
        _stop = null;
        return inTime;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await StopAsync(Posix.SigKill, options.StopTimeout);
        log.Dispose();
    }

    private async Task LaunchAsync()
    {
        StartedAt = Stopwatch.GetTimestamp();
        _child = await ChildProcess.StartAsync(spec(), log.Write);
        Pid = _child.Pid;
    }

    private async Task SuperviseAsync(BackOff backOff, CancellationToken stop)
    {
        while (true)
        {
            var exitCode = await _child!.Exited;
            _child.Dispose();
            LastExitCode = exitCode;
            if (stop.IsCancellationRequested)
            {
                return;
            }

            var wait = backOff.Next(Stopwatch.GetElapsedTime(StartedAt));
            say($"{name} ended {Reason(exitCode)}; it is started again in {wait.TotalSeconds:0.0} s.");
            await Task.Delay(wait, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stop.IsCancellationRequested)
            {
                return;
            }

            Restarts++;
            try
            {
                await LaunchAsync();
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // Nothing runs, so the wait for its end is over at once and the next start is tried after the next wait.
                say($"{name} cannot be started: {e.Message}");
            }

            if (stop.IsCancellationRequested)
            {
                // Stop came while it was being started, and signalled the process before this one.
                Kill();
            }
        }
    }

    private static string Reason(int exitCode) => exitCode switch
    {
        137 => "by SIGKILL",
        143 => "by SIGTERM",
        _ => $"with exit code {exitCode}",
    };
}
