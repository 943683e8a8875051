using System.Diagnostics.Metrics;
using System.Text;
using Microsoft.Extensions.Options;
using StudyTracker.Contracts;
using StudyTracker.Hosting;
using StudyTracker.Kafka;
using StudyTracker.Notifier.Messages;
using StudyTracker.Notifier.Slack;
using StudyTracker.Telemetry;

namespace StudyTracker.Notifier.Delivery;

/// <summary>
/// feedback → Slack. Posting is not idempotent, so the ledger is: it is asked before, and told after. Only a crash or a
/// lost answer between the two leaves a doubt, and then Slack itself is asked, by the message's metadata.
/// </summary>
internal sealed partial class DeliveryStage(
    DeliveryLedger ledger,
    ISlackClient slack,
    SlackPace pace,
    FailPoint failPoint,
    IOptions<DeliveryOptions> options,
    IOptions<SlackOptions> slackOptions,
    TimeProvider time,
    ILogger<DeliveryStage> logger)
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _defaultQuiet = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _configurationDelay = TimeSpan.FromSeconds(60);

    private static readonly Counter<long> _deliveries = Instruments.Meter.CreateCounter<long>(
        "studytracker.delivery.calls", "{call}", "Posts to Slack, by outcome.");

    private static readonly Histogram<double> _lateness = Instruments.Meter.CreateHistogram<double>(
        "studytracker.delivery.lateness", "s", "From the time a run was asked for to the direct message.");

    public async Task DeliverAsync(Record record, CancellationToken cancellationToken)
    {
        var feedback = record.Read(ContractsJson.Default.FeedbackRecord, "feedback");
        await ledger.AddAsync(feedback, Encoding.UTF8.GetString(record.Value.Span), cancellationToken);

        // First the place in the pace, then the lease: a lease must not run out while its owner waits.
        var wait = pace.Reserve(feedback.TeamId, _patience);
        if (wait > _patience) throw new TryLaterException("the workspace's pace", wait);
        await Task.Delay(wait, time, cancellationToken);

        var owner = Guid.NewGuid();
        var lease = TimeSpan.FromSeconds(options.Value.LeaseSeconds);
        var (claim, attempt) = await ledger.TakeAsync(feedback.SummaryId, owner, lease, cancellationToken);
        switch (claim)
        {
            case Claim.Ended:
                return;
            case Claim.Busy:
                throw new TryLaterException("another delivery of the same summary is under way", lease / 5);
            case Claim.TakenUnsure when await FindAsync(feedback, owner, attempt, cancellationToken):
                return;
            // Looking took its time: the post needs the whole lease, and must not follow somebody else's.
            case Claim.TakenUnsure when !await ledger.RenewAsync(feedback.SummaryId, owner, lease, cancellationToken):
                throw new TryLaterException("another delivery of the same summary is under way", lease / 5);
            default:
                await PostAsync(feedback, owner, attempt, cancellationToken);
                return;
        }
    }

    private async Task PostAsync(FeedbackRecord feedback, Guid owner, int attempt, CancellationToken cancellationToken)
    {
        if (slackOptions.Value.TokenFor(feedback.TeamId) is null)
        {
            await PutBackAsync(feedback, owner, attempt, "no_token", cancellationToken);
            return;
        }

        failPoint.Hit("delivery-before-post");
        // Not cancelled by a shutdown: a call that has begun is waited for, within its own time limit.
        var answer = await slack.PostAsync(feedback.TeamId, feedback.UserId, SummaryMessage.Render(feedback), CancellationToken.None);
        failPoint.Hit("delivery-after-post");
        _deliveries.Add(1, new KeyValuePair<string, object?>("outcome", $"{answer.Outcome}"));
        // Nor is the ledger left without what Slack has answered: that would make a doubt out of something known.
        if (answer is { Outcome: SlackOutcome.Done, Value: { } posted })
            await SentAsync(feedback, owner, posted, CancellationToken.None);
        else
            await FailedAsync(feedback, owner, attempt, answer, CancellationToken.None);
    }

    private async Task SentAsync(FeedbackRecord feedback, Guid owner, PostedMessage posted, CancellationToken cancellationToken)
    {
        var lateness = time.GetUtcNow() - feedback.RequestedAt;
        if (!await ledger.SentAsync(feedback.SummaryId, owner, posted.Channel, posted.Ts, cancellationToken))
            LogLeaseLost(feedback.SummaryId);
        _lateness.Record(Math.Max(0, lateness.TotalSeconds), new KeyValuePair<string, object?>("kind", $"{feedback.Kind}"));
        LogSent(feedback.SummaryId, feedback.RunId, lateness.TotalSeconds);
    }

    /// <summary>Whether an earlier attempt, whose end nobody saw, had posted it after all.</summary>
    private async Task<bool> FindAsync(FeedbackRecord feedback, Guid owner, int attempt, CancellationToken cancellationToken)
    {
        var conversation = await slack.OpenAsync(feedback.TeamId, feedback.UserId, cancellationToken);
        var found = conversation is { Outcome: SlackOutcome.Done, Value: { } channel }
            ? await slack.FindAsync(feedback.TeamId, channel, feedback.SummaryId, cancellationToken)
            : conversation.As<PostedMessage?>();
        if (found.Outcome == SlackOutcome.Done)
        {
            LogUnsure(feedback.SummaryId, found.Value is null ? "is not there and is posted again" : "is there");
            if (found.Value is null) return false;
            await SentAsync(feedback, owner, found.Value, cancellationToken);
            return true;
        }

        // As long as Slack does not say whether it is there, it must not be posted.
        await ledger.LeaveUnsureAsync(feedback.SummaryId, owner, found.Error ?? "", cancellationToken);
        if (found.Outcome == SlackOutcome.RateLimited) pace.Quieten(feedback.TeamId, found.RetryAfter ?? _defaultQuiet);
        if (attempt >= options.Value.MaxAttempts && found.Outcome == SlackOutcome.Refused)
        {
            await ParkAsync(feedback, owner, $"may have been posted; Slack does not let us look: {found.Error}", cancellationToken);
            return true;
        }

        throw new TryLaterException($"an earlier attempt ended unknown, and Slack does not tell: {found.Error}", found.RetryAfter ?? Delay(attempt));
    }

    private async Task FailedAsync(
        FeedbackRecord feedback, Guid owner, int attempt, SlackAnswer<PostedMessage> answer, CancellationToken cancellationToken)
    {
        var error = answer.Error ?? "no error named";
        switch (answer.Outcome)
        {
            case SlackOutcome.RateLimited:
                var quiet = answer.RetryAfter ?? _defaultQuiet;
                pace.Quieten(feedback.TeamId, quiet);
                await ledger.PutBackAsync(feedback.SummaryId, owner, error, countAttempt: false, cancellationToken);
                throw new TryLaterException("Slack's rate limit", quiet);
            case SlackOutcome.Refused when !SlackFailure.IsConfiguration(answer.Error):
                await ParkAsync(feedback, owner, error, cancellationToken);
                return;
            case SlackOutcome.Unknown:
                await ledger.LeaveUnsureAsync(feedback.SummaryId, owner, error, cancellationToken);
                throw new TryLaterException($"the end of the call is unknown: {error}", Delay(attempt));
            default:
                await PutBackAsync(feedback, owner, attempt, error, cancellationToken);
                return;
        }
    }

    /// <summary>Frees a delivery that is known not to be posted, to be tried later, or parks it after too many attempts.</summary>
    private async Task PutBackAsync(FeedbackRecord feedback, Guid owner, int attempt, string error, CancellationToken cancellationToken)
    {
        if (attempt >= options.Value.MaxAttempts)
        {
            await ParkAsync(feedback, owner, $"{error} (after {attempt} attempts)", cancellationToken);
            return;
        }

        await ledger.PutBackAsync(feedback.SummaryId, owner, error, countAttempt: true, cancellationToken);
        throw new TryLaterException(
            SlackFailure.IsConfiguration(error)
                ? $"Slack refuses the bot token of workspace {feedback.TeamId} ({error}); check Slack:BotToken or Slack:BotTokens"
                : $"Slack could not be reached: {error}",
            SlackFailure.IsConfiguration(error) ? _configurationDelay : Delay(attempt));
    }

    private async Task ParkAsync(FeedbackRecord feedback, Guid owner, string reason, CancellationToken cancellationToken)
    {
        await ledger.ParkAsync(feedback.SummaryId, owner, reason, cancellationToken);
        LogParked(feedback.SummaryId, feedback.RunId, reason);
    }

    private TimeSpan Delay(int attempt) => Backoff.After(
        Math.Max(1, attempt),
        TimeSpan.FromMilliseconds(options.Value.RetryDelayMs),
        TimeSpan.FromMilliseconds(options.Value.MaxRetryDelayMs),
        Random.Shared.NextDouble());

    [LoggerMessage(LogLevel.Information, "Summary {SummaryId} of run {RunId} is delivered, {LatenessSeconds:0.0} s after it was asked for")]
    private partial void LogSent(Guid summaryId, string runId, double latenessSeconds);

    [LoggerMessage(LogLevel.Error, "Summary {SummaryId} of run {RunId} is parked: {Reason}")]
    private partial void LogParked(Guid summaryId, string runId, string reason);

    [LoggerMessage(LogLevel.Warning, "Summary {SummaryId}: an earlier attempt ended unknown; the message {Finding}")]
    private partial void LogUnsure(Guid summaryId, string finding);

    [LoggerMessage(LogLevel.Warning, "Summary {SummaryId} was posted by one who had lost its lease")]
    private partial void LogLeaseLost(Guid summaryId);
}
