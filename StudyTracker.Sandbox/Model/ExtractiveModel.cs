namespace StudyTracker.Sandbox.Model;

/// <summary>
/// Summarises by quoting: the most telling sentences as they were written, in their order, with a lead and advice from
/// <see cref="Phrases"/>. The same prompt always gives the same summary, and nothing in it is made up.
/// </summary>
internal static class ExtractiveModel
{
    private const int MinSentences = 3;
    private const int MaxSentences = 4;
    private const int MaxLeadSources = 5;
    private const double TooAlike = 0.6;

    public static ModelSummary Summarise(SummaryPrompt prompt)
    {
        var phrases = Phrases.In(prompt.Language);
        var messages = prompt.Messages.Where(message => !string.IsNullOrWhiteSpace(message.Text)).ToList();
        if (messages.Count == 0)
            return new ModelSummary([new ModelSentence(phrases.Nothing, [.. prompt.Messages.Select(message => message.Id)])], phrases.Nothing, phrases.NextSteps([], false));

        var topics = new Topics(messages);
        var names = topics.Best.Select(topic => topic.Name).ToList();
        var hardship = messages.Any(message => phrases.IsHardship(message.Text));
        var sentences = new List<ModelSentence>();
        if (names.Count > 0)
        {
            var about = topics.Best.SelectMany(topic => topic.Messages).Distinct().Order().Take(MaxLeadSources);
            sentences.Add(new ModelSentence(phrases.Lead(prompt.Kind, names), [.. about.Select(index => messages[index].Id)]));
        }

        sentences.AddRange(Extract(messages, topics, MaxSentences - sentences.Count - (prompt.LeftOut > 0 ? 1 : 0)));
        if (sentences.Count < MinSentences)
        {
            var count = phrases.Count(messages.Count, messages[0].Time, messages[^1].Time);
            sentences.Add(new ModelSentence(count, [.. messages.Select(message => message.Id)]));
        }

        // Every sentence needs a source; the oldest message that did fit shows where the gap begins.
        if (prompt.LeftOut > 0) sentences.Add(new ModelSentence(phrases.LeftOut(prompt.LeftOut), [messages[0].Id]));
        return new ModelSummary(sentences, phrases.Feedback(names, messages.Count, hardship), phrases.NextSteps(names, hardship));
    }

    private static IEnumerable<ModelSentence> Extract(List<PromptMessage> messages, Topics topics, int count)
    {
        var candidates = messages
            .SelectMany(message => Sentences.Of(message.Text).Select(text => (message.Id, Text: text)))
            .Select((sentence, order) => new Candidate(sentence.Id, sentence.Text, order, [.. Terms.Of(sentence.Text).OfType<Term>().Select(term => Terms.Key(term.Text))]))
            .ToList();
        var chosen = new List<Candidate>();
        foreach (var candidate in candidates.OrderByDescending(candidate => candidate.Score(topics)).ThenBy(candidate => candidate.Order))
        {
            if (chosen.Count == count) break;
            if (chosen.TrueForAll(other => other.Likeness(candidate) < TooAlike)) chosen.Add(candidate);
        }

        return chosen.OrderBy(candidate => candidate.Order).Select(candidate => new ModelSentence(
            candidate.Text,
            [.. candidates.Where(other => other.Text == candidate.Text).Select(other => other.Id).Distinct()]));
    }

    private sealed record Candidate(string Id, string Text, int Order, HashSet<string> Terms)
    {
        // Long sentences have more terms; the root keeps them from always winning, and very short ones say too little.
        public double Score(Topics topics) =>
            Terms.Count == 0 ? 0 : Terms.Sum(topics.Weight) / Math.Sqrt(Terms.Count + 1) * Math.Min(1, Text.Length / 20.0);

        public double Likeness(Candidate other)
        {
            if (Text == other.Text) return 1;
            var all = Terms.Union(other.Terms).Count();
            return all == 0 ? 0 : (double)Terms.Intersect(other.Terms).Count() / all;
        }
    }
}
