using System.ComponentModel.DataAnnotations;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using StudyTracker.Ingress;

namespace StudyTracker.UnitTests.Ingress;

public sealed class LimitsTests
{
    [Fact]
    public void The_server_gets_the_limits()
    {
        var kestrel = Applied<KestrelServerOptions>(options =>
        {
            options.MaxBodyBytes = 2_000;
            options.MinBodyBytesPerSecond = 500;
            options.HeadersTimeoutSeconds = 3;
            options.MaxHeaders = 20;
            options.MaxHeaderBytes = 4_000;
            options.MaxConnections = 7;
            options.KeepAliveSeconds = 620;
        });

        kestrel.AddServerHeader.ShouldBeFalse();
        kestrel.Limits.MaxRequestBodySize.ShouldBe(2_000);
        kestrel.Limits.MinRequestBodyDataRate!.BytesPerSecond.ShouldBe(500);
        kestrel.Limits.RequestHeadersTimeout.ShouldBe(TimeSpan.FromSeconds(3));
        kestrel.Limits.MaxRequestHeaderCount.ShouldBe(20);
        kestrel.Limits.MaxRequestHeadersTotalSize.ShouldBe(4_000);
        kestrel.Limits.MaxConcurrentConnections.ShouldBe(7);
        kestrel.Limits.KeepAliveTimeout.ShouldBe(TimeSpan.FromSeconds(620));
        Applied<SocketTransportOptions>(_ => { }).Backlog.ShouldBe(5_000);
    }

    [Fact]
    public void Nobody_is_believed_to_forward_unless_named()
    {
        var forwarded = Applied<ForwardedHeadersOptions>(_ => { });

        forwarded.ForwardedHeaders.ShouldBe(ForwardedHeaders.None);
        forwarded.KnownProxies.ShouldBeEmpty();
        forwarded.KnownIPNetworks.ShouldBeEmpty();
    }

    [Fact]
    public void Named_proxies_and_networks_are_believed_and_no_others()
    {
        var forwarded = Applied<ForwardedHeadersOptions>(options =>
        {
            options.KnownProxies = ["10.0.0.7"];
            options.KnownNetworks = ["192.168.0.0/16"];
        });

        forwarded.ForwardedHeaders.ShouldBe(ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto);
        forwarded.KnownProxies.ShouldBe([IPAddress.Parse("10.0.0.7")]);
        forwarded.KnownIPNetworks.ShouldBe([System.Net.IPNetwork.Parse("192.168.0.0/16")]);
    }

    [Theory]
    [InlineData("proxy.example", "10.0.0.0/8", nameof(IngressOptions.KnownProxies))]
    [InlineData("10.0.0.7", "10.0.0.0", nameof(IngressOptions.KnownNetworks))]
    [InlineData("10.0.0.7", "10.0.0.0/40", nameof(IngressOptions.KnownNetworks))]
    public void A_proxy_that_is_no_address_is_refused_at_the_start(string proxy, string network, string member)
    {
        var options = new IngressOptions { KnownProxies = [proxy], KnownNetworks = [network] };
        var results = new List<ValidationResult>();

        Validator.TryValidateObject(options, new ValidationContext(options), results, validateAllProperties: true).ShouldBeFalse();

        results.ShouldHaveSingleItem().MemberNames.ShouldBe([member]);
    }

    private static T Applied<T>(Action<IngressOptions> configure)
        where T : class
    {
        var services = new ServiceCollection();
        services.AddLimits();
        services.Configure(configure);
        return services.BuildServiceProvider().GetRequiredService<IOptions<T>>().Value;
    }
}
