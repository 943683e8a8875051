using System.Net;
using System.Net.Sockets;
using StudyTracker.LoadTests.Connections;
using StudyTracker.LoadTests.Failures;
using StudyTracker.LoadTests.Running;

namespace StudyTracker.FunctionalTests.LoadTests;

/// <summary>Ports that run out for real, in the kernel.</summary>
public sealed class PortTests
{
    private const int Ports = 20;

    [Fact]
    public async Task A_client_that_closes_first_runs_out_of_ports_and_each_connect_beyond_is_told_by_its_name()
    {
        using var listener = Listen(OwnAddress.Find());

        var classes = await ConnectAsync(listener, SourceAddress.LimitedTo(Ports), 3 * Ports);

        classes.Count(name => name is null).ShouldBe(Ports);
        classes.Count(name => name == "EADDRNOTAVAIL").ShouldBe(2 * Ports);
    }

    [Fact]
    public async Task Spread_over_source_addresses_nothing_runs_out()
    {
        using var listener = Listen(IPAddress.Loopback);

        var classes = await ConnectAsync(listener, SourceAddress.Spread(4), 3 * Ports);

        classes.ShouldAllBe(name => name == null);
    }

    private static TcpListener Listen(IPAddress address)
    {
        var listener = new TcpListener(address, 0);
        listener.Start(backlog: 1_000);
        return listener;
    }

    /// <summary>Opens and closes connections one after the other; null where one could be opened.</summary>
    private static async Task<List<string?>> ConnectAsync(TcpListener listener, SourceAddress source, int count)
    {
        var endpoint = (IPEndPoint)listener.LocalEndpoint;
        var server = new Server(new Uri($"http://{endpoint}"), endpoint);
        using var deadlines = new Deadlines(TimeSpan.FromSeconds(10));
        var classes = new List<string?>();
        for (var connection = 0; connection < count; connection++)
        {
            try
            {
                var link = await Link.ConnectAsync(server, source, deadlines);
                using var accepted = await listener.AcceptSocketAsync(TestContext.Current.CancellationToken);
                link.Dispose();
                // The other side closes second, so the port in TIME_WAIT is this side's.
                (await accepted.ReceiveAsync(new byte[1], TestContext.Current.CancellationToken)).ShouldBe(0);
                classes.Add(null);
            }
            catch (SocketException error)
            {
                classes.Add(new Outcome(FailureClass.Of(error)).Class);
            }
        }

        return classes;
    }
}
