using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace StudyTracker.LoadTests.Connections;

/// <summary>From which local address, and which local ports, connections are made.</summary>
internal sealed class SourceAddress
{
    // Of linux/in.h; .NET has no names for them.
    private const int IpProtocol = 0;
    private const int IpBindAddressNoPort = 24;
    private const int IpLocalPortRange = 51;

    private readonly IPAddress[] _addresses;
    private readonly (ushort First, ushort Last)? _ports;
    private int _next;

    private SourceAddress(IPAddress[] addresses, (ushort First, ushort Last)? ports) => (_addresses, _ports) = (addresses, ports);

    /// <summary>The kernel chooses both.</summary>
    public static SourceAddress Any { get; } = new([], null);

    /// <summary>Local ports, when they are limited.</summary>
    public int? PortCount => _ports is { } ports ? ports.Last - ports.First + 1 : null;

    /// <summary>In turn from loopback addresses, 127.0.0.2 and up; each has all of the system's ports for itself.</summary>
    public static SourceAddress Spread(int count) =>
        new([.. Enumerable.Range(2, count).Select(last => new IPAddress([127, 0, 0, (byte)last]))], null);

    /// <summary>Only from so many ports, counted from the upper end of the system's range. Needs Linux 6.3, and no privileges.</summary>
    public static SourceAddress LimitedTo(int ports)
    {
        var last = SystemPorts().Last;
        return new([], ((ushort)(last - ports + 1), (ushort)last));
    }

    /// <summary>The ports that the system hands out: net.ipv4.ip_local_port_range.</summary>
    public static (int First, int Last) SystemPorts()
    {
        try
        {
            var words = File.ReadAllText("/proc/sys/net/ipv4/ip_local_port_range").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            return (int.Parse(words[0], null), int.Parse(words[1], null));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or FormatException)
        {
            return (32_768, 60_999); // Linux's default
        }
    }

    /// <summary>A socket that is not connected yet.</summary>
    public Socket NewSocket()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            if (_ports is { } ports) Set(socket, IpLocalPortRange, (uint)(ports.First | (ports.Last << 16)));
            if (_addresses.Length > 0)
            {
                // Otherwise bind would pick a port that is free for every destination, which are far fewer.
                Set(socket, IpBindAddressNoPort, 1);
                var turn = (uint)Interlocked.Increment(ref _next) % (uint)_addresses.Length;
                socket.Bind(new IPEndPoint(_addresses[turn], 0));
            }

            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static void Set(Socket socket, int option, uint value) =>
        socket.SetRawSocketOption(IpProtocol, option, MemoryMarshal.AsBytes(new ReadOnlySpan<uint>(in value)));
}
