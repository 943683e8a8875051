using System.Globalization;

namespace StudyTracker.Sandbox.Model;

/// <summary>
/// What the model says in its own words, in one language. Every phrase is true of the messages: it counts them, names
/// terms that are in them, or answers to words that are in them.
/// </summary>
internal abstract class Phrases
{
    private static readonly KoreanPhrases _korean = new();
    private static readonly EnglishPhrases _english = new();

    public static Phrases In(string language) => language == "ko" ? _korean : _english;

    /// <summary>What the time was about.</summary>
    public abstract string Lead(string kind, IReadOnlyList<string> topics);

    /// <summary>How many messages there are, and from when to when.</summary>
    public abstract string Count(int messages, string? from, string? to);

    /// <summary>That older messages did not fit.</summary>
    public abstract string LeftOut(int messages);

    /// <summary>A paragraph that encourages.</summary>
    public abstract string Feedback(IReadOnlyList<string> topics, int messages, bool hardship);

    /// <summary>What to do next.</summary>
    public abstract IReadOnlyList<string> NextSteps(IReadOnlyList<string> topics, bool hardship);

    /// <summary>Whether somebody writes of a difficulty.</summary>
    public abstract bool IsHardship(string text);

    /// <summary>What is said when there is nothing to summarise.</summary>
    public abstract string Nothing { get; }

    protected static bool ContainsAny(string text, params string[] words) =>
        words.Any(word => text.Contains(word, StringComparison.OrdinalIgnoreCase));

    protected static string N(int number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Korean. Particles that depend on the sound before them are avoided, because terms may be in any script.</summary>
internal sealed class KoreanPhrases : Phrases
{
    public override string Nothing => "요약할 기록이 없습니다.";

    public override string Lead(string kind, IReadOnlyList<string> topics)
    {
        var when = kind switch { "weekly" => "이번 주에는", "monthly" => "이번 달에는", _ => "오늘은" };
        return topics.Count == 1 ? $"{when} {topics[0]} 관련 내용을 공부했습니다." : $"{when} {string.Join(", ", topics)} 등을 중심으로 공부했습니다.";
    }

    public override string Count(int messages, string? from, string? to) =>
        from is null || to is null ? $"남긴 기록은 모두 {N(messages)}건입니다."
            : from == to ? $"남긴 기록은 {N(messages)}건이며, 시각은 {from}입니다."
            : $"{from}부터 {to}까지 모두 {N(messages)}건의 기록을 남겼습니다.";

    public override string LeftOut(int messages) => $"이보다 앞선 기록 {N(messages)}건은 분량이 많아 이 요약에 담지 못했습니다.";

    public override string Feedback(IReadOnlyList<string> topics, int messages, bool hardship)
    {
        var about = topics.Count > 0 ? $"‘{topics[0]}’ 관련 내용을 자신의 말로 기록한 점이 좋습니다." : "공부한 내용을 자신의 말로 기록한 점이 좋습니다.";
        var then = hardship ? "어려웠던 점까지 솔직하게 적어 두어 다음에 무엇을 다시 볼지 분명해졌습니다."
            : messages >= 4 ? $"{N(messages)}건으로 나누어 적어 공부의 흐름을 되짚기 쉽습니다."
            : messages > 1 && topics.Count > 1 ? $"‘{topics[1]}’까지 함께 다루어 내용이 서로 이어집니다."
            : "짧게라도 남긴 기록이 다음 공부의 출발점이 됩니다.";
        return $"{about} {then}";
    }

    public override IReadOnlyList<string> NextSteps(IReadOnlyList<string> topics, bool hardship)
    {
        var steps = new List<string>();
        if (hardship) steps.Add("막혔던 부분을 질문 한 문장으로 적고, 답을 찾아 기록하기");
        if (topics.Count > 0) steps.Add($"‘{topics[0]}’ 핵심을 자료를 보지 않고 다섯 문장으로 다시 써 보기");
        if (topics.Count > 1) steps.Add($"‘{topics[1]}’ 관련 예제를 하나 직접 만들어 확인하기");
        if (topics.Count > 2 && !hardship) steps.Add($"‘{topics[2]}’ 관련 내용을 내일 10분 동안 복습하기");
        if (steps.Count == 0) steps.Add("다음에 공부할 주제를 한 문장으로 정해 두기");
        return steps;
    }

    public override bool IsHardship(string text) => ContainsAny(text, "어렵", "어려", "헷갈", "막혔", "막힌", "모르겠", "힘들", "이해가 안", "이해 안");
}

/// <summary>English.</summary>
internal sealed class EnglishPhrases : Phrases
{
    public override string Nothing => "There is nothing to summarise.";

    public override string Lead(string kind, IReadOnlyList<string> topics)
    {
        var when = kind switch { "weekly" => "This week", "monthly" => "This month", _ => "Today" };
        var list = topics.Count == 1 ? topics[0] : $"{string.Join(", ", topics.Take(topics.Count - 1))} and {topics[^1]}";
        return $"{when} was mostly about {list}.";
    }

    public override string Count(int messages, string? from, string? to)
    {
        var notes = messages == 1 ? "one note" : $"{N(messages)} notes";
        return from is null || to is null ? $"You wrote {notes}." : from == to ? $"You wrote {notes}, at {from}." : $"You wrote {notes} between {from} and {to}.";
    }

    public override string LeftOut(int messages) =>
        messages == 1 ? "One older note did not fit into this summary." : $"{N(messages)} older notes did not fit into this summary.";

    public override string Feedback(IReadOnlyList<string> topics, int messages, bool hardship)
    {
        var about = topics.Count > 0 ? $"Putting {topics[0]} into your own words is time well spent." : "Putting it into your own words is time well spent.";
        var then = hardship ? "You also wrote down what was hard, so you know exactly what to look at again."
            : messages >= 4 ? $"With {N(messages)} separate notes, your train of thought is easy to follow."
            : messages > 1 && topics.Count > 1 ? $"Taking up {topics[1]} as well ties things together."
            : "Even a short note gives you a place to start from next time.";
        return $"{about} {then}";
    }

    public override IReadOnlyList<string> NextSteps(IReadOnlyList<string> topics, bool hardship)
    {
        var steps = new List<string>();
        if (hardship) steps.Add("Turn the point where you got stuck into one question, and note its answer");
        if (topics.Count > 0) steps.Add($"Explain {topics[0]} in five sentences without looking at your notes");
        if (topics.Count > 1) steps.Add($"Make up one example of your own for {topics[1]}");
        if (topics.Count > 2 && !hardship) steps.Add($"Review {topics[2]} for ten minutes tomorrow");
        if (steps.Count == 0) steps.Add("Decide on your next topic in one sentence");
        return steps;
    }

    public override bool IsHardship(string text) =>
        ContainsAny(text, "confus", "stuck", "difficult", "hard to", "hard time", "struggl", "don't understand", "didn't understand", "do not understand", "not sure", "unclear");
}
