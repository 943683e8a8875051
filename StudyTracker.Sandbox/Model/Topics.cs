namespace StudyTracker.Sandbox.Model;

/// <summary>What messages are about: their most telling terms, and names of two or three terms such as 혼잡 제어.</summary>
internal sealed class Topics
{
    private const int MaxTopics = 3;
    private const int MaxTermsOfName = 3;
    private readonly Dictionary<string, Statistic> _single = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Statistic> _names = new(StringComparer.Ordinal);

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

    private void Count(IReadOnlyList<Term?> terms, int message)
    {
        for (var i = 0; i < terms.Count; i++)
        {
            if (terms[i] is not { } term) continue;
            Add(_single, term.Text, message);
            var name = term.Text;
            var ends = term.Ends;
            for (var length = 2; length <= MaxTermsOfName && !ends && i + length <= terms.Count; length++)
            {
                if (terms[i + length - 1] is not { } next) break;
                name = $"{name} {next.Text}";
                ends = next.Ends;
                Add(_names, name, message);
            }
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
        // Words that stand together twice are a name; the longer one, where both a part and the whole are.
        var ranked = _names.Values.Where(name => name.Uses > 1).Select(name => (Of: name, Score: name.Score * (1 + 0.4 * name.Terms)))
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

        public int Terms { get; } = display.Count(character => character == ' ') + 1;

        public int Order { get; } = order;

        public int Uses { get; set; }

        public List<int> Messages { get; } = [];

        // TCP, B-tree and C# tell more than common words do. One capital alone may only begin a sentence.
        public double Score => Messages.Count + Uses * 0.5 + (IsName ? 0.4 : 0) + Math.Min(Display.Length, 12) * 0.02;

        private bool IsName => Display.Skip(1).Any(char.IsUpper) || (char.IsUpper(Display[0]) && Display.Any(character => "-#+".Contains(character, StringComparison.Ordinal)));
    }
}

/// <summary>A topic.</summary>
/// <param name="Name">As it was first written.</param>
/// <param name="Messages">Indexes of the messages that speak of it.</param>
internal sealed record Topic(string Name, IReadOnlyList<int> Messages);
