using System.Globalization;
using System.Text;
using StudyTracker.AppHost.Local;
using StudyTracker.Contracts;
using StudyTracker.FunctionalTests.Runs;
using StudyTracker.FunctionalTests.Support;

namespace StudyTracker.FunctionalTests.DeadLetters;

[Collection(nameof(OneRunAtATime))]
public sealed class PoisonTests(App app)
{
    private const string Secret = "hidden-content";

    private static readonly Dictionary<string, string> _headers = new()
    {
        [RecordHeaders.Kind] = RecordKinds.SlackEvent,
        [RecordHeaders.ReceivedAt] = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture),
    };

    // Each made from an envelope that would be right.
    private static readonly Dictionary<string, Func<string, byte[]?>> _events = new()
    {
        ["cut off"] = right => Bytes(right[..^5]),
        ["not JSON"] = _ => Bytes(Secret),
        ["an array"] = _ => Bytes($"[\"{Secret}\"]"),
        ["empty"] = _ => [],
        ["no value"] = _ => null,
        ["no UTF-8"] = right => [.. Bytes(right[..^2]), 0xff, 0xfe, .. Bytes("}}")],
        ["deeply nested"] = _ => Bytes(new string('[', 100_000)),
        ["no event"] = right => Bytes(right.Replace("\"event\":", "\"other\":", StringComparison.Ordinal)),
        ["no timestamp"] = right => Bytes(right.Replace("\"ts\":", "\"st\":", StringComparison.Ordinal)),
        ["a timestamp of another form"] = right => Bytes(right.Replace("\"ts\":\"", "\"ts\":\"-", StringComparison.Ordinal)),
        ["a timestamp far ahead"] = right => Bytes(right.Replace("\"ts\":\"1", "\"ts\":\"9", StringComparison.Ordinal)),
        ["a channel with NUL"] = right => Bytes(right.Replace("\"channel\":\"", "\"channel\":\"\\u0000", StringComparison.Ordinal)),
        ["half a surrogate pair in a user"] = right => Bytes(right.Replace("\"user\":\"", "\"user\":\"\\ud83d", StringComparison.Ordinal)),
    };

    public static TheoryData<string> Events => [.. _events.Keys];

    [Theory]
    [MemberData(nameof(Events))]
    public async Task An_event_that_cannot_be_read_is_put_aside_and_what_follows_it_is_stored(string poison)
    {
        var learner = Learner.New();
        using var producer = new RawProducer(app.Host.KafkaServers);
        var body = _events[poison](learner.Written(Secret));
        var sent = await producer.SendAsync(Topics.SlackEvents, learner.Key, body, _headers);
        await app.Slack.AcceptedAsync(learner.Written($"{App.Marker} follows"));

        await app.Groups.CaughtUpAsync();

        (await app.Rows.MessagesAsync(learner)).ShouldHaveSingleItem().Text.ShouldEndWith("follows");
        var dead = await DeadLetterAsync(learner.Key);
        dead.Value.ShouldBe(body ?? []);
        ShouldTellWhereItCameFrom(dead, sent.TopicPartitionOffset, ConsumerGroups.Intake);
        dead.Headers[RecordHeaders.Kind].ShouldBe(RecordKinds.SlackEvent);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("yesterday")]
    [InlineData("-1")]
    [InlineData("99999999999999999999")]
    public async Task An_event_without_the_time_of_its_receipt_is_put_aside(string? receivedAt)
    {
        var learner = Learner.New();
        using var producer = new RawProducer(app.Host.KafkaServers);
        var headers = receivedAt is null ? [] : new Dictionary<string, string> { [RecordHeaders.ReceivedAt] = receivedAt };

        var sent = await producer.SendAsync(Topics.SlackEvents, learner.Key, Bytes(learner.Written(Secret)), headers);

        ShouldTellWhereItCameFrom(await DeadLetterAsync(learner.Key), sent.TopicPartitionOffset, ConsumerGroups.Intake);
        (await app.Rows.MessagesAsync(learner)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("not json, hidden-content")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("{\"runId\":null,\"kind\":\"daily\",\"requestedAt\":\"2026-11-22T00:00:00Z\",\"requestedBy\":\"hidden-content\"}")]
    [InlineData("{\"runId\":\"x\",\"kind\":\"hourly\",\"requestedAt\":\"2026-11-22T00:00:00Z\",\"requestedBy\":\"hidden-content\"}")]
    [InlineData("{\"runId\":\"hidden-content\\u0000\",\"kind\":\"daily\",\"requestedAt\":\"2026-11-22T00:00:00Z\",\"requestedBy\":\"api\"}")]
    public async Task A_trigger_that_cannot_be_read_is_put_aside_and_what_follows_it_is_executed(string value)
    {
        var runId = Operator.NewRun();
        using var producer = new RawProducer(app.Host.KafkaServers);

        var sent = await producer.SendAsync(Topics.SchedulerTriggers, runId, Bytes(value));
        await app.Operator.TriggerAsync(runId);

        await app.Operator.FinishedAsync(runId);
        ShouldTellWhereItCameFrom(await DeadLetterAsync(runId), sent.TopicPartitionOffset, ConsumerGroups.Planner);
    }

    [Theory]
    [InlineData("not json, hidden-content")]
    [InlineData("{\"jobId\":\"hidden-content\"}")]
    [InlineData("{\"jobId\":\"0197a1b2-0000-7000-8000-000000000001\",\"runId\":\"r\",\"teamId\":\"hidden-content\",\"userId\":\"U1\",\"kind\":\"daily\",\"windowStart\":\"2026-11-22T00:00:00Z\",\"windowEnd\":\"2026-11-23T00:00:00Z\"}")]
    public async Task A_job_that_cannot_be_read_or_is_unknown_is_put_aside(string value)
    {
        var learner = Learner.New();
        using var producer = new RawProducer(app.Host.KafkaServers);

        var sent = await producer.SendAsync(Topics.SummaryJobs, learner.Key, Bytes(value));

        ShouldTellWhereItCameFrom(await DeadLetterAsync(learner.Key), sent.TopicPartitionOffset, ConsumerGroups.Writer);
        await app.Groups.CaughtUpAsync();
    }

    [Theory]
    [InlineData("not json, hidden-content")]
    [InlineData("null")]
    [InlineData("{\"summaryId\":\"hidden-content\"}")]
    [InlineData("{\"summaryId\":\"0197a1b2-0000-7000-8000-000000000002\",\"runId\":\"r\",\"teamId\":\"T00000001\",\"userId\":\"U00000001\",\"kind\":\"daily\",\"localDate\":\"2026-11-22\",\"language\":\"ko\",\"content\":{\"sentences\":[],\"feedback\":\"hidden-content\\u0000\",\"nextSteps\":[]},\"messageCount\":1,\"model\":\"m\",\"requestedAt\":\"2026-11-22T00:00:00Z\"}")]
    public async Task Feedback_that_cannot_be_read_is_put_aside(string value)
    {
        var learner = Learner.New();
        using var producer = new RawProducer(app.Host.KafkaServers);

        var sent = await producer.SendAsync(Topics.Feedback, learner.Key, Bytes(value));

        ShouldTellWhereItCameFrom(await DeadLetterAsync(learner.Key), sent.TopicPartitionOffset, ConsumerGroups.Delivery);
        await app.Groups.CaughtUpAsync();
    }

    [Fact]
    public async Task A_record_without_a_key_is_handled_like_any_other()
    {
        var learner = Learner.New();
        using var producer = new RawProducer(app.Host.KafkaServers);

        await producer.SendAsync(Topics.SlackEvents, null, Bytes(learner.Written(App.Marker)), _headers);
        await producer.SendAsync(Topics.SummaryJobs, null, Bytes(Secret));

        await app.Groups.CaughtUpAsync();
        (await app.Rows.MessagesAsync(learner)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task When_all_is_done_the_lag_that_the_summarizer_reports_is_zero()
    {
        await app.Slack.AcceptedAsync(Learner.New().Written(App.Marker));
        await app.Groups.CaughtUpAsync();

        await Eventually.HoldsAsync(async () => (await Metrics.SumAsync(
            app.Host.Services[ServiceNames.Summarizer].ManagementUrl, "studytracker_consumer_lag", ConsumerGroups.Intake)).ShouldBe(0));
    }

    private async Task<TopicRecord> DeadLetterAsync(string key)
    {
        await Eventually.HoldsAsync(() => app.Log.Of(Topics.DeadLetters, key).ShouldNotBeEmpty());
        return app.Log.Of(Topics.DeadLetters, key).ShouldHaveSingleItem();
    }

    private static void ShouldTellWhereItCameFrom(TopicRecord dead, Confluent.Kafka.TopicPartitionOffset source, string group)
    {
        dead.Headers[RecordHeaders.SourceTopic].ShouldBe(source.Topic);
        dead.Headers[RecordHeaders.SourcePartition].ShouldBe($"{source.Partition.Value}");
        dead.Headers[RecordHeaders.SourceOffset].ShouldBe($"{source.Offset.Value}");
        dead.Headers[RecordHeaders.SourceGroup].ShouldBe(group);
        dead.Headers[RecordHeaders.Error].ShouldNotBeEmpty();
        dead.Headers[RecordHeaders.Error].ShouldNotContain(Secret);
        int.Parse(dead.Headers[RecordHeaders.Attempts], CultureInfo.InvariantCulture).ShouldBeInRange(1, 5);
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
