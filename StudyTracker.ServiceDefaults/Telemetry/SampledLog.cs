using System.Collections.Concurrent;

namespace StudyTracker.Telemetry;

/// <summary>
/// Lets one line through in a while for each reason, and counts the others: a log that is written thousands of times a
/// second would itself be the load.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="interval">How long a reason is silent after a line.</param>
public sealed class SampledLog(TimeProvider time, TimeSpan interval)
{
    private readonly ConcurrentDictionary<string, Reason> _reasons = new();

    /// <summary>Whether a line is due.</summary>
    /// <param name="reason">One of a few words.</param>
    /// <param name="more">How often the reason was met, and not logged, since the last line.</param>
    public bool IsDue(string reason, out long more)
    {
        var state = _reasons.GetOrAdd(reason, static _ => new Reason());
        var now = time.GetTimestamp();
        lock (state)
        {
            if (state.LoggedAt is { } last && time.GetElapsedTime(last, now) < interval)
            {
                state.Unlogged++;
                more = 0;
                return false;
            }

            (more, state.Unlogged, state.LoggedAt) = (state.Unlogged, 0, now);
            return true;
        }
    }

    private sealed class Reason
    {
        public long? LoggedAt { get; set; }

        public long Unlogged { get; set; }
    }
}
