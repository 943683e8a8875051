namespace StudyTracker.Sandbox.Model;

/// <summary>What messages are about: their most telling terms and pairs of terms.</summary>
internal sealed class Topics
{
    private const int MaxTopics = 3;
    private readonly Dictionary<string, Statistic> _single = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Statistic> _pairs = new(StringComparer.Ordinal);

    public Topics(IReadOnlyList<PromptMessage> messages)
    {
        for (var index = 0; index < messages.Count; index++)
        {
            foreach (var sentence in Sentences.Of(messages[index].Text)) Count(Terms.Of(sentence), index);
        }

        Best = Choose();
    }

    /// <summary>The topics as they were first written, the best first.</summary>
    public IReadOnlyList<Topic> Best { get; }

    /// <summary>How telling a term is: how often it is used, less and less for each more.</summary>
    public double Weight(string term) =>
        _single.TryGetValue(Terms.Key(term), out var statistic) ? Math.Log(1 + statistic.Uses + statistic.Messages.Count) : 0;

    private void Count(IReadOnlyList<string?> terms, int message)
    {
        for (var i = 0; i < terms.Count; i++)
        {
            if (terms[i] is not { } term) continue;
            Add(_single, term, message);
            if (i + 1 < terms.Count && terms[i + 1] is { } next) Add(_pairs, $"{term} {next}", message);
        }
    }

    private static void Add(Dictionary<string, Statistic> statistics, string term, int message)
    {
        var key = Terms.Key(term);
        // The order of first use settles ties, so that the same messages always give the same answer.
        if (!statistics.TryGetValue(key, out var statistic)) statistics[key] = statistic = new Statistic(term, statistics.Count);
        statistic.Uses++;
        if (statistic.Messages.Count == 0 || statistic.Messages[^1] != message) statistic.Messages.Add(message);
    }

    private List<Topic> Choose()
    {
        var chosen = new List<Topic>();
        var ranked = _pairs.Values.Where(pair => pair.Uses > 1).Select(pair => (Of: pair, Score: 1.7 * pair.Score))
            .Concat(_single.Values.Select(single => (Of: single, single.Score)))
            .OrderByDescending(candidate => candidate.Score)
            .ThenBy(candidate => candidate.Of.Order)
            .ThenBy(candidate => candidate.Of.Display, StringComparer.Ordinal);
        foreach (var (candidate, _) in ranked)
        {
            if (chosen.Count == MaxTopics) break;
            if (chosen.Exists(topic => Overlap(topic.Name, candidate.Display))) continue;
            chosen.Add(new Topic(candidate.Display, candidate.Messages));
        }

        return chosen;
    }

    private static bool Overlap(string one, string other) =>
        one.Contains(other, StringComparison.OrdinalIgnoreCase) || other.Contains(one, StringComparison.OrdinalIgnoreCase)
        || one.Split(' ').Intersect(other.Split(' '), StringComparer.OrdinalIgnoreCase).Any();

    private sealed class Statistic(string display, int order)
    {
        public string Display { get; } = display;

        public int Order { get; } = order;

        public int Uses { get; set; }

        public List<int> Messages { get; } = [];

        // Names in capitals (TCP, Dijkstra) tell more than common words do.
        public double Score => Messages.Count + Uses * 0.5 + (char.IsUpper(Display[0]) ? 0.4 : 0) + Math.Min(Display.Length, 12) * 0.02;
    }
}

/// <summary>A topic.</summary>
/// <param name="Name">As it was first written.</param>
/// <param name="Messages">Indexes of the messages that speak of it.</param>
internal sealed record Topic(string Name, IReadOnlyList<int> Messages);
