using System.Globalization;

namespace StudyTracker.LoadTests.Benchmarks;

/// <summary>What a process has used so far, as Linux tells it.</summary>
internal static class ProcessUsage
{
    // USER_HZ: what /proc counts processor time in; 100 on every Linux that .NET runs on.
    private const double TicksPerSecond = 100;

    /// <summary>Processor seconds of a process, in user mode and in the kernel.</summary>
    public static double CpuSeconds(int pid)
    {
        var fields = Fields($"/proc/{pid}/stat");
        return (Number(fields, 14) + Number(fields, 15)) / TicksPerSecond;
    }

    /// <summary>Processor seconds of a process and of the children that it has now or has waited for, such as PostgreSQL's backends.</summary>
    public static double CpuSecondsWithChildren(int pid)
    {
        var fields = Fields($"/proc/{pid}/stat");
        var ended = (Number(fields, 16) + Number(fields, 17)) / TicksPerSecond;
        return CpuSeconds(pid) + ended + Children(pid).Sum(Seconds);

        static double Seconds(int child)
        {
            try
            {
                return CpuSeconds(child);
            }
            catch (IOException)
            {
                return 0; // ended since it was listed: its time is its parent's now
            }
        }
    }

    /// <summary>Memory that a process holds, in bytes.</summary>
    public static long ResidentBytes(int pid) =>
        long.Parse(File.ReadAllText($"/proc/{pid}/statm").Split(' ')[1], CultureInfo.InvariantCulture) * Environment.SystemPageSize;

    private static IEnumerable<int> Children(int pid) =>
        from folder in Directory.EnumerateDirectories("/proc")
        let child = int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var number) ? number : 0
        where child > 0 && Parent(child) == pid
        select child;

    private static int Parent(int pid)
    {
        try
        {
            return (int)Number(Fields($"/proc/{pid}/stat"), 4);
        }
        catch (IOException)
        {
            return 0; // it has ended meanwhile
        }
    }

    /// <summary>The fields of proc(5) from the third on; the second is a name that may hold anything.</summary>
    private static string[] Fields(string file)
    {
        var line = File.ReadAllText(file);
        return line[(line.LastIndexOf(')') + 2)..].Split(' ');
    }

    private static double Number(string[] fields, int number) => double.Parse(fields[number - 3], CultureInfo.InvariantCulture);
}
