using System.Diagnostics;
using System.Net.Security;
using System.Net.Sockets;
using StudyTracker.LoadTests.Failures;

namespace StudyTracker.LoadTests.Connections;

/// <summary>
/// One connection that carries one request at a time. An HTTP client with a pool would decide by itself how many connections there
/// are, and hide from a load test what it is about; besides, this costs a third of the processor time for a request.
/// </summary>
internal sealed class Link : IDisposable
{
    private const int MaxAnswerBytes = 65_536;

    private readonly Socket _socket;
    private readonly Deadlines _deadlines;
    private Stream? _stream;
    private byte[] _received = new byte[1_024];
    private Failure? _aborted;

    private Link(Socket socket, Deadlines deadlines) => (_socket, _deadlines) = (socket, deadlines);

    /// <summary>Room to build the request in; it is the connection's own, so nothing is allocated for a request.</summary>
    public byte[] RequestBuffer { get; } = new byte[4_096];

    /// <summary>When the exchange or connect under way has to be over, as a <see cref="Stopwatch"/> timestamp; 0: none is under way.</summary>
    public long Deadline { get; private set; }

    /// <summary>Whether it can carry another request.</summary>
    public bool IsUsable { get; private set; }

    /// <summary>Opens a connection.</summary>
    /// <exception cref="SocketException">The kernel says no.</exception>
    /// <exception cref="FailureException">It took too long, or the run was stopped.</exception>
    public static async ValueTask<Link> ConnectAsync(Server server, SourceAddress source, Deadlines deadlines)
    {
        var link = new Link(source.NewSocket(), deadlines);
        link.Begin();
        try
        {
            await link._socket.ConnectAsync(server.Address);
            link._stream = new NetworkStream(link._socket, ownsSocket: false);
            if (server.IsTls)
            {
                var tls = new SslStream(link._stream);
                await tls.AuthenticateAsClientAsync(server.Host);
                link._stream = tls;
            }

            link.IsUsable = true;
            return link;
        }
        catch (Exception error)
        {
            link.Dispose();
            throw link.Named(error);
        }
        finally
        {
            link.End();
        }
    }

    /// <summary>Sends a request and returns the status of its answer.</summary>
    public async ValueTask<int> ExchangeAsync(ReadOnlyMemory<byte> request)
    {
        Begin();
        IsUsable = false;
        try
        {
            await _stream!.WriteAsync(request);
            var count = 0;
            while (true)
            {
                if (count == _received.Length) Grow();
                var more = await _stream.ReadAsync(_received.AsMemory(count));
                count += more;
                var answer = HttpAnswer.Read(_received.AsSpan(0, count), ended: more == 0);
                if (!answer.IsWhole) continue;
                IsUsable = answer.KeepsAlive;
                return answer.Status switch
                {
                    -1 => throw new FailureException(Failure.BadAnswer),
                    -2 => throw new FailureException(Failure.ClosedWithoutAnswer),
                    _ => answer.Status,
                };
            }
        }
        catch (Exception error)
        {
            throw Named(error);
        }
        finally
        {
            End();
        }
    }

    /// <summary>Whether an idle connection is still there: one that can be read from has been closed by the other side.</summary>
    public bool IsStillOpen() => IsUsable && !_socket.Poll(0, SelectMode.SelectRead);

    /// <summary>Ends what is under way, with a reason.</summary>
    public void Abort(Failure reason)
    {
        _aborted = reason;
        _socket.Dispose();
    }

    /// <summary>Closes it; when nobody has closed it before, this side's port is the one that is in TIME_WAIT afterwards.</summary>
    public void Dispose()
    {
        IsUsable = false;
        _deadlines.Remove(this);
        _socket.Dispose();
    }

    private void Begin()
    {
        Deadline = _deadlines.Next();
        _deadlines.Add(this);
    }

    private void End() => Deadline = 0;

    private void Grow()
    {
        if (_received.Length >= MaxAnswerBytes) throw new FailureException(Failure.BadAnswer);
        Array.Resize(ref _received, _received.Length * 4);
    }

    /// <summary>A socket that is disposed under a call throws what it likes; the reason for disposing it is the one that counts.</summary>
    private Exception Named(Exception error) => _aborted is { } reason ? new FailureException(reason) : error;
}
