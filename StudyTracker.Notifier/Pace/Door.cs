namespace StudyTracker.Notifier.Pace;

/// <summary>
/// Whether Slack lets us into a workspace. After it has refused our token the door is shut, and only one call at a time
/// knocks, until one is let in. Guarded by its own lock.
/// </summary>
internal sealed class Door(TimeProvider time, TimeSpan patience, TimeSpan knockTimeout)
{
    private readonly Lock _lock = new();
    private string? _shutFor;
    private DateTimeOffset _shutSince;
    private DateTimeOffset _quietUntil;
    private DateTimeOffset _knocking;

    /// <summary>What Slack said, when nobody should wait any longer; null while it is worth waiting.</summary>
    public string? GivenUpFor
    {
        get
        {
            lock (_lock)
            {
                var now = time.GetUtcNow();
                return _shutFor is not null && now - _shutSince >= patience && (now < _quietUntil || now < _knocking) ? _shutFor : null;
            }
        }
    }

    /// <summary>Lets a call go; when the door is shut, one at a time.</summary>
    public bool TryEnter()
    {
        lock (_lock)
        {
            if (_shutFor is null) return true;
            var now = time.GetUtcNow();
            if (now < _knocking) return false;
            _knocking = now + knockTimeout; // its answer may never come
            return true;
        }
    }

    /// <summary>The call that was let go is not made after all.</summary>
    public void TurnBack()
    {
        lock (_lock) _knocking = default;
    }

    /// <summary>Slack refused the token.</summary>
    /// <returns>Whether the door was open until now.</returns>
    public bool Shut(string error, TimeSpan quiet)
    {
        lock (_lock)
        {
            var now = time.GetUtcNow();
            var wasOpen = _shutFor is null;
            if (wasOpen) _shutSince = now;
            _shutFor = error;
            _quietUntil = now + quiet;
            _knocking = default;
            return wasOpen;
        }
    }

    /// <summary>Slack let us in.</summary>
    /// <returns>Whether the door was shut until now.</returns>
    public bool Open()
    {
        lock (_lock)
        {
            var wasShut = _shutFor is not null;
            _shutFor = null;
            _knocking = default;
            return wasShut;
        }
    }
}
