using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;

namespace StudyTracker.Ingress;

/// <summary>Hands Ingress's limits to the server.</summary>
internal static class Limits
{
    // A body that arrives in the first packets is never slow; Kestrel's own five seconds are longer than Slack waits.
    private static readonly TimeSpan _bodyGracePeriod = TimeSpan.FromSeconds(2);

    public static void AddLimits(this IServiceCollection services)
    {
        services.AddOptions<KestrelServerOptions>().Configure<IOptions<IngressOptions>>((kestrel, ingress) => Apply(ingress.Value, kestrel));
        services.AddOptions<SocketTransportOptions>().Configure<IOptions<IngressOptions>>((sockets, ingress) => sockets.Backlog = ingress.Value.Backlog);
        services.AddOptions<ForwardedHeadersOptions>().Configure<IOptions<IngressOptions>>((forwarded, ingress) => Apply(ingress.Value, forwarded));
    }

    private static void Apply(IngressOptions ingress, KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        // Slack and proxies speak HTTP/1.1; what is not spoken cannot be abused.
        kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = HttpProtocols.Http1);
        kestrel.Limits.MaxRequestBodySize = ingress.MaxBodyBytes;
        kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(ingress.MinBodyBytesPerSecond, _bodyGracePeriod);
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(ingress.HeadersTimeoutSeconds);
        kestrel.Limits.MaxRequestHeaderCount = ingress.MaxHeaders;
        kestrel.Limits.MaxRequestHeadersTotalSize = ingress.MaxHeaderBytes;
        kestrel.Limits.MaxConcurrentConnections = ingress.MaxConnections;
        kestrel.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(ingress.KeepAliveSeconds);
    }

    private static void Apply(IngressOptions ingress, ForwardedHeadersOptions forwarded)
    {
        // The defaults believe whoever connects from this machine.
        forwarded.KnownProxies.Clear();
        forwarded.KnownIPNetworks.Clear();
        foreach (var proxy in ingress.KnownProxies) forwarded.KnownProxies.Add(IPAddress.Parse(proxy));
        foreach (var network in ingress.KnownNetworks) forwarded.KnownIPNetworks.Add(System.Net.IPNetwork.Parse(network));
        if (forwarded.KnownProxies.Count + forwarded.KnownIPNetworks.Count > 0)
            forwarded.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
    }
}
