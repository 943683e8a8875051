using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Options;
using StudyTracker.Contracts;
using StudyTracker.Hosting;
using StudyTracker.Kafka;
using StudyTracker.Summarizer.Days;
using StudyTracker.Summarizer.Revisions;
using StudyTracker.Summarizer.Storage;
using StudyTracker.Telemetry;

namespace StudyTracker.Summarizer.Summaries;

/// <summary>
/// summary-jobs → summary → feedback. A job that comes again goes on where it stopped: what is written is not written
/// again, and handed to delivery once more only if that was not done. A rewriting goes the same way, and differs in where it
/// is kept.
/// </summary>
internal sealed partial class WriterStage(
    JobReader reader,
    SummaryStore store,
    RevisionStore revisions,
    StudyDays studyDays,
    PromptCache cache,
    SummaryModel model,
    Publisher publisher,
    FailPoint failPoint,
    IOptions<ModelOptions> options,
    TimeProvider time,
    ILogger<WriterStage> logger)
{
    private static readonly Counter<long> _jobs = Instruments.Meter.CreateCounter<long>(
        "studytracker.writer.jobs", "{job}", "Jobs ended: written, cached (written from the prompt cache), extracted (the learner's own words, for want of a usable answer), empty or parked.");

    private static readonly Counter<long> _rewritings = Instruments.Meter.CreateCounter<long>(
        "studytracker.revisions.ended", "{revision}", "Rewritings ended: written, cached, retracted (no message is left), skipped (nothing new to say) or parked.");

    /// <summary>Has its counters start at 0.</summary>
    public static void CountFromZero(IServiceCollection services)
    {
        var kinds = ("kind", ZeroCounts.Labels<SummaryKind>());
        services.CountFromZero(_jobs, ("outcome", ["written", "cached", "empty", "parked"]), kinds);
        services.CountFromZero(_rewritings, ("outcome", ["written", "cached", "retracted", "skipped", "parked"]), kinds);
    }

    public async Task WriteAsync(Record record, CancellationToken cancellationToken)
    {
        var ordered = record.Read(ContractsJson.Default.SummaryJob, "a summary job");
        var job = await reader.ReadAsync(new JobKey(ordered.JobId, ordered.Revision), cancellationToken)
            ?? throw new PoisonException("There is no such job: it was planned in another database, or erased.");
        if (job.IsFinished) return;

        var work = new Work(job);
        try
        {
            if (work.Summary is null && !await WriteAsync(work, cancellationToken)) return;
            await HandOverAsync(work, cancellationToken);
        }
        catch (ModelRefusedException refused)
        {
            await ParkAsync(work, refused.Message, null, cancellationToken);
        }
        catch (SpendingLimitException limit)
        {
            await ParkAsync(work, limit.Message, reader.Tomorrow(), cancellationToken);
        }
        catch (TryLaterException later) when (!later.IsInLine && record.Postponements >= options.Value.MaxPostponements)
        {
            await ParkAsync(work, $"{later.Message}; put off {options.Value.MaxPostponements} times", null, cancellationToken);
        }
        catch (Exception error) when (record.IsLastAttempt && !IsExpected(error))
        {
            // The record becomes a dead letter; its job must not stay pending, or its run would never end.
            await ParkAsync(work, $"unexpected: {error.GetType().Name}", null, cancellationToken);
            throw;
        }
    }

    /// <summary>Writes and stores the summary; false when there is none to hand over: nothing to summarise, no answer of use, erased.</summary>
    private async Task<bool> WriteAsync(Work work, CancellationToken cancellationToken)
    {
        var job = work.Job;
        var prompt = job.Messages.Count == 0 ? null : PromptFor(job);
        switch (Rewriting.VerdictOn(job, prompt?.Hash))
        {
            case Verdict.Empty:
                await EndAsync(work, JobState.Empty, "empty", cancellationToken);
                return false;
            case Verdict.Skip:
                await EndAsync(work, JobState.Skipped, "skipped", cancellationToken);
                return false;
            case Verdict.Retract:
                work.Summary = Rewriting.Retracted(job, ToMicroseconds(time.GetUtcNow()));
                work.Outcome = "retracted";
                return await KeepAsync(work, "", cancellationToken);
            default:
                return await AskAndKeepAsync(work, prompt!, cancellationToken);
        }
    }

    private Prompt PromptFor(LoadedJob job) => Prompt.Create(
        job.Kind,
        Language.Of(job.Locale, job.Messages.Select(message => message.Said)),
        job.Messages,
        job.MessagesInWindow - job.Messages.Count,
        options.Value,
        model.PromptTokens);

    private async Task<bool> AskAndKeepAsync(Work work, Prompt prompt, CancellationToken cancellationToken)
    {
        var job = work.Job;
        using var activity = Instruments.Activities.StartActivity("write summary", ActivityKind.Internal);
        // Whatever becomes of the summary, these days count for the next.
        var days = job.Messages.Select(job.DayOf).ToHashSet();
        var streak = await studyDays.RecordAsync(
            new WrittenDays(new MemberKey(job.TeamId, job.UserId), days, Assumed: !job.Days.IsKnown), cancellationToken);
        Asked asked;
        while (true)
        {
            try
            {
                asked = await AskAsync(work, prompt, cancellationToken);
                break;
            }
            catch (PromptTooLongException)
            {
                prompt = PromptFor(job); // with fewer messages: the model has learned how many it may have
            }
        }

        if (asked.Content is null)
        {
            var times = asked.Times == 1 ? "of no use" : "of no use twice";
            await ParkAsync(work, $"the model's answer was {times}: {asked.Fault}", null, cancellationToken);
            return false;
        }

        work.Summary = new StoredSummary(
            job.Replaced?.LocalDate ?? job.DayOf(job.Messages[^1]),
            prompt.Language,
            asked.Content,
            job.MessagesInWindow,
            prompt.LeftOut,
            streak,
            asked.IsExtract ? Extract.Model : options.Value.Model,
            ToMicroseconds(time.GetUtcNow()),
            job.Key.Revision);
        work.Outcome = asked.IsExtract ? "extracted" : asked.Cached ? "cached" : "written";
        work.Paid = work.Paid with { Cached = asked.Cached };
        return await KeepAsync(work, prompt.Hash, cancellationToken);
    }

    private async Task<bool> KeepAsync(Work work, string promptHash, CancellationToken cancellationToken)
    {
        failPoint.Hit("writer-before-commit");
        var isThere = await StoreAsync(work, promptHash, cancellationToken);
        failPoint.Hit("writer-after-commit");
        return isThere;
    }

    /// <summary>
    /// Asks, and once more when the answer is of no use and another may be better. A model that keeps to the schema and says nothing
    /// of use twice is no reason to park: the learner gets an extract.
    /// </summary>
    private async Task<Asked> AskAsync(Work work, Prompt prompt, CancellationToken cancellationToken)
    {
        var isOfSchema = false;
        for (var attempt = 1; ; attempt++)
        {
            Completion? read = null;
            AnswerReading reading = default;
            var (answer, cached) = await cache.GetAsync(prompt.Hash, () => PayAsync(work, prompt, cancellationToken), Read, cancellationToken);
            if (!ReferenceEquals(read, answer)) Read(answer);
            if (reading.Content is not null) return new Asked(reading.Content, cached, null, attempt);
            isOfSchema |= reading.IsOfSchema;
            if (attempt == 2 && isOfSchema) return new Asked(Extract.Of(prompt.Language, work.Job.Messages), false, reading.Fault, attempt, IsExtract: true);
            if (attempt == 2 || (!cached && answer.FaultKind is FaultKind.Lasting or FaultKind.OutOfRoom)) return new Asked(null, cached, reading.Fault, attempt);
            LogOfNoUse(reading.Fault!);
            if (cached) await cache.ForgetAsync(prompt.Hash);

            bool Read(Completion completion)
            {
                reading = ModelAnswer.Read(read = completion, prompt);
                return reading.Content is not null;
            }
        }
    }

    private async Task<Completion> PayAsync(Work work, Prompt prompt, CancellationToken cancellationToken)
    {
        var limit = options.Value.DailyTokensPerWorkspace;
        if (limit > 0 && work.Job.SpentToday + work.Paid.InputTokens + work.Paid.OutputTokens >= limit) throw new SpendingLimitException();
        failPoint.Hit("writer-before-call");
        var answer = await model.CompleteAsync(prompt, cancellationToken);
        work.Paid += answer;
        failPoint.Hit("writer-after-call");
        return answer;
    }

    /// <summary>Stores the summary; false when its job was erased meanwhile, or another's summary has its place.</summary>
    private async Task<bool> StoreAsync(Work work, string promptHash, CancellationToken cancellationToken)
    {
        var summary = new NewSummary(work.Job.JobId, work.Summary!, promptHash, work.Paid, reader.Today());
        var stored = work.IsRewriting ? revisions.ReplaceAsync(summary, cancellationToken) : store.AddAsync(summary, cancellationToken);
        switch (await stored)
        {
            case StoreOutcome.Conflict:
                work.Summary = null;
                await ParkAsync(work, "a summary for this member, kind and window exists already, under another job", null, cancellationToken);
                return false;
            case StoreOutcome.NotPending when await reader.ReadAsync(work.Job.Key, cancellationToken) is { } other:
                // Another worker with the same record was quicker: what it stored is what is handed over.
                work.Summary = other.Summary;
                return other is { IsFinished: false, Summary: not null };
            case StoreOutcome.NotPending:
                // With it goes the answer that has only just been kept.
                await cache.RemoveAsync([promptHash], cancellationToken);
                return false;
            default:
                return true;
        }
    }

    private async Task HandOverAsync(Work work, CancellationToken cancellationToken)
    {
        await publisher.PublishAsync(
            Topics.Feedback,
            new MemberKey(work.Job.TeamId, work.Job.UserId).ToString(),
            work.Job.ToFeedback(work.Summary!),
            ContractsJson.Default.FeedbackRecord,
            RecordKinds.Feedback,
            cancellationToken);
        failPoint.Hit("writer-after-publish");
        await EndAsync(work, JobState.Done, work.Outcome, cancellationToken);
    }

    private async Task ParkAsync(Work work, string reason, DateTimeOffset? retryAt, CancellationToken cancellationToken)
    {
        await EndAsync(work, JobState.Parked, "parked", cancellationToken, reason, retryAt);
        LogParked(work.Job.JobId, work.Job.Key.Revision, work.Job.RunId, reason);
    }

    private async Task EndAsync(
        Work work, JobState state, string outcome, CancellationToken cancellationToken, string? error = null, DateTimeOffset? retryAt = null)
    {
        // What a summary cost was added up with it; here goes what was paid for none.
        var paid = work.Summary is null ? work.Paid : default;
        var end = new JobEnd(work.Job.Key, state, error, retryAt, paid, reader.Today());
        await (work.IsRewriting ? revisions.EndAsync(end, cancellationToken) : store.EndAsync(end, cancellationToken));
        (work.IsRewriting ? _rewritings : _jobs).Add(1, new KeyValuePair<string, object?>("outcome", outcome), new KeyValuePair<string, object?>("kind", work.Job.Kind.Label()));
    }

    /// <summary>As precise as PostgreSQL keeps it, so that the record made now and the one made after a crash are the same.</summary>
    private static DateTimeOffset ToMicroseconds(DateTimeOffset at) => new(at.UtcTicks - at.UtcTicks % TimeSpan.TicksPerMicrosecond, TimeSpan.Zero);

    private static bool IsExpected(Exception error) =>
        error is OperationCanceledException or TryLaterException or PoisonException || Transient.Is(error);

    [LoggerMessage(LogLevel.Warning, "An answer of the model is of no use and is asked for again: {Fault}")]
    private partial void LogOfNoUse(string fault);

    [LoggerMessage(LogLevel.Error, "Job {JobId} (revision {Revision}) of run {RunId} is parked: {Reason}")]
    private partial void LogParked(Guid jobId, int revision, string runId, string reason);

    /// <summary>What came of asking.</summary>
    private readonly record struct Asked(SummaryContent? Content, bool Cached, string? Fault, int Times, bool IsExtract = false);

    /// <summary>A job and how far this attempt has come.</summary>
    private sealed class Work(LoadedJob job)
    {
        public LoadedJob Job { get; } = job;

        public bool IsRewriting => Job.Key.Revision > 0;

        public StoredSummary? Summary { get; set; } = job.Summary;

        public Cost Paid { get; set; }

        public string Outcome { get; set; } = "written";
    }
}

/// <summary>The workspace has spent what it may on one day.</summary>
internal sealed class SpendingLimitException() : Exception("the workspace's tokens of the day are spent (OpenAI:DailyTokensPerWorkspace); goes on the next day");
