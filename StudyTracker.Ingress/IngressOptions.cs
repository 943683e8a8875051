using System.ComponentModel.DataAnnotations;

namespace StudyTracker.Ingress;

/// <summary>Ingress's limits (section <c>Ingress</c>).</summary>
internal sealed class IngressOptions
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

    /// <summary>Connections open at once; 20,000 by default, 1 to 1,000,000.</summary>
    [Range(1, 1_000_000, ErrorMessage = "must be 1 to 1,000,000 connections.")]
    public int MaxConnections { get; set; } = 20_000;
}
