using System.Net.Sockets;

namespace StudyTracker.LoadTests.Failures;

/// <summary>Where a request that got no good answer went wrong.</summary>
internal enum Side
{
    /// <summary>On the machine that generates the load: it had no port, no file descriptor, no time. Says nothing about the server.</summary>
    Generator,

    /// <summary>At the server, or on the way to it.</summary>
    Server,
}

/// <summary>What became of a request: an HTTP status (100 to 599), or one of <see cref="Failure"/>.</summary>
internal enum Failure : short
{
    /// <summary>connect: every local port towards this server is in use, or in TIME_WAIT.</summary>
    AddressNotAvailable = 1000,

    /// <summary>bind: the chosen local port is in use, or in TIME_WAIT.</summary>
    AddressInUse,

    /// <summary>The generator has no file descriptor left.</summary>
    TooManyFiles,

    /// <summary>The generator's kernel has no memory for the socket.</summary>
    NoBuffers,

    /// <summary>Too many requests were in flight already, so this one was not sent.</summary>
    Dropped,

    /// <summary>The run was stopped before the answer came.</summary>
    Cancelled,

    /// <summary>Nobody listens there.</summary>
    ConnectionRefused,

    /// <summary>The other side cut the connection.</summary>
    ConnectionReset,

    /// <summary>The connection was cut while the request was written.</summary>
    BrokenPipe,

    /// <summary>The kernel gave up connecting.</summary>
    ConnectTimedOut,

    /// <summary>There is no way to the host.</summary>
    HostUnreachable,

    /// <summary>There is no way to the network.</summary>
    NetworkUnreachable,

    /// <summary>No answer within the time limit.</summary>
    TimedOut,

    /// <summary>The connection was closed in order, and without an answer.</summary>
    ClosedWithoutAnswer,

    /// <summary>What came is no HTTP/1.1 answer.</summary>
    BadAnswer,

    /// <summary>TLS could not be agreed on.</summary>
    Tls,

    /// <summary>Anything else.</summary>
    Other,
}

/// <summary>Thrown where the class of a failure is known already.</summary>
internal sealed class FailureException(Failure failure) : Exception($"{failure}")
{
    /// <summary>The class.</summary>
    public Failure Failure => failure;
}

/// <summary>Puts every failure into one class, and every class on one side.</summary>
internal static class FailureClass
{
    /// <summary>The class of an exception: the innermost cause decides, however often it was wrapped.</summary>
    public static Failure Of(Exception error)
    {
        for (var cause = error; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case FailureException known: return known.Failure;
                case SocketException socket: return Of(socket.SocketErrorCode);
                case TimeoutException: return Failure.TimedOut;
                case System.Security.Authentication.AuthenticationException: return Failure.Tls;
            }
        }

        return error switch
        {
            OperationCanceledException => Failure.Cancelled,
            HttpRequestException { HttpRequestError: HttpRequestError.ResponseEnded } => Failure.ClosedWithoutAnswer,
            HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse } => Failure.BadAnswer,
            _ => Failure.Other,
        };
    }

    /// <summary>The class of a socket's error.</summary>
    public static Failure Of(SocketError error) => error switch
    {
        SocketError.AddressNotAvailable => Failure.AddressNotAvailable,
        SocketError.AddressAlreadyInUse => Failure.AddressInUse,
        SocketError.TooManyOpenSockets => Failure.TooManyFiles,
        SocketError.NoBufferSpaceAvailable => Failure.NoBuffers,
        SocketError.ConnectionRefused => Failure.ConnectionRefused,
        SocketError.ConnectionReset or SocketError.ConnectionAborted => Failure.ConnectionReset,
        SocketError.Shutdown => Failure.BrokenPipe,
        SocketError.TimedOut => Failure.ConnectTimedOut,
        SocketError.HostUnreachable => Failure.HostUnreachable,
        SocketError.NetworkUnreachable => Failure.NetworkUnreachable,
        SocketError.OperationAborted => Failure.Cancelled,
        _ => Failure.Other,
    };
}
