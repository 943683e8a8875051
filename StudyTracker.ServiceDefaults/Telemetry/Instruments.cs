using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace StudyTracker.Telemetry;

/// <summary>The one activity source and the one meter of this solution.</summary>
public static class Instruments
{
    /// <summary>Name of the activity source and of the meter.</summary>
    public const string Name = "StudyTracker";

    /// <summary>Spans of publishing, consuming and of the stages' own work.</summary>
    public static ActivitySource Activities { get; } = new(Name);

    /// <summary>All metrics of our own.</summary>
    public static Meter Meter { get; } = new(Name);

    internal static Counter<long> RecordsPublished { get; } =
        Meter.CreateCounter<long>("studytracker.publisher.records", "{record}", "Records acked by Kafka, by topic.");

    internal static Counter<long> PublishFailures { get; } =
        Meter.CreateCounter<long>("studytracker.publisher.failures", "{record}", "Records that Kafka did not ack, by topic and reason.");

    internal static Counter<long> RecordsConsumed { get; } =
        Meter.CreateCounter<long>("studytracker.consumer.records", "{record}", "Records handled, by stage.");

    internal static Counter<long> Retries { get; } =
        Meter.CreateCounter<long>("studytracker.consumer.retries", "{attempt}", "Attempts that failed and are made again, by stage.");

    internal static Counter<long> DeadLetters { get; } =
        Meter.CreateCounter<long>("studytracker.consumer.dead_letters", "{record}", "Records given up, by stage.");

    internal static Counter<long> RecordsLost { get; } =
        Meter.CreateCounter<long>("studytracker.consumer.records_lost", "{record}", "Offsets that were skipped: lost by retention, by stage.");
}
