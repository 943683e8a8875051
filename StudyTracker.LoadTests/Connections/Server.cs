using System.Net;
using System.Net.Sockets;

namespace StudyTracker.LoadTests.Connections;

/// <summary>Who is asked.</summary>
/// <param name="Url">Its base address.</param>
/// <param name="Address">Its address, resolved once: a run must not measure the name server.</param>
internal sealed record Server(Uri Url, IPEndPoint Address)
{
    /// <summary>Its name.</summary>
    public string Host => Url.Host;

    /// <summary>The Host header.</summary>
    public string Authority => Url.Authority;

    /// <summary>Whether it wants TLS.</summary>
    public bool IsTls => Url.Scheme == Uri.UriSchemeHttps;

    /// <summary>Resolves the name of a server, to an IPv4 address.</summary>
    public static async Task<Server> ResolveAsync(Uri url, CancellationToken cancel)
    {
        var addresses = await Dns.GetHostAddressesAsync(url.Host, AddressFamily.InterNetwork, cancel);
        return addresses.Length > 0
            ? new Server(url, new IPEndPoint(addresses[0], url.Port))
            : throw new LoadException($"'{url.Host}' has no IPv4 address.");
    }
}
