using System.Globalization;

namespace StudyTracker.LoadTests.Failures;

/// <summary>What became of one request.</summary>
/// <param name="Code">An HTTP status, or one of <see cref="Failure"/>; 0: not ended yet.</param>
internal readonly record struct Outcome(short Code)
{
    /// <summary>The request ended with one of our own classes.</summary>
    public Outcome(Failure failure)
        : this((short)failure)
    {
    }

    /// <summary>Whether the server said yes.</summary>
    public bool IsAccepted => Code is >= 200 and < 300;

    /// <summary>Whether it ended at all.</summary>
    public bool HasEnded => Code != 0;

    /// <summary>Whether the server may have done the work although no yes arrived: such an event may be stored all the same.</summary>
    public bool IsDoubtful => (Failure)Code is Failure.ConnectionReset or Failure.BrokenPipe or Failure.TimedOut
        or Failure.ClosedWithoutAnswer or Failure.BadAnswer or Failure.Cancelled or Failure.Other || Code is >= 500 and < 600;

    /// <summary>Whether the generator had no local port: what Java calls a BindException.</summary>
    public bool IsBindException => (Failure)Code is Failure.AddressNotAvailable or Failure.AddressInUse;

    /// <summary>Where it went wrong.</summary>
    public Side Side => (Failure)Code is >= Failure.AddressNotAvailable and <= Failure.Cancelled ? Side.Generator : Side.Server;

    /// <summary>Its class: "HTTP 503", or the name of the socket's error.</summary>
    public string Class => (Failure)Code switch
    {
        Failure.AddressNotAvailable => "EADDRNOTAVAIL",
        Failure.AddressInUse => "EADDRINUSE",
        Failure.TooManyFiles => "EMFILE",
        Failure.NoBuffers => "ENOBUFS",
        Failure.Dropped => "dropped",
        Failure.Cancelled => "cancelled",
        Failure.ConnectionRefused => "ECONNREFUSED",
        Failure.ConnectionReset => "ECONNRESET",
        Failure.BrokenPipe => "EPIPE",
        Failure.ConnectTimedOut => "ETIMEDOUT",
        Failure.HostUnreachable => "EHOSTUNREACH",
        Failure.NetworkUnreachable => "ENETUNREACH",
        Failure.TimedOut => "time-out",
        Failure.ClosedWithoutAnswer => "closed without an answer",
        Failure.BadAnswer => "bad answer",
        Failure.Tls => "TLS",
        Failure.Other => "other",
        _ => string.Create(CultureInfo.InvariantCulture, $"HTTP {Code}"),
    };
}
