using System.Text;

namespace StudyTracker.Summarizer.Members;

/// <summary>The words for what <c>/study</c> understands, and what somebody may have meant who mistyped one.</summary>
internal static class Verbs
{
    private const int ShortestWord = 2;

    // A longer one is a sentence, not a word that was mistyped.
    private const int LongestWord = 16;

    private static readonly Dictionary<string, Verb> _verbs = new(StringComparer.OrdinalIgnoreCase)
    {
        ["pause"] = Verb.Pause,
        ["일시중지"] = Verb.Pause,
        ["쉬기"] = Verb.Pause,
        ["resume"] = Verb.Resume,
        ["재개"] = Verb.Resume,
        ["status"] = Verb.Status,
        ["상태"] = Verb.Status,
        ["stop"] = Verb.Stop,
        ["중지"] = Verb.Stop,
        ["start"] = Verb.Start,
        ["시작"] = Verb.Start,
        ["time"] = Verb.Time,
        ["시간"] = Verb.Time,
        ["day"] = Verb.Day,
        ["하루"] = Verb.Day,
        ["help"] = Verb.Help,
        ["?"] = Verb.Help,
        ["도움말"] = Verb.Help,
        ["export"] = Verb.Data,
        ["내보내기"] = Verb.Data,
        ["erase"] = Verb.Data,
        ["delete"] = Verb.Data,
        ["삭제"] = Verb.Data,
    };

    /// <summary>The verb that a word stands for; null: none.</summary>
    public static Verb? Find(string word) => _verbs.TryGetValue(word, out var verb) ? verb : null;

    /// <summary>The verb that a word is most like: it begins it, or has a letter or two wrong; null: it is like none.</summary>
    public static Verb? Nearest(string word)
    {
        if (word.Length is < ShortestWord or > LongestWord) return null;
        // Hangul by its letters: a syllable with one of them wrong is nearly right.
        var letters = Letters(word);
        var nearest = _verbs
            .Select(verb => (verb.Value, Distance: Distance(letters, Letters(verb.Key))))
            .Where(verb => verb.Distance <= (letters.Length <= 3 ? 1 : 2))
            .OrderBy(verb => verb.Distance)
            .ToList();
        return nearest.Count > 0 ? nearest[0].Value : null;
    }

    private static string Letters(string word) => word.ToLowerInvariant().Normalize(NormalizationForm.FormD);

    /// <summary>Letters that are to be put in, left out, replaced, or swapped with their neighbour; 1 for a beginning of the other.</summary>
    private static int Distance(string one, string other)
    {
        if (one.Length >= 2 && other.StartsWith(one, StringComparison.Ordinal)) return Math.Min(1, other.Length - one.Length);
        var distances = new int[one.Length + 1, other.Length + 1];
        for (var i = 0; i <= one.Length; i++) distances[i, 0] = i;
        for (var j = 0; j <= other.Length; j++) distances[0, j] = j;
        for (var i = 1; i <= one.Length; i++)
        {
            for (var j = 1; j <= other.Length; j++)
            {
                var replaced = distances[i - 1, j - 1] + (one[i - 1] == other[j - 1] ? 0 : 1);
                distances[i, j] = Math.Min(replaced, 1 + Math.Min(distances[i - 1, j], distances[i, j - 1]));
                if (i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1])
                    distances[i, j] = Math.Min(distances[i, j], 1 + distances[i - 2, j - 2]);
            }
        }

        return distances[one.Length, other.Length];
    }
}
