namespace StudyTracker.LoadTests.Engine;

/// <summary>When the requests of an open stage are due.</summary>
internal static class Arrivals
{
    /// <summary>At even distances.</summary>
    public static TimeSpan[] Constant(int count, TimeSpan window) => [.. Enumerable.Range(0, count).Select(request => window * request / count)];

    /// <summary>
    /// As independent people write: a Poisson process, given that so many arrive within the window. That is as many places drawn
    /// evenly and put in order.
    /// </summary>
    public static TimeSpan[] Poisson(int count, TimeSpan window, int seed)
    {
        var random = new Random(seed);
        var due = Enumerable.Range(0, count).Select(_ => window * random.NextDouble()).ToArray();
        Array.Sort(due);
        return due;
    }
}
