using Microsoft.Extensions.Options;
using StudyTracker.Sandbox.Ledger;

namespace StudyTracker.Sandbox.Events;

/// <summary>Delivers events, each in a task of its own, and goes on at start with those a former process left.</summary>
internal sealed partial class EventSender : IHostedService, IDisposable
{
    private readonly SandboxLedger _ledger;
    private readonly IngressClient _ingress;
    private readonly TimeProvider _time;
    private readonly ILogger<EventSender> _logger;
    private readonly SemaphoreSlim _slots;
    private readonly CancellationTokenSource _stopping = new();

    public EventSender(SandboxLedger ledger, IngressClient ingress, IOptions<SandboxOptions> options, TimeProvider time, ILogger<EventSender> logger)
    {
        _ledger = ledger;
        _ingress = ingress;
        _time = time;
        _logger = logger;
        _slots = new SemaphoreSlim(options.Value.MaxConcurrentDeliveries);
    }

    /// <summary>Takes an event and begins to deliver it; one whose id is known is only looked up. Null: too many are waiting.</summary>
    /// <exception cref="IOException">The journal cannot be written; nothing was sent.</exception>
    public EventEntry? Send(EventQueued queued)
    {
        if (_ledger.Submit(queued) is not var (entry, isNew)) return null;
        if (isNew) _ = DeliverAsync(entry);
        return entry;
    }

    /// <inheritdoc />
    public Task StartAsync(CancellationToken cancellationToken)
    {
        var unsettled = _ledger.Unsettled();
        foreach (var entry in unsettled) _ = DeliverAsync(entry);
        if (unsettled.Count > 0) LogResumed(unsettled.Count);
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task StopAsync(CancellationToken cancellationToken) => _stopping.CancelAsync();

    public void Dispose()
    {
        _stopping.Dispose();
        _slots.Dispose();
    }

    private async Task DeliverAsync(EventEntry entry)
    {
        try
        {
            // An entry that was reset meanwhile keeps its next attempt, so it must be asked for, not trusted.
            while (entry.Next is { } next && ReferenceEquals(_ledger.Find(entry.Queued.EventId), entry))
            {
                await WaitAsync(entry, next);
                if (!ReferenceEquals(_ledger.Find(entry.Queued.EventId), entry)) return;
                await _slots.WaitAsync(_stopping.Token);
                try
                {
                    _ledger.Record(entry, await _ingress.DeliverAsync(entry.Queued, next, _stopping.Token));
                }
                finally
                {
                    _slots.Release();
                }
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The journal knows how far it got; the next process goes on from there.
        }
        catch (Exception exception)
        {
            LogGivenUp(exception, entry.Queued.EventId);
            entry.Abandon();
        }
    }

    private async Task WaitAsync(EventEntry entry, NextAttempt next)
    {
        var due = entry.Attempts is [.., var last]
            ? last.At + TimeSpan.FromMilliseconds(last.ElapsedMs) + next.Delay
            : entry.Queued.NotBefore;
        var wait = due - _time.GetUtcNow();
        if (wait > TimeSpan.Zero) await Task.Delay(wait, _time, _stopping.Token);
    }

    [LoggerMessage(LogLevel.Information, "Going on with {Count} deliveries that were not finished")]
    private partial void LogResumed(int count);

    [LoggerMessage(LogLevel.Error, "Delivery of event {EventId} stopped, because its outcome could not be recorded")]
    private partial void LogGivenUp(Exception exception, string eventId);
}
