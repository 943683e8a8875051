using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using StudyTracker.FunctionalTests.Support;
using StudyTracker.Telemetry;

namespace StudyTracker.FunctionalTests.Kafka;

public sealed class OffsetGapTests(Broker broker) : IClassFixture<Broker>
{
    [Fact]
    public async Task Records_that_retention_took_before_they_were_read_are_counted_and_logged_as_an_error()
    {
        var topic = broker.NewTopic();
        long lost = 0;
        var handled = 0;
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, meters) =>
            {
                if (instrument.Meter.Name == Instruments.Name && instrument.Name == "studytracker.consumer.records_lost") meters.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((_, count, tags, _) =>
        {
            if (tags.ToArray().Contains(new("stage", topic))) Interlocked.Add(ref lost, count);
        });
        listener.Start();
        await broker.SendAsync(topic, 0, Enumerable.Range(0, 10).Select(number => ("k", $"{number}")));
        await using (await MemberAsync())
        {
            await Eventually.HoldsAsync(() => broker.Committed(topic, 0).ShouldBe(10));
        }

        lost.ShouldBe(0);
        await broker.SendAsync(topic, 0, Enumerable.Range(10, 10).Select(number => ("k", $"{number}")));
        broker.Kafka.DeleteRecords(topic, 0, 15);

        await using var member = await MemberAsync();

        await Eventually.HoldsAsync(() => Volatile.Read(ref handled).ShouldBe(15));
        Interlocked.Read(ref lost).ShouldBe(5);
        member.Logs.ShouldContain(line => line.Level == LogLevel.Error && line.Text.Contains("from offset 10 to 15", StringComparison.Ordinal));

        Task<GroupMember> MemberAsync() => GroupMember.KeyedAsync(broker, topic, (_, _) =>
        {
            Interlocked.Increment(ref handled);
            return Task.CompletedTask;
        });
    }
}
