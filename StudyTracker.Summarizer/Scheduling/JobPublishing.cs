using StudyTracker.Contracts;
using StudyTracker.Kafka;

namespace StudyTracker.Summarizer.Scheduling;

/// <summary>Puts jobs on their way to the writer.</summary>
internal static class JobPublishing
{
    private const int Together = 500;

    /// <summary>Publishes jobs, each to its member's partition, and returns when all are acked.</summary>
    public static async Task PublishJobsAsync(this Publisher publisher, IEnumerable<SummaryJob> jobs, CancellationToken cancellationToken)
    {
        foreach (var chunk in jobs.Chunk(Together))
        {
            await Task.WhenAll(chunk.Select(job => publisher.PublishAsync(
                Topics.SummaryJobs,
                new MemberKey(job.TeamId, job.UserId).ToString(),
                job,
                ContractsJson.Default.SummaryJob,
                RecordKinds.Job,
                cancellationToken)));
        }
    }
}
