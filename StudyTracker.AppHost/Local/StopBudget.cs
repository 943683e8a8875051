namespace StudyTracker.AppHost.Local;

/// <summary>Shares out the time in which all services have to stop.</summary>
internal static class StopBudget
{
    /// <summary>
    /// How long the next service may take: what is left, less a tenth of the whole for each service after it, so that one
    /// that hangs does not cost the others their chance to finish in order.
    /// </summary>
    /// <param name="whole">The time for all services.</param>
    /// <param name="spent">What is spent of it.</param>
    /// <param name="left">How many services still run, this one included.</param>
    public static TimeSpan For(TimeSpan whole, TimeSpan spent, int left)
    {
        var share = whole / 10;
        var mine = whole - spent - share * (left - 1);
        return mine > share ? mine : share;
    }
}
