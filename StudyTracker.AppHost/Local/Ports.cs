using System.Net;
using System.Net.Sockets;

namespace StudyTracker.AppHost.Local;

/// <summary>
/// Gives out ports of the loopback address: the preferred one when it is free, else the next that is. A port that was given
/// out is reserved until this is disposed, so that two hosts that start at once never pick the same one.
/// </summary>
internal sealed class Ports : IDisposable
{
    /// <summary>How many ports besides the preferred one are tried.</summary>
    internal const int Range = 500;

    /// <summary>How many ports are preferred by somebody; the others begin after them.</summary>
    internal const int Preferred = 10;

    private readonly List<Socket> _reservations = [];

    /// <summary>Reserves a port.</summary>
    /// <param name="options">Where the preferred ports begin.</param>
    /// <param name="place">Which of them is preferred, from 0 on; below <see cref="Preferred"/>.</param>
    /// <exception cref="LocalHostException">None was free.</exception>
    public int Reserve(LocalHostOptions options, int place)
    {
        lock (_reservations)
        {
            return Choose(options.FirstPort + place, options.FirstPort + Preferred, TryReserve);
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var reservation in _reservations)
        {
            reservation.Dispose();
        }

        _reservations.Clear();
    }

    /// <summary>The first port that <paramref name="tryReserve"/> agrees to.</summary>
    internal static int Choose(int preferred, int fallback, Func<int, bool> tryReserve) =>
        Enumerable.Range(fallback, Range).Prepend(preferred)
            .Where(port => tryReserve(port)).Select(port => (int?)port).FirstOrDefault()
        ?? throw new LocalHostException(
            $"None of the ports {preferred} and {fallback} to {fallback + Range - 1} is free. "
            + $"Choose others with {LocalHostOptions.Section}__{nameof(LocalHostOptions.FirstPort)}.");

    private bool TryReserve(int port)
    {
        // A name in Linux's abstract socket namespace: taken atomically, gone with the process, nothing on disk.
        var reservation = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            reservation.Bind(new UnixDomainSocketEndPoint($"\0studytracker-port-{port}"));
            if (IsFree(port))
            {
                _reservations.Add(reservation);
                return true;
            }
        }
        catch (SocketException)
        {
            // Another host has reserved it.
        }

        reservation.Dispose();
        return false;
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
