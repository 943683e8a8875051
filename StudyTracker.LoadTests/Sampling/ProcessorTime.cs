using System.Globalization;

namespace StudyTracker.LoadTests.Sampling;

/// <summary>Reads from /proc how much processor time has been used; nothing where there is no /proc.</summary>
internal static class ProcessorTime
{
    // USER_HZ, the unit of /proc: 100 on every Linux that .NET runs on.
    private const double TicksPerSecond = 100;
    // In the first line of /proc/stat: user, nice, system; not idle and iowait; irq, softirq, steal.
    private static readonly int[] _busyFields = [1, 2, 3, 6, 7, 8];

    private const int UserTicks = 13; // counted from 0, as in proc(5)
    private const int SystemTicks = 14;
    private const int EndedChildrenUserTicks = 15;
    private const int EndedChildrenSystemTicks = 16;
    private const int ThreadCount = 19;
    private const int Parent = 3;

    /// <summary>What a process has used so far, in seconds, and its threads; null when it is gone.</summary>
    public static (double Seconds, int Threads)? OfProcess(int pid) =>
        Fields($"/proc/{pid}/stat") is { } fields ? (Seconds(fields, UserTicks, SystemTicks), int.Parse(fields[ThreadCount], CultureInfo.InvariantCulture)) : null;

    /// <summary>What a process and its children, such as PostgreSQL's, use together.</summary>
    public static double OfFamily(int pid)
    {
        var sum = OfProcess(pid)?.Seconds ?? 0;
        foreach (var folder in Folders("/proc"))
        {
            if (Fields($"{folder}/stat") is { } fields && fields[Parent] == pid.ToString(CultureInfo.InvariantCulture)) sum += Seconds(fields, UserTicks, SystemTicks);
        }

        return sum;
    }

    /// <summary>What those children of a process have used that have ended and that it has waited for; null when it is gone.</summary>
    public static double? OfEndedChildren(int pid) =>
        Fields($"/proc/{pid}/stat") is { } fields ? Seconds(fields, EndedChildrenUserTicks, EndedChildrenSystemTicks) : null;

    /// <summary>What this process's threads whose names begin so have used: librdkafka's, when the broker is in this process.</summary>
    public static double OfOwnThreads(string prefix)
    {
        var sum = 0.0;
        foreach (var folder in Folders("/proc/self/task"))
        {
            if (Text($"{folder}/comm") is { } name && name.StartsWith(prefix, StringComparison.Ordinal) && Fields($"{folder}/stat") is { } fields) sum += Seconds(fields, UserTicks, SystemTicks);
        }

        return sum;
    }

    /// <summary>What the whole machine has used, in seconds of one processor.</summary>
    public static double? OfMachine()
    {
        if (Text("/proc/stat") is not { } text) return null;
        var fields = text[..text.IndexOf('\n', StringComparison.Ordinal)].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return _busyFields.Sum(field => double.Parse(fields[field], CultureInfo.InvariantCulture)) / TicksPerSecond;
    }

    private static double Seconds(string[] fields, int user, int system) =>
        (double.Parse(fields[user], CultureInfo.InvariantCulture) + double.Parse(fields[system], CultureInfo.InvariantCulture)) / TicksPerSecond;

    /// <summary>The fields of a stat file. The second, the name, may hold spaces and parentheses, so it is cut out first.</summary>
    private static string[]? Fields(string file)
    {
        if (Text(file) is not { } text) return null;
        var end = text.LastIndexOf(')');
        return end < 0 ? null : ["", "", .. text[(end + 1)..].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)];
    }

    private static string? Text(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null; // it has just ended
        }
    }

    private static IEnumerable<string> Folders(string folder) => Directory.Exists(folder)
        ? Directory.EnumerateDirectories(folder).Where(name => char.IsAsciiDigit(Path.GetFileName(name)[0]))
        : [];
}
