namespace StudyTracker.LoadTests.Benchmarks.Delivery;

/// <summary>What is to be delivered, and under which conditions.</summary>
/// <param name="Name">Of the round.</param>
/// <param name="Deliveries">Summaries.</param>
/// <param name="Channels">Readers, each with a direct message of its own.</param>
/// <param name="Factor">See <see cref="SlackLimits"/>.</param>
/// <param name="RateLimited">Share of calls answered with 429.</param>
/// <param name="ServerError">Share of calls answered with 500.</param>
/// <param name="ResetAfterAccept">Share of posts taken and then reset.</param>
/// <param name="Kills">How often the Notifier is killed.</param>
internal sealed record DeliveryRound(
    string Name, int Deliveries, int Channels, int Factor, double RateLimited = 0, double ServerError = 0, double ResetAfterAccept = 0, int Kills = 0)
{
    /// <summary>Workspaces, among which the deliveries are spread evenly.</summary>
    public const int Workspaces = 2;

    /// <summary>Share of calls that are made to fail.</summary>
    public double Failing => RateLimited + ServerError + ResetAfterAccept;
}

/// <summary>What came of a round.</summary>
/// <param name="Round">The conditions.</param>
/// <param name="MinimumSeconds">The least time that the limits allow.</param>
/// <param name="Seconds">From the first record published to the last message in Slack.</param>
/// <param name="DownSeconds">For how long the Notifier was not ready, after kills.</param>
/// <param name="Missing">Summaries that are not in Slack.</param>
/// <param name="Duplicates">Messages beyond the first of a summary.</param>
/// <param name="NotSent">Summaries that the Notifier's ledger has not as sent.</param>
/// <param name="Calls">Calls by method, as the Sandbox counted them.</param>
/// <param name="RateLimited">Calls answered with 429, also those made to.</param>
/// <param name="Connections">Connections that the Notifier opened; 0 after kills, which lose the count.</param>
/// <param name="LatenessP95Seconds">As the run's status tells it.</param>
internal sealed record DeliveryFigures(
    DeliveryRound Round,
    double MinimumSeconds,
    double Seconds,
    double DownSeconds,
    int Missing,
    int Duplicates,
    int NotSent,
    IReadOnlyDictionary<string, long> Calls,
    long RateLimited,
    double Connections,
    double LatenessP95Seconds)
{
    private const string Post = "chat.postMessage";

    /// <summary>Posts for each delivery.</summary>
    public double PostsPerDelivery => (double)Calls.GetValueOrDefault(Post) / Round.Deliveries;

    /// <summary>Calls of all methods for each delivery.</summary>
    public double CallsPerDelivery => (double)Calls.Values.Sum() / Round.Deliveries;

    /// <summary>Time over the least possible.</summary>
    public double TimeRatio => Seconds / MinimumSeconds;

    /// <summary>What is not as it must be; nothing, when all is.</summary>
    public IEnumerable<string> Faults()
    {
        if (Missing > 0) yield return $"{Missing} summaries are not in Slack";
        if (NotSent > 0) yield return $"{NotSent} summaries are not sent in the ledger";
        if (Duplicates > Round.Kills) yield return $"{Duplicates} duplicates for {Round.Kills} kills";
        var (posts, time) = Round.Failing == 0 ? (1.05, 1.05) : (1 / (1 - Round.Failing) + 0.05 + (double)Round.Kills / Round.Deliveries, 1.1);
        if (PostsPerDelivery > posts) yield return $"{PostsPerDelivery:0.000} posts a delivery, over {posts:0.000}";
        if (TimeRatio > time) yield return $"{TimeRatio:0.000} of the least possible time, over {time:0.00}";
    }
}
