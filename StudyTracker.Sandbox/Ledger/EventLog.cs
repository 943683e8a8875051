using StudyTracker.Sandbox.Events;

namespace StudyTracker.Sandbox.Ledger;

/// <summary>The ledger's events. Guarded by the ledger's lock.</summary>
internal sealed class EventLog(int maxListed, int maxTexts, IReadOnlyList<TimeSpan> retryDelays)
{
    private readonly Dictionary<string, EventEntry> _entries = new(StringComparer.Ordinal);
    private readonly BoundedLog<EventEntry> _list = new(maxListed);
    private readonly Queue<EventEntry> _withText = new();

    public EventCounts Counts { get; private set; } = new();

    public EventEntry? Find(string eventId) => _entries.GetValueOrDefault(eventId);

    public IEnumerable<EventEntry> Unsettled => _entries.Values.Where(entry => entry.Next is not null);

    public LogPage<EventEntry> Page(long after, int limit, Func<EventEntry, bool>? wanted) => _list.Page(after, limit, wanted);

    public void Apply(EventQueued queued)
    {
        var entry = new EventEntry(queued);
        if (!_entries.TryAdd(queued.EventId, entry)) return;
        entry.Next = DeliveryPlan.After(entry.Attempts, queued.Times, entry.Forged, retryDelays).Next;
        _list.Add(entry, Unlist);
        _withText.Enqueue(entry);
        if (_withText.Count > maxTexts) ForgetText(_withText.Dequeue());

        Counts.Unique++;
        Counts.Pending++;
        Counts.ByKind[queued.Kind] = Counts.ByKind.GetValueOrDefault(queued.Kind) + 1;
    }

    public void Apply(AttemptMade attempt)
    {
        if (Find(attempt.EventId) is not { Next: not null } entry) return;
        Counts.Deliveries++;
        var acceptedBefore = entry.State == EventState.Accepted;
        entry.Attempts = [.. entry.Attempts, attempt];
        (entry.State, entry.Next) = DeliveryPlan.After(entry.Attempts, entry.Queued.Times, entry.Forged, retryDelays);

        if (entry.State == EventState.Accepted && !acceptedBefore)
        {
            Counts.Accepted++;
            Counts.AcceptedByKind[entry.Queued.Kind] = Counts.AcceptedByKind.GetValueOrDefault(entry.Queued.Kind) + 1;
        }

        if (entry.Next is null) Settle(entry);
        entry.Notify();
    }

    public void Clear()
    {
        foreach (var entry in _entries.Values) entry.Abandon();
        _entries.Clear();
        _list.Clear();
        _withText.Clear();
        Counts = new EventCounts();
    }

    private void Settle(EventEntry entry)
    {
        Counts.Pending--;
        if (entry.State == EventState.Refused) Counts.Refused++;
        if (entry.State == EventState.Failed) Counts.Failed++;
        entry.Queued = entry.Queued with { Body = "" };
        if (entry.Unlisted) _entries.Remove(entry.Queued.EventId);
    }

    private void Unlist(EventEntry entry)
    {
        entry.Unlisted = true;
        if (entry.Next is null) _entries.Remove(entry.Queued.EventId);
    }

    private static void ForgetText(EventEntry entry) =>
        entry.Queued = entry.Queued with { Message = entry.Queued.Message with { Text = null } };
}
