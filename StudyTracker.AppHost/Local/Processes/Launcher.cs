using System.Collections.Concurrent;
using System.Diagnostics;

namespace StudyTracker.AppHost.Local.Processes;

/// <summary>
/// Starts processes so that none outlives this one and none hears the terminal's Ctrl-C: each is the leader of a session of
/// its own, and the kernel signals it when this process is gone, even by kill -9.
/// </summary>
internal static class Launcher
{
    // The kernel ties the death signal to the thread that forked, not to its process. A pool thread may end at any time and
    // would take the children with it, so all of them are started from one thread that never ends.
    private static readonly Lazy<BlockingCollection<Action>> _work = new(StartThread);

    private static readonly string? _setSid = FindInPath("setsid");
    private static readonly string? _setPriv = FindInPath("setpriv");

    /// <summary>Starts it with all three standard streams redirected, the input already at its end.</summary>
    public static Task<Process> StartAsync(ProcessSpec spec)
    {
        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        _work.Value.Add(() =>
        {
            try
            {
                started.SetResult(Start(spec));
            }
            catch (Exception e)
            {
                started.SetException(e);
            }
        });
        return started.Task;
    }

    /// <summary>The command line with what has to happen between fork and exec in front of it.</summary>
    internal static IReadOnlyList<string> CommandLine(ProcessSpec spec, string? setSid, string? setPriv)
    {
        List<string> line = [];
        if (setSid is not null)
        {
            line.Add(setSid);
        }

        if (setPriv is not null)
        {
            line.Add(setPriv);
            if (spec.User is not null)
            {
                line.AddRange(["--reuid", spec.User, "--regid", spec.User, "--clear-groups"]);
            }

            line.AddRange(["--pdeathsig", spec.DeathSignal, "--"]);
        }
        else if (spec.User is not null)
        {
            throw new LocalHostException(
                $"To run {Path.GetFileName(spec.FileName)} as the user '{spec.User}', setpriv is needed: install the package util-linux.");
        }

        return [.. line, spec.FileName, .. spec.Arguments];
    }

    /// <summary>The full path of a program in PATH; null when it is in none of its directories.</summary>
    internal static string? FindInPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(directory => Path.Combine(directory, program))
            .FirstOrDefault(File.Exists);

    private static Process Start(ProcessSpec spec)
    {
        var line = CommandLine(spec, _setSid, _setPriv);
        var info = new ProcessStartInfo(line[0], line.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = spec.WorkingDirectory ?? "",
        };
        if (spec.Environment is not null)
        {
            info.Environment.Clear();
            foreach (var (name, value) in spec.Environment)
            {
                info.Environment[name] = value;
            }
        }

        var process = Process.Start(info)!;
        process.StandardInput.Close();
        return process;
    }

    private static BlockingCollection<Action> StartThread()
    {
        var work = new BlockingCollection<Action>();
        new Thread(() =>
        {
            foreach (var start in work.GetConsumingEnumerable())
            {
                start();
            }
        })
        { IsBackground = true, Name = "launcher" }.Start();
        return work;
    }
}
