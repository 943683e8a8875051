using System.Net.Sockets;
using System.Text;

namespace StudyTracker.FunctionalTests.Support;

/// <summary>An answer as it came over the wire.</summary>
internal sealed record RawAnswer(int Status, IReadOnlyDictionary<string, string> Headers, string Body);

/// <summary>A connection that carries the bytes it is given, whatever they are; an HTTP client would repair them or refuse to send them.</summary>
internal sealed class RawConnection : IDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(15);
    private readonly Socket _socket;
    private readonly NetworkStream _stream;
    private readonly byte[] _buffer = new byte[64 * 1024];
    private int _start;
    private int _end;

    private RawConnection(Socket socket) => (_socket, _stream) = (socket, new NetworkStream(socket, ownsSocket: true));

    public static async Task<RawConnection> OpenAsync(Uri server)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(server.Host, server.Port, TestContext.Current.CancellationToken);
        return new RawConnection(socket);
    }

    /// <summary>Sends bytes; false when the server has closed the connection.</summary>
    public async Task<bool> SendAsync(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            await _stream.WriteAsync(bytes, TestContext.Current.CancellationToken);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>Says that nothing more will be sent.</summary>
    public void EndSending()
    {
        try
        {
            _socket.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // The server was quicker and has closed the connection.
        }
    }

    /// <summary>The next answer; null when the server closes the connection instead.</summary>
    /// <exception cref="TimeoutException">The server neither answers nor closes.</exception>
    public async Task<RawAnswer?> ReceiveAsync()
    {
        try
        {
            return await ReadAnswerAsync().WaitAsync(_patience, TestContext.Current.CancellationToken);
        }
        catch (IOException)
        {
            return null;
        }
    }

    public void Dispose() => _stream.Dispose();

    private async Task<RawAnswer?> ReadAnswerAsync()
    {
        if (await ReadLineAsync() is not { } statusLine) return null;
        var status = int.Parse(statusLine.AsSpan(9, 3), System.Globalization.CultureInfo.InvariantCulture);
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        while (await ReadLineAsync() is { Length: > 0 } line) headers[line[..line.IndexOf(':')]] = line[(line.IndexOf(':') + 1)..].Trim();
        if (status == 100) return await ReadAnswerAsync();
        var body = new StringBuilder();
        if (headers.TryGetValue("Content-Length", out var length))
        {
            await ReadAsync(int.Parse(length, System.Globalization.CultureInfo.InvariantCulture), body);
        }
        else if (headers.ContainsKey("Transfer-Encoding"))
        {
            while (await ReadLineAsync() is { } size && Convert.ToInt32(size, 16) is > 0 and var chunk)
            {
                await ReadAsync(chunk, body);
                await ReadLineAsync();
            }

            await ReadLineAsync();
        }

        return new RawAnswer(status, headers, body.ToString());
    }

    private async Task ReadAsync(int length, StringBuilder text)
    {
        for (; length > 0; length--)
        {
            if (await ReadByteAsync() is not { } next) throw new IOException("The answer breaks off.");
            text.Append((char)next);
        }
    }

    private async Task<string?> ReadLineAsync()
    {
        var line = new StringBuilder();
        while (await ReadByteAsync() is { } next)
        {
            if (next == '\n') return line.ToString().TrimEnd('\r');
            line.Append((char)next);
        }

        return null;
    }

    private async ValueTask<byte?> ReadByteAsync()
    {
        if (_start == _end)
        {
            (_start, _end) = (0, await _stream.ReadAsync(_buffer, TestContext.Current.CancellationToken));
            if (_end == 0) return null;
        }

        return _buffer[_start++];
    }
}
