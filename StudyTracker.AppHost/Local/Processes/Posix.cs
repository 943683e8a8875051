using System.Runtime.InteropServices;

namespace StudyTracker.AppHost.Local.Processes;

/// <summary>The signals that stop a process, for good or for a while; .NET itself can only kill.</summary>
internal static partial class Posix
{
    public const int SigInt = 2;
    public const int SigQuit = 3;
    public const int SigKill = 9;
    public const int SigTerm = 15;
    public const int SigCont = 18;
    public const int SigStop = 19;

    /// <summary>Sends a signal; a process that is gone already is no error.</summary>
    public static void Signal(int pid, int signal) => _ = kill(pid, signal);

    /// <summary>Whether a process with this id exists, whoever it belongs to.</summary>
    public static bool Exists(int pid) => Directory.Exists($"/proc/{pid}") || kill(pid, 0) == 0;

    [LibraryImport("libc", SetLastError = true)]
    private static partial int kill(int pid, int signal);
}
