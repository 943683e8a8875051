using System.Diagnostics;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using StudyTracker.Contracts;
using StudyTracker.Hosting;
using StudyTracker.Kafka;
using StudyTracker.Summarizer.Scheduling;
using StudyTracker.Summarizer.Storage;
using StudyTracker.Telemetry;

namespace StudyTracker.Summarizer.Summaries;

/// <summary>
/// summary-jobs → summary → feedback. A job that comes again goes on where it stopped: what is written is not written
/// again, and handed to delivery once more only if that was not done.
/// </summary>
internal sealed partial class WriterStage(
    IDbContextFactory<StudyDbContext> contexts,
    SummaryStore store,
    PromptCache cache,
    SummaryModel model,
    Publisher publisher,
    FailPoint failPoint,
    IOptions<ModelOptions> options,
    MemberZones zones,
    TimeProvider time,
    ILogger<WriterStage> logger)
{
    public async Task WriteAsync(Record record, CancellationToken cancellationToken)
    {
        var jobId = record.Read(ContractsJson.Default.SummaryJob, "a summary job").JobId;
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        var job = await database.Jobs.AsNoTracking().SingleOrDefaultAsync(row => row.JobId == jobId, cancellationToken)
            ?? throw new PoisonException("There is no such job: it was planned in another database, or erased.");
        if (job.FinishedAt is not null) return;

        try
        {
            if (job.State == JobState.Pending && !await WriteAsync(database, job, cancellationToken)) return;
            await HandOverAsync(database, job, cancellationToken);
        }
        catch (ModelRefusedException refused)
        {
            await ParkAsync(job, refused.Message, cancellationToken);
        }
        catch (TryLaterException later) when (record.Postponements >= options.Value.MaxPostponements)
        {
            await ParkAsync(job, $"{later.Message}; put off {options.Value.MaxPostponements} times", cancellationToken);
        }
        catch (Exception error) when (record.IsLastAttempt && !IsExpected(error))
        {
            // The record becomes a dead letter; its job must not stay pending, or its run would never end.
            await ParkAsync(job, $"unexpected: {error.GetType().Name}", cancellationToken);
            throw;
        }
    }

    /// <summary>Writes and stores the summary; false when there was nothing left to summarise or the answers were no use.</summary>
    private async Task<bool> WriteAsync(StudyDbContext database, Job job, CancellationToken cancellationToken)
    {
        var member = await database.Members.AsNoTracking()
            .SingleAsync(row => row.TeamId == job.TeamId && row.UserId == job.UserId, cancellationToken);
        var messages = await database.Messages.AsNoTracking()
            .Where(row => row.TeamId == job.TeamId && row.UserId == job.UserId && row.Seq > job.AfterSeq && row.Seq <= job.ToSeq)
            .Where(row => row.DeletedTs == null && row.Version >= 0 && row.Text.Trim() != "") // a picture alone says nothing
            .OrderBy(row => row.PostedAt).ThenBy(row => row.Seq)
            .ToListAsync(cancellationToken);
        if (messages.Count == 0)
        {
            await store.FinishAsync(job.JobId, JobState.Empty, null, cancellationToken);
            return false;
        }

        var prompt = Prompt.Create(
            job.Kind, Language.Of(member.Locale, messages), messages, options.Value.Model, options.Value.MaxPromptCharacters);
        using var activity = Instruments.Activities.StartActivity("write summary", ActivityKind.Internal);
        var (content, answer, cached, fault) = await AskAsync(prompt, cancellationToken);
        if (content is null)
        {
            await ParkAsync(job, $"the model's answer was of no use twice: {fault}", cancellationToken);
            return false;
        }

        var zone = zones.Find(member.TimeZone);
        var summary = new Summary
        {
            SummaryId = job.JobId,
            RunId = job.RunId,
            TeamId = job.TeamId,
            UserId = job.UserId,
            Kind = job.Kind,
            WindowStart = job.WindowStart,
            WindowEnd = job.WindowEnd,
            LocalDate = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(messages[^1].PostedAt, zone).DateTime),
            Language = prompt.Language,
            Content = JsonSerializer.Serialize(content, ContractsJson.Default.SummaryContent),
            MessageCount = messages.Count,
            Model = options.Value.Model,
            PromptHash = prompt.Hash,
            InputTokens = cached ? 0 : answer.InputTokens,
            OutputTokens = cached ? 0 : answer.OutputTokens,
            Cached = cached,
            CreatedAt = time.GetUtcNow(),
        };
        failPoint.Hit("writer-before-commit");
        await store.AddAsync(summary, cancellationToken);
        failPoint.Hit("writer-after-commit");
        return true;
    }

    /// <summary>Asks, and once more when the answer is of no use.</summary>
    private async Task<(SummaryContent? Content, Completion Answer, bool Cached, string? Fault)> AskAsync(
        Prompt prompt, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var (answer, cached) = await cache.GetAsync(
                prompt.Hash,
                () => model.CompleteAsync(prompt, cancellationToken),
                completion => ModelAnswer.Read(completion.Text, prompt, out _) is not null,
                cancellationToken);
            var content = ModelAnswer.Read(answer.Text, prompt, out var fault);
            if (content is not null || attempt == 2) return (content, answer, cached, fault);
            LogOfNoUse(fault!);
            await cache.ForgetAsync(prompt.Hash);
        }
    }

    private async Task HandOverAsync(StudyDbContext database, Job job, CancellationToken cancellationToken)
    {
        var summary = await database.Summaries.AsNoTracking().SingleAsync(row => row.SummaryId == job.JobId, cancellationToken);
        var run = await database.Runs.AsNoTracking().SingleAsync(row => row.RunId == summary.RunId, cancellationToken);
        var feedback = new FeedbackRecord(
            summary.SummaryId,
            summary.RunId,
            summary.TeamId,
            summary.UserId,
            summary.Kind,
            summary.LocalDate,
            summary.Language,
            JsonSerializer.Deserialize(summary.Content, ContractsJson.Default.SummaryContent)!,
            summary.MessageCount,
            summary.Model,
            run.RequestedAt,
            job.DueAt);
        await publisher.PublishAsync(
            Topics.Feedback,
            new MemberKey(summary.TeamId, summary.UserId).ToString(),
            feedback,
            ContractsJson.Default.FeedbackRecord,
            RecordKinds.Feedback,
            cancellationToken);
        failPoint.Hit("writer-after-publish");
        await store.FinishAsync(job.JobId, JobState.Done, null, cancellationToken);
    }

    private async Task ParkAsync(Job job, string reason, CancellationToken cancellationToken)
    {
        await store.FinishAsync(job.JobId, JobState.Parked, reason, cancellationToken);
        LogParked(job.JobId, job.RunId, reason);
    }

    private static bool IsExpected(Exception error) =>
        error is OperationCanceledException or TryLaterException or PoisonException || Transient.Is(error);

    [LoggerMessage(LogLevel.Warning, "An answer of the model is of no use and is asked for again: {Fault}")]
    private partial void LogOfNoUse(string fault);

    [LoggerMessage(LogLevel.Error, "Job {JobId} of run {RunId} is parked: {Reason}")]
    private partial void LogParked(Guid jobId, string runId, string reason);
}
