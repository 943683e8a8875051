using System.ComponentModel.DataAnnotations;

namespace StudyTracker.Telemetry;

/// <summary>How much is traced (section <c>Telemetry</c>).</summary>
public sealed class TelemetryOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Telemetry";

    /// <summary>
    /// Share of the traces that are recorded, 0 to 1. By default all when <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> says where they
    /// go, else none: a span that nobody gets costs as much as one that somebody does. A trace that another service has
    /// begun is recorded when that one records it.
    /// </summary>
    [Range(0.0, 1.0, ErrorMessage = "must be 0 to 1.")]
    public double? TraceRatio { get; set; }
}
