using System.Net;
using System.Net.Sockets;

namespace StudyTracker.LoadTests.Calibration;

/// <summary>
/// A server that does next to nothing: it reads to the end of a request and answers 200 with nothing in it. What the engine reaches
/// against it is what the engine can do; any real server is slower.
/// </summary>
internal static class BareServer
{
    private const int Backlog = 4_096;

    private static ReadOnlySpan<byte> Answer => "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"u8;

    /// <summary>Serves until it is stopped; tells its port as its first line of output.</summary>
    public static async Task RunAsync(CancellationToken cancel)
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(Backlog);
        await Console.Out.WriteLineAsync($"{((IPEndPoint)listener.LocalEndPoint!).Port}");
        try
        {
            while (true)
            {
                var client = await listener.AcceptAsync(cancel);
                _ = ServeAsync(client);
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }
    }

    private static async Task ServeAsync(Socket client)
    {
        using var _ = client;
        client.NoDelay = true;
        var answer = Answer.ToArray();
        var buffer = new byte[8_192];
        var count = 0;
        try
        {
            while (await client.ReceiveAsync(buffer.AsMemory(count)) is > 0 and var more)
            {
                count += more;
                if (Length(buffer.AsSpan(0, count)) is not { } length || count < length)
                {
                    if (count == buffer.Length) return;
                    continue;
                }

                count = 0;
                await client.SendAsync(answer);
            }
        }
        catch (SocketException)
        {
            // The client is gone.
        }
    }

    /// <summary>How long the request is; null when its headers are not there yet.</summary>
    private static int? Length(ReadOnlySpan<byte> request)
    {
        var end = request.IndexOf("\r\n\r\n"u8);
        if (end < 0) return null;
        var header = request[..end].IndexOf("Content-Length: "u8);
        return end + 4 + (header >= 0 && System.Buffers.Text.Utf8Parser.TryParse(request[(header + 16)..], out int body, out _) ? body : 0);
    }
}
