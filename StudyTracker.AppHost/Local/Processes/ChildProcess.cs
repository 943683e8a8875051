using System.Diagnostics;

namespace StudyTracker.AppHost.Local.Processes;

/// <summary>One running process and its output, line by line.</summary>
internal sealed class ChildProcess : IDisposable
{
    private readonly Process _process;
    private readonly Task _output;

    private ChildProcess(Process process, Action<string> line)
    {
        _process = process;
        _output = Task.WhenAll(PumpAsync(process.StandardOutput, line), PumpAsync(process.StandardError, line));
        Exited = WaitForExitAsync();
    }

    /// <summary>Its process id.</summary>
    public int Pid => _process.Id;

    /// <summary>Ends with the exit code when the process has ended; 128 + signal when a signal ended it.</summary>
    public Task<int> Exited { get; }

    /// <summary>Starts it.</summary>
    public static async Task<ChildProcess> StartAsync(ProcessSpec spec, Action<string> line) =>
        new(await Launcher.StartAsync(spec), line);

    /// <summary>Runs a program to its end and returns its exit code and its output.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(ProcessSpec spec, CancellationToken cancel)
    {
        List<string> lines = [];
        using var child = await StartAsync(spec, line =>
        {
            lock (lines)
            {
                lines.Add(line);
            }
        });
        await using var killed = cancel.Register(() => child.Signal(Posix.SigKill));
        var exitCode = await child.Exited;
        cancel.ThrowIfCancellationRequested();
        return (exitCode, string.Join('\n', lines));
    }

    /// <summary>Sends a signal, unless the process has ended: its id may belong to another one by then.</summary>
    public void Signal(int signal)
    {
        if (!Exited.IsCompleted)
        {
            Posix.Signal(Pid, signal);
        }
    }

    /// <summary>Waits for the end; false when it has not ended within the limit.</summary>
    public async Task<bool> EndsWithinAsync(TimeSpan limit) =>
        await Task.WhenAny(Exited, Task.Delay(limit)) == Exited;

    /// <inheritdoc />
    public void Dispose() => _process.Dispose();

    private async Task<int> WaitForExitAsync()
    {
        await _process.WaitForExitAsync();
        // What it wrote last says why it ended. But a grandchild may hold the pipe open, so do not wait long for its end.
        await Task.WhenAny(_output, Task.Delay(TimeSpan.FromMilliseconds(200)));
        return _process.ExitCode;
    }

    private static async Task PumpAsync(StreamReader reader, Action<string> line)
    {
        try
        {
            while (await reader.ReadLineAsync() is { } text)
            {
                line(text);
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // The pipe went away with the process.
        }
    }
}
