namespace StudyTracker.Summarizer.Summaries;

/// <summary>
/// Stops calling a server that fails everybody. Closed: calls go through. Open: none does, for a while. Then one may try
/// (half open): its success closes the circuit, its failure opens it for twice as long.
/// </summary>
internal sealed class CircuitBreaker(int failuresInARow, TimeSpan firstBreak, TimeProvider time)
{
    private const int MostDoublings = 3;

    // Behind a probe that is under way, others ask again this soon.
    private static readonly TimeSpan _probeWait = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private int _failures;
    private int _breaks;
    private bool _probing;
    private DateTimeOffset? _openUntil;

    /// <summary>Whether calls are held back.</summary>
    public bool IsOpen
    {
        get { lock (_lock) return _openUntil is not null; }
    }

    /// <summary>Whether a call may be made now; whoever may must tell how it ended. Else how long to wait.</summary>
    public bool TryEnter(out TimeSpan wait)
    {
        lock (_lock)
        {
            wait = TimeSpan.Zero;
            if (_openUntil is not { } until) return true;
            wait = until - time.GetUtcNow();
            if (wait <= TimeSpan.Zero && !_probing)
            {
                wait = TimeSpan.Zero;
                return _probing = true;
            }

            if (wait < _probeWait) wait = _probeWait;
            return false;
        }
    }

    /// <summary>The server works.</summary>
    public void Succeeded()
    {
        lock (_lock)
        {
            (_failures, _breaks, _probing) = (0, 0, false);
            _openUntil = null;
        }
    }

    /// <summary>The server failed; <paramref name="everybody"/>: in a way that the next call cannot escape.</summary>
    /// <returns>Whether this failure is why calls are held back from now on.</returns>
    public bool Failed(bool everybody = false)
    {
        lock (_lock)
        {
            var isProbe = _probing;
            _probing = false;
            _failures++;
            // Calls that were under way when it opened end late, and say nothing new.
            if (_openUntil is not null && !isProbe) return false;
            if (!isProbe && !everybody && _failures < failuresInARow) return false;
            _openUntil = time.GetUtcNow() + firstBreak * (1 << Math.Min(_breaks, MostDoublings));
            _breaks++;
            return true;
        }
    }

    /// <summary>The call ended without telling anything about the server.</summary>
    public void Abandoned()
    {
        lock (_lock) _probing = false;
    }
}
