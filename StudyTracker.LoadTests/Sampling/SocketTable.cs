using System.Globalization;

namespace StudyTracker.LoadTests.Sampling;

/// <summary>The IPv4 connections between this machine's clients and one port, by side.</summary>
/// <param name="ClientOpen">Local ports that clients use for open connections.</param>
/// <param name="ClientTimeWait">Local ports of clients that nobody can use, because they closed first.</param>
/// <param name="ServerOpen">Connections that the server holds.</param>
/// <param name="ServerTimeWait">Connections that the server closed first.</param>
internal readonly record struct SocketTable(int ClientOpen, int ClientTimeWait, int ServerOpen, int ServerTimeWait)
{
    private const string TimeWait = "06";
    private const string Listen = "0A";

    /// <summary>Ephemeral ports in use, TIME_WAIT included.</summary>
    public int PortsInUse => ClientOpen + ClientTimeWait;

    /// <summary>Reads the kernel's table; null where there is none.</summary>
    public static SocketTable? Read(int port)
    {
        try
        {
            return Parse(File.ReadAllText("/proc/net/tcp"), port);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Counts in the kernel's text: <c>sl local:port remote:port state …</c>, in hexadecimal.</summary>
    public static SocketTable Parse(ReadOnlySpan<char> text, int port)
    {
        var hex = port.ToString("X4", CultureInfo.InvariantCulture);
        var table = default(SocketTable);
        foreach (var range in text.Split('\n'))
        {
            var line = text[range];
            var colon = line.IndexOf(':');
            // After "sl: ": 8 digits, a colon, 4 digits, a space, the same again, a space, 2 digits.
            if (colon < 0 || line.Length < colon + 33) continue;
            var entry = line[(colon + 2)..];
            var (isServer, isClient) = (entry[9..13].SequenceEqual(hex), entry[23..27].SequenceEqual(hex));
            var state = entry[28..30];
            if (state.SequenceEqual(Listen) || !(isServer || isClient)) continue;
            var waits = state.SequenceEqual(TimeWait);
            table = (isClient, waits) switch
            {
                (true, true) => table with { ClientTimeWait = table.ClientTimeWait + 1 },
                (true, false) => table with { ClientOpen = table.ClientOpen + 1 },
                (false, true) => table with { ServerTimeWait = table.ServerTimeWait + 1 },
                (false, false) => table with { ServerOpen = table.ServerOpen + 1 },
            };
        }

        return table;
    }
}
