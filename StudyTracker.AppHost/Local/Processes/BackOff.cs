namespace StudyTracker.AppHost.Local.Processes;

/// <summary>How long to wait before a process that died is started again: doubling, until it has stayed up for a while.</summary>
/// <param name="first">The first wait.</param>
/// <param name="longest">The longest wait.</param>
/// <param name="healthyAfter">A process that ran this long is taken for healthy: the waits begin anew.</param>
internal sealed class BackOff(TimeSpan first, TimeSpan longest, TimeSpan healthyAfter)
{
    private TimeSpan _next;

    /// <summary>The wait after a process that ran for <paramref name="uptime"/>.</summary>
    public TimeSpan Next(TimeSpan uptime)
    {
        var wait = uptime >= healthyAfter || _next == default ? first : _next;
        _next = TimeSpan.FromTicks(Math.Min(wait.Ticks * 2, longest.Ticks));
        return wait;
    }
}
