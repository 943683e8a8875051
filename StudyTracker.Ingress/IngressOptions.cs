using System.ComponentModel.DataAnnotations;
using System.Net;

namespace StudyTracker.Ingress;

/// <summary>Ingress's limits (section <c>Ingress</c>).</summary>
internal sealed class IngressOptions : IValidatableObject
{
    public const string Section = "Ingress";

    /// <summary>Largest request body, in bytes; 1 MiB by default, 1 KiB to 16 MiB.</summary>
    [Range(1_024, 16_777_216, ErrorMessage = "must be 1,024 to 16,777,216 bytes.")]
    public int MaxBodyBytes { get; set; } = 1_048_576;

    /// <summary>How far a request's timestamp may be off, in seconds; 300 by default (Slack's own figure), 1 to 3,600.</summary>
    [Range(1, 3_600, ErrorMessage = "must be 1 to 3,600 seconds.")]
    public int TimestampToleranceSeconds { get; set; } = 300;

    /// <summary>Retry-After of a 503, in seconds; 1 by default, 1 to 600.</summary>
    [Range(1, 600, ErrorMessage = "must be 1 to 600 seconds.")]
    public int RetryAfterSeconds { get; set; } = 1;

    /// <summary>How long a client may take to send its headers, in seconds; 10 by default, 1 to 120.</summary>
    [Range(1, 120, ErrorMessage = "must be 1 to 120 seconds.")]
    public int HeadersTimeoutSeconds { get; set; } = 10;

    /// <summary>How long a client may take to send its body, in seconds; 10 by default, 1 to 120. Then it is answered 408.</summary>
    [Range(1, 120, ErrorMessage = "must be 1 to 120 seconds.")]
    public int BodyTimeoutSeconds { get; set; } = 10;

    /// <summary>
    /// Slowest body, in bytes per second after the first two seconds; 240 by default (Kestrel's), 1 to 1,048,576. A slower
    /// one is answered 408, before <see cref="BodyTimeoutSeconds"/> have passed.
    /// </summary>
    [Range(1, 1_048_576, ErrorMessage = "must be 1 to 1,048,576 bytes per second.")]
    public int MinBodyBytesPerSecond { get; set; } = 240;

    /// <summary>
    /// Bytes of unfinished bodies held at once, over all connections; 64 MiB by default, 1 MiB to 1 GiB. Beyond it, a body
    /// that did not arrive in one piece is answered 503; those that did, as Slack's do, are served all the same.
    /// </summary>
    [Range(1_048_576, 1_073_741_824, ErrorMessage = "must be 1,048,576 to 1,073,741,824 bytes.")]
    public int MaxUnfinishedBodyBytes { get; set; } = 67_108_864;

    /// <summary>Headers of a request; 64 by default (Slack and a proxy together send about 20), 16 to 1,000. More are answered 431.</summary>
    [Range(16, 1_000, ErrorMessage = "must be 16 to 1,000 headers.")]
    public int MaxHeaders { get; set; } = 64;

    /// <summary>All headers of a request together, in bytes; 16 KiB by default, 1 KiB to 64 KiB. More are answered 431.</summary>
    [Range(1_024, 65_536, ErrorMessage = "must be 1,024 to 65,536 bytes.")]
    public int MaxHeaderBytes { get; set; } = 16_384;

    /// <summary>Connections open at once; 20,000 by default, 1 to 1,000,000. One more is closed at once.</summary>
    [Range(1, 1_000_000, ErrorMessage = "must be 1 to 1,000,000 connections.")]
    public int MaxConnections { get; set; } = 20_000;

    /// <summary>
    /// Connections that may wait to be accepted; 5,000 by default, 16 to 65,535. The kernel takes no more of them than its
    /// own <c>net.core.somaxconn</c>.
    /// </summary>
    [Range(16, 65_535, ErrorMessage = "must be 16 to 65,535 connections.")]
    public int Backlog { get; set; } = 5_000;

    /// <summary>
    /// How long a connection may be idle between two requests, in seconds; 130 by default (Kestrel's), 5 to 3,600. It has to
    /// be longer than a reverse proxy keeps an idle connection in its pool (nginx and AWS: 60 s), so that the proxy is the one
    /// that closes it: otherwise a request can meet a connection that is just being closed here, and Slack gets a 502.
    /// </summary>
    [Range(5, 3_600, ErrorMessage = "must be 5 to 3,600 seconds.")]
    public int KeepAliveSeconds { get; set; } = 130;

    /// <summary>
    /// Addresses of reverse proxies whose <c>X-Forwarded-For</c> and <c>X-Forwarded-Proto</c> are believed, such as
    /// <c>10.0.0.7</c>. Empty, the default, together with <see cref="KnownNetworks"/>: nobody's are.
    /// </summary>
    public IReadOnlyList<string> KnownProxies { get; set; } = [];

    /// <summary>Networks of such reverse proxies, such as <c>10.0.0.0/8</c>. Empty by default.</summary>
    public IReadOnlyList<string> KnownNetworks { get; set; } = [];

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!KnownProxies.All(proxy => IPAddress.TryParse(proxy, out _)))
            yield return new ValidationResult("must be IP addresses, such as 10.0.0.7.", [nameof(KnownProxies)]);
        if (!KnownNetworks.All(network => IPNetwork.TryParse(network, out _)))
            yield return new ValidationResult("must be networks, such as 10.0.0.0/8.", [nameof(KnownNetworks)]);
    }
}
