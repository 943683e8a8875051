using System.Diagnostics;
using System.Text;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using StudyTracker.Contracts;
using StudyTracker.Telemetry;

namespace StudyTracker.Kafka;

/// <summary>
/// The consumers' only retry layer. Waits out what passes, gives up what does not, and keeps what was given up.
/// </summary>
internal sealed partial class Attempts(string stage, ConsumerOptions options, Publisher publisher, TimeProvider time, ILogger logger)
{
    // What OpenTelemetry keeps of a span's links by default.
    private const int MaxLinks = 128;
    private static readonly TimeSpan _longestTryLater = TimeSpan.FromMinutes(15);

    /// <summary>The stage, as a metric tag.</summary>
    public KeyValuePair<string, object?> Tag { get; } = new("stage", stage);

    /// <summary>
    /// Handles one record until it is done or a dead letter. <paramref name="attempt"/> is called once an attempt;
    /// waiting between two happens outside of it.
    /// </summary>
    /// <exception cref="OperationCanceledException">The partition is another's now, or the service stops.</exception>
    public async Task RunAsync(Record record, Func<CancellationToken, Task> attempt, CancellationToken cancellationToken)
    {
        // Every wait counts for the back-off; only failures that nothing explains count towards giving up.
        for (var (number, unexplained) = (1, 0); ; number++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            record.Attempt = number;
            record.IsLastAttempt = unexplained + 1 >= options.MaxAttempts;
            using var activity = Instruments.Activities.StartActivity(
                $"{stage} {record.Topic}", ActivityKind.Consumer, record.TraceContext);
            try
            {
                await attempt(cancellationToken);
                Instruments.RecordsConsumed.Add(1, Tag);
                return;
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                throw;
            }
            catch (Exception caught)
            {
                var error = caught;
                if (caught is TryLaterException { Until: { } until })
                {
                    activity?.Dispose(); // a turn that is waited for is no part of the work
                    if (await FailureOfAsync(until, cancellationToken) is not { } failure) continue;
                    error = failure;
                }

                activity?.SetStatus(ActivityStatusCode.Error, error.GetType().Name);
                if (error is PoisonException || (!IsPassing(error) && ++unexplained >= options.MaxAttempts))
                {
                    await DeadLetterAsync(record, error, cancellationToken);
                    return;
                }

                var isInLine = error is TryLaterException { IsInLine: true };
                if (error is TryLaterException && !isInLine) record.Postponements++;
                var delay = Delay(error, number);
                if (!isInLine) Instruments.Retries.Add(1, Tag);
                LogRetry(
                    isInLine ? LogLevel.Debug : LogLevel.Warning,
                    stage, record.Topic, record.Partition, record.Offset, number, delay.TotalMilliseconds, Describe(error));
                await Task.Delay(delay, time, cancellationToken);
            }
        }
    }

    /// <summary>A span for a batch, linked to the traces of its records; a record has one parent, a batch has many.</summary>
    public Activity? StartBatch(List<Record> records) => !Instruments.Activities.HasListeners()
        ? null
        : Instruments.Activities.StartActivity(
            $"{stage} batch",
            ActivityKind.Consumer,
            parentContext: default,
            links: records.Take(MaxLinks).Select(record => record.TraceContext).Where(context => context != default).Distinct()
                .Select(context => new ActivityLink(context)));

    /// <summary>Waits before a batch is tried again.</summary>
    public async Task WaitAsync(int attempt, Exception error, CancellationToken cancellationToken)
    {
        var delay = Delay(error, attempt);
        Instruments.Retries.Add(1, Tag);
        LogBatchRetry(stage, attempt, delay.TotalMilliseconds, Describe(error));
        await Task.Delay(delay, time, cancellationToken);
    }

    /// <summary>Keeps the record, as it is, among the dead letters. Does not return before it is safe there.</summary>
    public async Task DeadLetterAsync(Record record, Exception reason, CancellationToken cancellationToken)
    {
        var headers = new Headers();
        foreach (var header in record.Message.Headers ?? []) headers.Add(header.Key, header.GetValueBytes());
        Set(RecordHeaders.SourceTopic, record.Topic);
        Set(RecordHeaders.SourcePartition, $"{record.Partition}");
        Set(RecordHeaders.SourceOffset, $"{record.Offset}");
        Set(RecordHeaders.SourceGroup, stage);
        Set(RecordHeaders.Attempts, $"{record.Attempt}");
        Set(RecordHeaders.Error, Describe(reason));
        var value = record.Message.Value ?? [];
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await publisher.PublishAsync(Topics.DeadLetters, record.Message.Key ?? [], value, headers, cancellationToken);
                Instruments.DeadLetters.Add(1, Tag);
                LogDeadLetter(stage, record.Topic, record.Partition, record.Offset, record.Attempt, Describe(reason));
                return;
            }
            catch (PublishException error) when (error.Reason == PublishException.TooLarge && value.Length > 0)
            {
                // The headers that a dead letter has more can be too many. Its address and reason are kept at least.
                Set(RecordHeaders.Error, $"{Describe(reason)} ({RecordHeaders.NotKept}: {value.Length} bytes)");
                value = [];
            }
            catch (Exception error) when (!cancellationToken.IsCancellationRequested)
            {
                // Whatever it is: giving up here would lose the record, and end the lane or the stage that it came from.
                await WaitAsync(attempt, error, cancellationToken);
            }
        }

        void Set(string name, string value)
        {
            headers.Remove(name);
            headers.Add(name, Encoding.UTF8.GetBytes(value));
        }
    }

    /// <summary>Whether the failure ends by itself.</summary>
    public static bool IsPassing(Exception error) => error is TryLaterException || Transient.Is(error);

    /// <summary>The failure in a line, without stack traces and without the record's content.</summary>
    internal static string Describe(Exception error)
    {
        var text = $"{error.GetType().Name}: {error.Message}".ReplaceLineEndings(" ");
        return text.Length <= 300 ? text : text[..300];
    }

    private static async Task<Exception?> FailureOfAsync(Func<CancellationToken, Task> wait, CancellationToken cancellationToken)
    {
        try
        {
            await wait(cancellationToken);
            return null;
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            return error;
        }
    }

    private TimeSpan Delay(Exception error, int attempt) => error is TryLaterException later
        ? later.Delay < _longestTryLater ? later.Delay : _longestTryLater
        : Backoff.After(
            attempt,
            TimeSpan.FromMilliseconds(options.RetryDelayMs),
            TimeSpan.FromMilliseconds(options.MaxRetryDelayMs),
            Random.Shared.NextDouble());

    [LoggerMessage("{Stage}: {Topic}/{Partition}@{Offset} attempt {Attempt} failed, again in {DelayMs:0} ms: {Reason}")]
    private partial void LogRetry(LogLevel level, string stage, string topic, int partition, long offset, int attempt, double delayMs, string reason);

    [LoggerMessage(LogLevel.Warning, "{Stage}: attempt {Attempt} failed, again in {DelayMs:0} ms: {Reason}")]
    private partial void LogBatchRetry(string stage, int attempt, double delayMs, string reason);

    [LoggerMessage(LogLevel.Error, "{Stage}: {Topic}/{Partition}@{Offset} is a dead letter after {Attempts} attempts: {Reason}")]
    private partial void LogDeadLetter(string stage, string topic, int partition, long offset, int attempts, string reason);
}
