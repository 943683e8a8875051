using System.Text.Json;
using StudyTracker.Contracts;

namespace StudyTracker.FunctionalTests.Support;

/// <summary>Written summaries, handed to delivery as the writer hands them over.</summary>
internal sealed class Summaries(string kafkaServers) : IDisposable
{
    private readonly RawProducer _producer = new(kafkaServers);

    public static FeedbackRecord Of(Learner learner, string? runId = null, string text = "You compared B-trees and LSM trees.") => new(
        Guid.CreateVersion7(),
        runId ?? Operator.NewRun(),
        learner.TeamId,
        learner.UserId,
        SummaryKind.Daily,
        DateOnly.FromDateTime(DateTime.UtcNow),
        "en",
        new SummaryContent([new SummarySentence($"{App.Marker} {text}", [new MessageRef(learner.ChannelId, "1700000000.000100")])], "Well done.", ["Measure it."]),
        1,
        "test",
        DateTimeOffset.UtcNow);

    public Task SendAsync(FeedbackRecord summary) => _producer.SendAsync(
        Topics.Feedback,
        $"{summary.TeamId}:{summary.UserId}",
        JsonSerializer.SerializeToUtf8Bytes(summary, ContractsJson.Default.FeedbackRecord),
        new Dictionary<string, string> { [RecordHeaders.Kind] = RecordKinds.Feedback });

    public Task SendAsync(IEnumerable<FeedbackRecord> summaries) => Task.WhenAll(summaries.Select(SendAsync));

    public void Dispose() => _producer.Dispose();
}
