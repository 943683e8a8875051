using System.Collections;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;

namespace StudyTracker.Telemetry;

/// <summary>
/// The TCP sockets of this machine, or of this container: whoever opens a connection for each call runs out of ephemeral ports long before
/// anything else. On Linux only; elsewhere there are no such metrics.
/// </summary>
/// <param name="PortsInUse">Ephemeral ports that are taken, those in TIME_WAIT included.</param>
/// <param name="Ports">Ephemeral ports in all.</param>
/// <param name="TimeWait">Sockets in TIME_WAIT.</param>
internal readonly record struct MachineSockets(int PortsInUse, int Ports, int TimeWait)
{
    private const string RangeFile = "/proc/sys/net/ipv4/ip_local_port_range";
    private const string TimeWaitState = "06";
    private const string ListenState = "0A";

    // All figures of one scrape are of one reading.
    private static readonly TimeSpan _maxAge = TimeSpan.FromSeconds(1);
    private static readonly Lock _lock = new();
    private static MachineSockets? _latest;
    private static long _readAt;

    private static readonly string[] _tables = ["/proc/net/tcp", "/proc/net/tcp6"];
    private static readonly char[] _blanks = [' ', '\t'];

    /// <summary>Has these figures read whenever the metrics are.</summary>
    public static void Observe()
    {
        if (!File.Exists(_tables[0])) return;
        Observe("studytracker.machine.ephemeral_ports_used", "{port}", "Ephemeral TCP ports in use, those in TIME_WAIT included.", sockets => sockets.PortsInUse);
        Observe("studytracker.machine.ephemeral_ports", "{port}", "Ephemeral TCP ports that there are.", sockets => sockets.Ports);
        Observe("studytracker.machine.time_wait", "{socket}", "TCP sockets in TIME_WAIT.", sockets => sockets.TimeWait);
    }

    /// <summary>Counts in the kernel's tables: <c>sl: local:port remote:port state …</c>, in hexadecimal.</summary>
    /// <param name="lines">Their lines, headings included.</param>
    /// <param name="first">The first ephemeral port.</param>
    /// <param name="last">The last.</param>
    public static MachineSockets Count(IEnumerable<string> lines, int first, int last)
    {
        var (used, listening) = (new BitArray(65_536), new BitArray(65_536));
        var timeWait = 0;
        foreach (var line in lines)
        {
            if (line.Split(_blanks, 5, StringSplitOptions.RemoveEmptyEntries) is not [_, var local, _, { Length: 2 } state, ..]) continue;
            if (!ushort.TryParse(local.AsSpan(local.LastIndexOf(':') + 1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var port)) continue;
            if (state == TimeWaitState) timeWait++;
            (state == ListenState ? listening : used)[port] = true;
        }

        // A server on such a port has it also for each of its connections.
        var inUse = Enumerable.Range(first, last - first + 1).Count(port => used[port] && !listening[port]);
        return new MachineSockets(inUse, last - first + 1, timeWait);
    }

    private static void Observe(string name, string unit, string description, Func<MachineSockets, int> figure) =>
        Instruments.Meter.CreateObservableGauge(name, () => Latest() is { } sockets ? [new Measurement<int>(figure(sockets))] : Array.Empty<Measurement<int>>(), unit, description);

    private static MachineSockets? Latest()
    {
        lock (_lock)
        {
            if (_readAt == 0 || Stopwatch.GetElapsedTime(_readAt) > _maxAge) (_latest, _readAt) = (Read(), Stopwatch.GetTimestamp());
            return _latest;
        }
    }

    private static MachineSockets? Read()
    {
        try
        {
            var range = File.ReadAllText(RangeFile).Split(_blanks, StringSplitOptions.RemoveEmptyEntries);
            return Count(
                _tables.Where(File.Exists).SelectMany(File.ReadLines),
                int.Parse(range[0], CultureInfo.InvariantCulture),
                int.Parse(range[1], CultureInfo.InvariantCulture));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or FormatException)
        {
            return null;
        }
    }
}
