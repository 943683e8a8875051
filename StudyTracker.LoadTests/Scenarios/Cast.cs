using System.Globalization;
using System.Text;
using System.Text.Json;

namespace StudyTracker.LoadTests.Scenarios;

/// <summary>Who writes what in a run. Workspaces belong to the run alone, so its rows can be told from all others.</summary>
internal sealed class Cast
{
    private const string Alphabet = "0123456789ABCDEFGHJKLMNPQRSTVWXYZ";
    private const int RunLetters = 6;

    // Words that a study log is made of; Korean and English, as the learners of the report.
    private static readonly string[] _topics =
    [
        "B-트리 인덱스", "consistent hashing", "TCP 혼잡 제어", "event sourcing", "동적 계획법", "graph shortest paths",
        "가비지 컬렉션", "MVCC in PostgreSQL", "코루틴", "Kafka consumer groups", "운영체제 스케줄링", "TLS handshakes",
    ];

    private static readonly string[] _deeds =
    [
        "정리하고 예제를 직접 구현해 봤다", "read a chapter and took notes", "문제 세 개를 풀었다", "wrote a small benchmark",
        "발표 자료를 만들었다", "compared two implementations", "헷갈리는 부분을 다시 복습했다", "explained it to a friend",
    ];

    private static readonly byte[][] _json =
        [.. Enumerable.Range(0, _topics.Length * _deeds.Length).Select(number => Encoding.ASCII.GetBytes(JsonEncodedText.Encode(Sentence(number)).ToString()))];

    private readonly string[] _teams;
    private readonly string[] _users;
    private readonly string[] _channels;
    private readonly int _learners;

    /// <param name="run">Name of the run: capital letters and digits.</param>
    /// <param name="learners">How many learners.</param>
    /// <param name="workspaces">In how many workspaces.</param>
    public Cast(string run, int learners, int workspaces)
    {
        Run = run;
        _learners = learners;
        _users = [.. Enumerable.Range(0, learners).Select(user => $"U{run}{user:D5}")];
        _channels = [.. Enumerable.Range(0, learners).Select(user => $"C{run}{user:D5}")];
        _teams = [.. Enumerable.Range(0, workspaces).Select(team => $"T{run}{team:D4}")];
    }

    /// <summary>Name of the run.</summary>
    public string Run { get; }

    /// <summary>The workspaces.</summary>
    public IReadOnlyList<string> Teams => _teams;

    /// <summary>A name that no other run has: the time, in hundredths of a second, as letters.</summary>
    public static string NewRun(DateTimeOffset now)
    {
        var hundredths = now.ToUnixTimeMilliseconds() / 10;
        return string.Create(RunLetters, hundredths, static (letters, rest) =>
        {
            for (var place = letters.Length - 1; place >= 0; place--, rest /= Alphabet.Length) letters[place] = Alphabet[(int)(rest % Alphabet.Length)];
        });
    }

    /// <summary>The workspace of an event's learner.</summary>
    public string TeamOf(int number) => _teams[number % _learners % _teams.Length];

    /// <summary>An event's learner.</summary>
    public string UserOf(int number) => _users[number % _learners];

    /// <summary>The learner's channel.</summary>
    public string ChannelOf(int number) => _channels[number % _learners];

    /// <summary>How many events the learner has before this one.</summary>
    public int RoundOf(int number) => number / _learners;

    /// <summary>Slack's id of an event.</summary>
    public string EventIdOf(int number) => $"Ev{Run}{number:D8}";

    /// <summary>The id of a run that is triggered.</summary>
    public string RunIdOf(int trigger) => $"load-{Run}-{trigger + 1:D3}";

    /// <summary>The number of an event, from its id; null when it is not of this run.</summary>
    public int? NumberOf(string eventId) =>
        eventId.StartsWith($"Ev{Run}", StringComparison.Ordinal) && int.TryParse(eventId.AsSpan(2 + RunLetters), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    /// <summary>What the learner writes.</summary>
    public static string TextOf(int number) => $"{Sentence(number)} ({number + 1})";

    /// <summary>The same without its number, as the inside of a JSON string, in Slack's way ASCII only.</summary>
    public static ReadOnlySpan<byte> JsonTextOf(int number) => _json[number % _json.Length];

    private static string Sentence(int number) => $"{_topics[number % _topics.Length]}: {_deeds[number / _topics.Length % _deeds.Length]}";
}
