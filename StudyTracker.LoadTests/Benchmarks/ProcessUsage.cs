using System.Globalization;
using StudyTracker.LoadTests.Sampling;

namespace StudyTracker.LoadTests.Benchmarks;

/// <summary>What a process that must be there has used so far, as Linux tells it.</summary>
internal static class ProcessUsage
{
    /// <summary>Processor seconds of a process, in user mode and in the kernel.</summary>
    /// <exception cref="IOException">The process is gone.</exception>
    public static double CpuSeconds(int pid) => ProcessorTime.OfProcess(pid)?.Seconds ?? throw new IOException($"Process {pid} has ended.");

    /// <summary>Processor seconds of a process and of the children that it has now or has waited for, such as PostgreSQL's backends.</summary>
    /// <exception cref="IOException">The process is gone.</exception>
    public static double CpuSecondsWithChildren(int pid) =>
        ProcessorTime.OfEndedChildren(pid) is { } ended ? ended + ProcessorTime.OfFamily(pid) : throw new IOException($"Process {pid} has ended.");

    /// <summary>Memory that a process holds, in bytes.</summary>
    /// <exception cref="IOException">The process is gone.</exception>
    public static long ResidentBytes(int pid) =>
        long.Parse(File.ReadAllText($"/proc/{pid}/statm").Split(' ')[1], CultureInfo.InvariantCulture) * Environment.SystemPageSize;
}
