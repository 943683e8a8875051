using StudyTracker.Contracts;

namespace StudyTracker.Ingress;

/// <summary>
/// Of which kind the runs are that were asked for last, here, under ids of their callers' own: who takes an id a second time for
/// another kind is told at once. What this process does not know, the planner finds out, and leaves the trigger to the dead letters.
/// </summary>
internal sealed class RecentRuns
{
    private const int Most = 1_000;
    private readonly Dictionary<string, SummaryKind> _kinds = [];
    private readonly Queue<string> _oldestFirst = new();

    /// <summary>The kind of a run; null when it is not known here.</summary>
    public SummaryKind? KindOf(string runId)
    {
        lock (_kinds) return _kinds.TryGetValue(runId, out var kind) ? kind : null;
    }

    public void Add(string runId, SummaryKind kind)
    {
        lock (_kinds)
        {
            if (!_kinds.TryAdd(runId, kind)) return;
            _oldestFirst.Enqueue(runId);
            if (_oldestFirst.Count > Most) _kinds.Remove(_oldestFirst.Dequeue());
        }
    }
}
