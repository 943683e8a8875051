using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace StudyTracker.LoadTests.Running;

/// <summary>
/// An address of this machine that is not the loopback one. Between loopback addresses Linux gives a port in TIME_WAIT out again
/// after a second (tcp_tw_reuse = 2), so there no client ever runs out of ports.
/// </summary>
internal static class OwnAddress
{
    /// <summary>Finds it.</summary>
    /// <exception cref="LoadException">There is none.</exception>
    public static IPAddress Find() => NetworkInterface.GetAllNetworkInterfaces()
        .Where(network => network.OperationalStatus == OperationalStatus.Up && network.NetworkInterfaceType != NetworkInterfaceType.Loopback)
        .SelectMany(network => network.GetIPProperties().UnicastAddresses)
        .Select(unicast => unicast.Address)
        .FirstOrDefault(address => address.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(address))
        ?? throw new LoadException("SC1b-churn needs an IPv4 address of this machine besides 127.0.0.1, and there is none.");
}
