using System.Diagnostics.Metrics;
using Microsoft.Extensions.Options;
using StudyTracker.Hosting;
using StudyTracker.Kafka;
using StudyTracker.Telemetry;

namespace StudyTracker.Summarizer.Intake;

/// <summary>slack-events → Postgres.</summary>
internal sealed class IntakeStage(
    MessageStore store, ChannelMove channels, IOptions<IntakeOptions> options, FailPoint failPoint, TimeProvider time)
{
    private static readonly Counter<long> _messages = Instruments.Meter.CreateCounter<long>(
        "studytracker.intake.messages", "{message}", "Messages taken in: stored, changed or repeated.");

    private static readonly Histogram<double> _latency = Instruments.Meter.CreateHistogram<double>(
        "studytracker.intake.latency", "s", "From Ingress's receipt of an event to its row in Postgres.");

    /// <summary>Has its counters start at 0.</summary>
    public static void CountFromZero(IServiceCollection services) =>
        services.CountFromZero(_messages, ("outcome", ["stored", "changed", "repeated"]));

    public async Task StoreAsync(RecordBatch batch, CancellationToken cancellationToken)
    {
        var changes = new List<MessageChange>(batch.Records.Count);
        foreach (var record in batch.Records)
        {
            try
            {
                if (ChannelChange.Is(record)) await channels.ApplyAsync(ChannelChange.Read(record), cancellationToken);
                else changes.Add(EnvelopeReader.Read(record, options.Value));
            }
            catch (PoisonException reason)
            {
                batch.Reject(record, reason);
            }
        }

        if (changes.Count == 0) return;
        failPoint.Hit("intake-before-commit");
        var counts = await store.StoreAsync(changes, cancellationToken);
        failPoint.Hit("intake-after-commit");
        Count("stored", counts.Stored);
        Count("changed", counts.Changed);
        Count("repeated", counts.Repeated);
        var now = time.GetUtcNow();
        foreach (var change in changes) _latency.Record(Math.Max(0, (now - change.ReceivedAt).TotalSeconds));
    }

    private static void Count(string outcome, int messages)
    {
        if (messages > 0) _messages.Add(messages, new KeyValuePair<string, object?>("outcome", outcome));
    }
}
