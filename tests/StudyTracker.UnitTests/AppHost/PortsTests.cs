using System.Net;
using System.Net.Sockets;
using StudyTracker.AppHost.Local;

namespace StudyTracker.UnitTests.AppHost;

public sealed class PortsTests
{
    [Fact]
    public void The_preferred_port_is_taken_when_it_is_free() =>
        Ports.Choose(7081, 7090, _ => true).ShouldBe(7081);

    [Fact]
    public void Else_the_next_free_one_behind_the_preferred_ones() =>
        Ports.Choose(7081, 7090, port => port >= 7093).ShouldBe(7093);

    [Fact]
    public void When_none_is_free_the_error_names_the_key_to_set() =>
        Should.Throw<LocalHostException>(() => Ports.Choose(7081, 7090, _ => false)).Message.ShouldContain("LocalHost__FirstPort");

    [Fact]
    public void Two_hosts_that_start_at_once_get_different_ports()
    {
        var options = new LocalHostOptions { FirstPort = FreeBlock() };
        using var one = new Ports();
        using var other = new Ports();

        var first = one.Reserve(options, 0);
        var second = other.Reserve(options, 0);

        first.ShouldBe(options.FirstPort);
        second.ShouldNotBe(first);
    }

    [Fact]
    public void A_port_that_another_program_listens_on_is_passed_over()
    {
        var options = new LocalHostOptions { FirstPort = FreeBlock() };
        using var listener = new TcpListener(IPAddress.Any, options.FirstPort);
        listener.Start();
        using var ports = new Ports();

        ports.Reserve(options, 0).ShouldNotBe(options.FirstPort);
    }

    [Fact]
    public void A_port_can_be_had_again_after_its_host_is_gone()
    {
        var options = new LocalHostOptions { FirstPort = FreeBlock() };
        using (var ports = new Ports())
        {
            ports.Reserve(options, 0);
        }

        using var later = new Ports();
        later.Reserve(options, 0).ShouldBe(options.FirstPort);
    }

    // Far from the ports of a local host that may be running beside the tests.
    private static int FreeBlock() => Random.Shared.Next(2000, 3000) * 10;
}
