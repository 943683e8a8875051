using Quartz;
using StudyTracker.Kafka;

namespace StudyTracker.Summarizer.Scheduling;

/// <summary>
/// What Quartz fires every few seconds on one of the replicas. It remembers nothing: a tick that fails, is missed or is
/// killed in the middle is made up for by the next one. Quartz does not keep two ticks apart, because then a killed one
/// would hold up the next until its death is noticed; two at once do no harm.
/// </summary>
internal sealed partial class ScheduleTick(Enrolment enrolment, DueRuns due, ILogger<ScheduleTick> logger) : IJob
{
    private static int _running;

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        if (Interlocked.Exchange(ref _running, 1) == 1) return; // the database is slow: more of the same will not help
        try
        {
            await enrolment.RunAsync(cancellationToken);
            await due.AskAsync(cancellationToken);
        }
        catch (Exception error) when (Transient.Is(error))
        {
            LogFailed(error.GetBaseException().Message.ReplaceLineEndings(" "));
        }
        finally
        {
            Volatile.Write(ref _running, 0);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The schedule cannot ask for what is due now, and tries again: {Reason}")]
    private partial void LogFailed(string reason);
}
