using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace StudyTracker.Hosting;

/// <summary>
/// Named moments at which a test can have the process killed, as by <c>kill -9</c>. Only in Development: there, the
/// moment <c>x</c> is armed by a file <c>x</c> in the folder <c>FailPoints:Directory</c>, which is deleted as it fires,
/// so that the restarted process lives. A file that holds the word <c>stop</c> has the process stopped instead, as by
/// <c>kill -STOP</c>, until a SIGCONT.
/// </summary>
public sealed class FailPoint
{
    private const string Stop = "stop";

    private readonly string? _directory;

    /// <summary>Reads the folder from configuration; outside Development every fail point is inert.</summary>
    public FailPoint(IConfiguration configuration, IHostEnvironment environment) =>
        _directory = environment.IsDevelopment() ? configuration["FailPoints:Directory"] : null;

    /// <summary>The process ends here when the moment is armed.</summary>
    public void Hit(string moment)
    {
        if (_directory is null) return;
        var armed = Path.Combine(_directory, moment);
        if (!File.Exists(armed)) return;
        var stops = File.ReadAllText(armed) == Stop;
        File.Delete(armed);
        if (stops)
        {
            // .NET itself can only kill.
            using var shell = Process.Start("sh", ["-c", $"kill -STOP {Environment.ProcessId}"]);
            shell.WaitForExit();
            return; // when it has been continued
        }

        Process.GetCurrentProcess().Kill();
        Thread.Sleep(Timeout.Infinite); // the signal is on its way; do nothing more
    }
}
