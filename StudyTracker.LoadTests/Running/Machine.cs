using System.Runtime.InteropServices;
using StudyTracker.LoadTests.Connections;
using StudyTracker.LoadTests.Report;
using StudyTracker.LoadTests.Targets;

namespace StudyTracker.LoadTests.Running;

/// <summary>Where a run takes place.</summary>
internal static class Machine
{
    /// <summary>Describes it.</summary>
    public static RunEnvironment Describe(RunFacts facts, LoadOptions options, LoadTarget target, string engine, string command)
    {
        var (first, last) = SourceAddress.SystemPorts();
        return new(
            Engine.Samples.TimeOf(facts.Start),
            Seconds(facts.Start, facts.LoadEnd),
            Seconds(facts.LoadEnd, facts.DrainEnd),
            command,
            engine,
            target.Description,
            facts.Plan.Speed,
            options.Scale,
            Environment.ProcessorCount,
            Processor(),
            Math.Round(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1_073_741_824.0, 1),
            RuntimeInformation.OSDescription,
            RuntimeInformation.FrameworkDescription,
            $"{first} to {last} ({last - first + 1:N0}), tcp_tw_reuse = {Setting("/proc/sys/net/ipv4/tcp_tw_reuse")}");
    }

    private static double Seconds(long from, long to) => Math.Round(System.Diagnostics.Stopwatch.GetElapsedTime(from, to).TotalSeconds, 2);

    private static string Processor()
    {
        const string name = "model name";
        return Lines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))?.Split(':')[^1].Trim()
            ?? RuntimeInformation.ProcessArchitecture.ToString();
    }

    private static string Setting(string file) => Lines(file).FirstOrDefault()?.Trim() ?? "unknown";

    private static string[] Lines(string file)
    {
        try
        {
            return File.ReadAllLines(file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
