namespace StudyTracker.Kafka;

/// <summary>Exponential back-off with full jitter above half: many that failed together do not come back together.</summary>
public static class Backoff
{
    /// <summary>The wait before attempt <paramref name="attempt"/> + 1.</summary>
    /// <param name="attempt">The attempt that failed, from 1.</param>
    /// <param name="first">The longest wait after the first failure.</param>
    /// <param name="longest">The longest wait of all.</param>
    /// <param name="random">A number from 0 up to 1.</param>
    public static TimeSpan After(int attempt, TimeSpan first, TimeSpan longest, double random)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(attempt, 1);
        var ceiling = Math.Min(longest.TotalMilliseconds, first.TotalMilliseconds * Math.Pow(2, Math.Min(attempt - 1, 30)));
        return TimeSpan.FromMilliseconds(ceiling * (0.5 + random / 2));
    }
}
