using System.Net;
using System.Net.Sockets;
using System.Text;
using StudyTracker.LoadTests.Connections;
using StudyTracker.LoadTests.Engine;

namespace StudyTracker.UnitTests.LoadTests;

/// <summary>The engine's connections against servers that behave in every way a server can.</summary>
public sealed class LinkTests : IDisposable
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private int _accepted;

    public LinkTests() => _listener.Start();

    public void Dispose() => _listener.Dispose();

    [Fact]
    public async Task A_user_keeps_its_connection()
    {
        Serve(_ => Ok);
        var samples = await SendAsync(6, users: 2, ConnectionUse.PerUser);

        samples.Accepted.ShouldBe(6);
        _accepted.ShouldBe(2);
    }

    [Fact]
    public async Task A_request_may_have_a_connection_of_its_own()
    {
        Serve(_ => Ok);
        var samples = await SendAsync(6, users: 2, ConnectionUse.PerRequest);

        samples.Accepted.ShouldBe(6);
        _accepted.ShouldBe(6);
    }

    [Fact]
    public async Task A_connection_that_the_server_closes_is_not_used_again()
    {
        Serve(_ => "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        var samples = await SendAsync(3, users: 1, ConnectionUse.PerUser);

        samples.Accepted.ShouldBe(3);
        _accepted.ShouldBe(3);
    }

    [Theory]
    [InlineData("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n", "HTTP 503")]
    [InlineData("HELLO\r\n\r\n", "bad answer")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf", "bad answer")]
    [InlineData("", "closed without an answer")]
    public async Task What_is_no_yes_has_its_class(string answer, string expected)
    {
        Serve(_ => answer, closes: true);
        var samples = await SendAsync(2, users: 1, ConnectionUse.PerUser);

        Enumerable.Range(0, 2).Select(request => samples[request].Outcome.Class).ShouldAllBe(name => name == expected);
    }

    [Fact]
    public async Task A_server_that_cuts_the_connection_is_a_reset()
    {
        Serve(socket =>
        {
            socket.LingerState = new LingerOption(true, 0);
            return "";
        }, closes: true);

        (await SendAsync(1, users: 1, ConnectionUse.PerUser))[0].Outcome.Class.ShouldBe("ECONNRESET");
    }

    [Fact]
    public async Task Nobody_there_is_a_refusal()
    {
        _listener.Stop();

        (await SendAsync(1, users: 1, ConnectionUse.Pooled))[0].Outcome.Class.ShouldBe("ECONNREFUSED");
    }

    [Fact]
    public async Task A_server_that_says_nothing_is_a_time_out_and_the_connection_is_given_up()
    {
        Serve(_ => null);
        var samples = await SendAsync(2, users: 1, ConnectionUse.PerUser, timeoutMs: 300);

        Enumerable.Range(0, 2).Select(request => samples[request].Outcome.Class).ShouldBe(["time-out", "time-out"]);
        _accepted.ShouldBe(2);
    }

    [Fact]
    public async Task A_request_too_many_in_flight_is_dropped_and_counted()
    {
        Serve(_ => null);
        var samples = await SendAsync(5, users: 5, ConnectionUse.PerUser, timeoutMs: 1_000, maxInFlight: 3);

        Enumerable.Range(0, 5).Select(request => samples[request].Outcome.Class).Order().ShouldBe(["dropped", "dropped", "time-out", "time-out", "time-out"]);
        samples.Finished.ShouldBe(samples.Sent);
    }

    private async Task<Samples> SendAsync(int count, int users, ConnectionUse use, int timeoutMs = 5_000, int maxInFlight = 100)
    {
        var stage = new Stage("test", 0, count, users) { Use = use };
        var server = await Server.ResolveAsync(new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}"), CancellationToken.None);
        using var opener = new LinkOpener(server, SourceAddress.Any, TimeSpan.FromMilliseconds(timeoutMs), atOnce: 10);
        using LinkSource links = use switch
        {
            ConnectionUse.PerUser => new LinkPerUser(opener, users),
            ConnectionUse.PerRequest => new LinkPerRequest(opener),
            _ => new PooledLinks(opener),
        };
        var samples = new Samples(count);
        var sender = new Sender(stage, links, samples, (_, buffer) => Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\n\r\n", buffer), maxInFlight, CancellationToken.None);
        await new OwnEngine().RunAsync(stage, sender.SendAsync, TestContext.Current.CancellationToken)
            .WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        return samples;
    }

    /// <summary>Answers each request; null: not at all.</summary>
    private void Serve(Func<Socket, string?> answer, bool closes = false) => _ = Task.Run(async () =>
    {
        while (true)
        {
            var client = await _listener.AcceptSocketAsync();
            Interlocked.Increment(ref _accepted);
            _ = Task.Run(async () =>
            {
                var buffer = new byte[1_000];
                while (await client.ReceiveAsync(buffer) > 0)
                {
                    if (answer(client) is not { } text) continue;
                    await client.SendAsync(Encoding.ASCII.GetBytes(text));
                    if (closes || text.Contains("close")) break;
                }

                client.Close();
            });
        }
    });
}
