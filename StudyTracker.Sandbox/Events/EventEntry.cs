using StudyTracker.Sandbox.Ledger;

namespace StudyTracker.Sandbox.Events;

/// <summary>An event and its delivery so far. Changed only by the ledger, under its lock.</summary>
internal sealed class EventEntry(EventQueued queued)
{
    private readonly TaskCompletionSource _firstOutcome = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _settled = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What was handed in, less what need not be kept any more.</summary>
    public EventQueued Queued { get; set; } = queued;

    /// <summary>The attempts so far, in order.</summary>
    public IReadOnlyList<AttemptMade> Attempts { get; set; } = [];

    /// <summary>Where the delivery stands.</summary>
    public EventState State { get; set; } = EventState.Pending;

    /// <summary>The next attempt; null when there is none.</summary>
    public NextAttempt? Next { get; set; }

    /// <summary>Whether it has fallen out of the list of events.</summary>
    public bool Unlisted { get; set; }

    /// <summary>Ends when the first attempt has.</summary>
    public Task FirstOutcome => _firstOutcome.Task;

    /// <summary>Ends when no attempt is to come.</summary>
    public Task Settled => _settled.Task;

    /// <summary>Whether it pretends to come from Slack.</summary>
    public bool Forged => Queued.Signature != SignatureMode.Valid;

    /// <summary>Lets those go on who wait for what has been reached.</summary>
    public void Notify()
    {
        if (Attempts.Count > 0) _firstOutcome.TrySetResult();
        if (Next is null) _settled.TrySetResult();
    }

    /// <summary>Lets everybody go on who waits: the event is forgotten.</summary>
    public void Abandon()
    {
        _firstOutcome.TrySetResult();
        _settled.TrySetResult();
    }
}

/// <summary>An event as the endpoints show it.</summary>
internal sealed record EventView(
    string EventId,
    EventKind Kind,
    string TeamId,
    string UserId,
    string ChannelId,
    string Ts,
    string? ThreadTs,
    string? Subtype,
    string? TargetTs,
    string? Text,
    EventState State,
    DateTimeOffset At,
    IReadOnlyList<AttemptView> Attempts)
{
    public static EventView Of(EventEntry entry)
    {
        var message = entry.Queued.Message;
        return new EventView(
            entry.Queued.EventId,
            entry.Queued.Kind,
            message.TeamId,
            message.UserId,
            message.ChannelId,
            message.Ts,
            message.ThreadTs,
            message.Subtype,
            message.TargetTs,
            message.Text,
            entry.State,
            entry.Queued.At,
            [.. entry.Attempts.Select(attempt => new AttemptView(attempt.At, attempt.Status, attempt.ElapsedMs, attempt.Error, attempt.RetryNum))]);
    }
}

/// <summary>An attempt as the endpoints show it.</summary>
internal sealed record AttemptView(DateTimeOffset At, int? Status, double ElapsedMs, string? Error, int RetryNum);
