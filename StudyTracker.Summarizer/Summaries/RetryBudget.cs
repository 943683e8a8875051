namespace StudyTracker.Summarizer.Summaries;

/// <summary>
/// How many calls may be repeated at once: a share of all calls, and a few to begin with. A server that fails gets that
/// share more, not a multiple.
/// </summary>
internal sealed class RetryBudget(int percent)
{
    private const int Reserve = 10;
    private readonly Lock _lock = new();
    private double _left = percent == 0 ? 0 : Reserve;

    /// <summary>A job's first call earns its share.</summary>
    public void Earn()
    {
        lock (_lock) _left = Math.Min(_left + percent / 100.0, Math.Max(Reserve, percent));
    }

    /// <summary>Whether one more repetition is within the budget; it is spent then.</summary>
    public bool TrySpend()
    {
        lock (_lock)
        {
            if (_left < 1) return false;
            _left--;
            return true;
        }
    }
}
