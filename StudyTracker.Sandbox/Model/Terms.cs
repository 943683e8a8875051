using System.Text.RegularExpressions;

namespace StudyTracker.Sandbox.Model;

/// <summary>A word that means something.</summary>
/// <param name="Text">As it was written, without what follows a noun in Korean.</param>
/// <param name="Ends">Whether a particle follows: then no further word belongs to the same name.</param>
internal readonly record struct Term(string Text, bool Ends);

/// <summary>Takes words that mean something out of Korean and English text.</summary>
internal static partial class Terms
{
    // What follows a noun in Korean; the longest first, so that 에서는 is not taken for 는.
    private static readonly string[] _particles =
        ["이라는", "에서는", "으로는", "했습니다", "했어요", "합니다", "하면서", "에서", "에게", "으로", "라는", "까지", "부터", "처럼", "보다", "하고", "이나",
         "했다", "한다", "하는", "하기", "해서", "하면", "했고", "들을", "들이", "들은", "은", "는", "이", "가", "을", "를", "에", "의", "와", "과", "도", "만", "로", "랑"];

    private static readonly HashSet<string> _common = new(StringComparer.OrdinalIgnoreCase)
    {
        "오늘", "어제", "내일", "그리고", "그런데", "하지만", "그래서", "조금", "많이", "정말", "너무", "다시", "이번", "다음", "공부", "정리", "내용", "부분",
        "이해", "기록", "복습", "생각", "느낌", "시간", "관련", "대해", "대한", "통해", "위해", "같은", "있는", "없는", "하는", "되는", "어떤", "모든", "가장", "처음",
        "먼저", "드디어", "아직", "계속", "항상", "하나", "때문", "경우", "정도", "이후", "이전", "여기", "거기", "그것", "이것", "우리", "나는", "내가", "차이",
        "about", "after", "again", "all", "also", "and", "any", "are", "because", "been", "before", "but", "can", "could", "did", "does", "doing", "done",
        "for", "from", "get", "got", "had", "has", "have", "how", "into", "its", "just", "learn", "learned", "learnt", "like", "made", "make", "more", "much",
        "need", "not", "now", "one", "only", "our", "out", "over", "read", "really", "same", "she", "should", "some", "still", "studied", "study", "such",
        "than", "that", "the", "their", "them", "then", "there", "these", "they", "thing", "things", "this", "those", "time", "today", "tomorrow", "two",
        "understand", "understood", "use", "used", "uses", "using", "very", "was", "way", "well", "were", "what", "when", "where", "which", "while", "who",
        "why", "will", "with", "without", "work", "worked", "would", "write", "wrote", "yesterday", "you", "your", "finally", "first", "tried", "try",
        "http", "https", "www", "com", "every", "each", "wants", "want", "went", "back", "between", "both", "too", "it's", "i'm", "a.m", "p.m",
        "finished", "solved", "review", "reviewed", "practised", "practiced", "notes", "chapter", "min", "minutes", "hour", "hours",
    };

    /// <summary>The terms of a text in their order; words between them that mean little are null.</summary>
    public static IReadOnlyList<Term?> Of(string text)
    {
        // An address names where something is, and an emoji how somebody felt; neither what it is about.
        if (text.Contains(':', StringComparison.Ordinal)) text = NoTopic().Replace(text, "\n");
        var terms = new List<Term?>();
        var end = 0;
        foreach (var match in Word().EnumerateMatches(text))
        {
            // Only a space or nothing may stand between the words of one name.
            if (match.Index > end + 1 || (match.Index == end + 1 && text[end] != ' ')) terms.Add(null);
            end = match.Index + match.Length;
            terms.Add(Read(text.Substring(match.Index, match.Length), terms));
        }

        return terms;
    }

    /// <summary>The same key for every way to write a term: with capitals or not, one or several.</summary>
    public static string Key(string term)
    {
        var key = term.ToLowerInvariant();
        if (key.Length < 4 || key[^1] != 's' || key[^2] is 's' or 'u' or 'i') return key;
        return key.EndsWith("xes", StringComparison.Ordinal) || key.EndsWith("ches", StringComparison.Ordinal) || key.EndsWith("shes", StringComparison.Ordinal)
            ? key[..^2]
            : key[..^1];
    }

    private static Term? Read(string word, List<Term?> before)
    {
        // After a Latin word its particle stands alone: TCP는 is TCP and 는.
        if (before is [.., { } last] && IsHangul(word[0]) && Array.IndexOf(_particles, word) >= 0)
        {
            before[^1] = last with { Ends = true };
            return null;
        }

        var term = IsHangul(word[^1]) ? WithoutParticle(word) : word;
        return Means(term) ? new Term(term, term.Length < word.Length) : null;
    }

    private static bool Means(string term)
    {
        if (term.Length is < 2 or > 30 || _common.Contains(term) || term.All(char.IsDigit)) return false;
        // Korean words of one syllable, and verbs, which end in 다, 요, 죠 or 음, name no topic; short English words neither.
        if (IsHangul(term[^1])) return term[^1] is not ('다' or '요' or '죠' or '음' or '서' or '니' or '며' or '지' or '게' or '던');
        // Implemented, measured, replaced: what was done, not what it was about.
        if (term.Length > 4 && term.EndsWith("ed", StringComparison.Ordinal)) return false;
        return term.Length > 2 || term.Any(char.IsUpper) || term.Contains('#', StringComparison.Ordinal);
    }

    private static string WithoutParticle(string word)
    {
        foreach (var particle in _particles)
        {
            if (word.Length >= particle.Length + 2 && word.EndsWith(particle, StringComparison.Ordinal)) return word[..^particle.Length];
        }

        return word;
    }

    private static bool IsHangul(char character) => character is >= '가' and <= '힣';

    [GeneratedRegex(@"[a-z][a-z0-9+.\-]*://\S+|(?<=^|\s):[a-z0-9_+\-]+:(?=\s|$)")]
    private static partial Regex NoTopic();

    // Keeps C#, C++, B-Tree and .NET-like names with an inner dot together; splits Korean from Latin (TCP는 → TCP, 는).
    [GeneratedRegex(@"[A-Za-z\u00C0-\u024F0-9]+(?:['\-._/][A-Za-z\u00C0-\u024F0-9]+)*[+#]*|[가-힣]+|[\p{L}\p{N}]+")]
    private static partial Regex Word();
}
