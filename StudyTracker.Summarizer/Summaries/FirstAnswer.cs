namespace StudyTracker.Summarizer.Summaries;

/// <summary>
/// Until a server has answered once, it is asked by one call at a time: what it refuses is then learned from one refusal, and
/// not from one for each job that happens to begin together. A refusal comes before the work, so nobody waits for long.
/// </summary>
internal sealed class FirstAnswer : IDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(5);
    private readonly SemaphoreSlim _turn = new(1);
    private volatile bool _answered;

    /// <summary>Waits for a turn; who has got one tells how it ended with <see cref="Release"/>.</summary>
    /// <returns>Whether it is a turn, and not everybody's.</returns>
    public async Task<bool> WaitAsync(CancellationToken cancellationToken)
    {
        if (_answered || !await _turn.WaitAsync(_patience, cancellationToken)) return false;
        if (!_answered) return true;
        _turn.Release();
        return false;
    }

    /// <summary>The server has answered.</summary>
    public void Answered() => _answered = true;

    /// <summary>The call is over.</summary>
    public void Release() => _turn.Release();

    public void Dispose() => _turn.Dispose();
}
