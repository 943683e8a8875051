using System.Globalization;
using System.Text;
using System.Text.Json;

namespace StudyTracker.LoadTests.Benchmarks;

/// <summary>A learner's message of the benchmark.</summary>
internal sealed record BenchMessage(
    int Member, string TeamId, string UserId, string Channel, string Ts, string Text, string EventId, DateTimeOffset PostedAt, DateTimeOffset ReceivedAt);

/// <summary>Messages as learners write them: one millisecond after the other, each by another member.</summary>
/// <param name="Members">How many members write.</param>
/// <param name="Channels">How many channels they write in.</param>
internal sealed record IntakeLoad(int Members, int Channels)
{
    private static readonly string[] _texts =
    [
        "오늘은 카프카 컨슈머 그룹 리밸런싱을 실습했다. 처음엔 이해가 안 됐지만 로그를 하나씩 따라가니 파티션이 옮겨지는 게 보였다.",
        "Read the chapter on B-trees again: the page is the unit of I/O, so a wide fan-out keeps the tree flat. Exercises 1 to 4 done.",
        "DP 문제 세 개를 풀었다. 점화식을 세우는 건 익숙해졌는데 초기값을 자꾸 틀린다. 내일 다시.",
        "Learned how \"ON CONFLICT\" works in PostgreSQL and why a unique index is needed for it. 😀",
    ];

    /// <summary>The workspace of all rows.</summary>
    public const string Team = "T0BENCHMARK";

    /// <summary>When the first message of a round was posted; what was in the table before is older.</summary>
    public static DateTimeOffset Start(int round) => DateTimeOffset.UtcNow.Date.AddDays(-30).AddHours(round);

    /// <summary>The name of a channel.</summary>
    public static string Channel(int number) => $"C0{number:X8}";

    /// <summary>The messages of one round; each round has an hour of its own, so that none meets another's rows.</summary>
    public List<BenchMessage> Messages(int round, int count)
    {
        var start = Start(round);
        return [.. Enumerable.Range(0, count).Select(index =>
        {
            var posted = start.AddMilliseconds(index);
            var ts = string.Create(CultureInfo.InvariantCulture, $"{posted.ToUnixTimeSeconds()}.{posted.Millisecond:000}{index % 1_000:000}");
            // A stride that is prime to most numbers: neighbours in time are different members.
            var member = (int)(index * 7_919L % Members);
            return new BenchMessage(
                member,
                Team,
                $"U0{member:X8}",
                Channel(member % Channels),
                ts,
                _texts[index % _texts.Length],
                string.Create(CultureInfo.InvariantCulture, $"Ev{round:X4}{index:X8}"),
                DateTimeOffset.UnixEpoch.AddMicroseconds((long)(decimal.Parse(ts, CultureInfo.InvariantCulture) * 1_000_000m)),
                posted.AddSeconds(1));
        })];
    }

    /// <summary>The message as Slack sends it: ASCII, with everything that intake has no use for.</summary>
    public static byte[] Envelope(BenchMessage message) => Encoding.ASCII.GetBytes(string.Concat(
        $$"""{"token":"verification","team_id":"{{message.TeamId}}","context_team_id":"{{message.TeamId}}","context_enterprise_id":null,"api_app_id":"A0STUDYTRAK","event":{"type":"message","user":"{{message.UserId}}","ts":"{{message.Ts}}","client_msg_id":"6f1ab2c4-7d0e-4b43-9a6d-0c2f8e1d5a77","text":""",
        JsonSerializer.Serialize(message.Text),
        $$"""
        ,"team":"{{message.TeamId}}","channel":"{{message.Channel}}","event_ts":"{{message.Ts}}","channel_type":"channel"},"type":"event_callback","event_id":"{{message.EventId}}","event_time":{{message.PostedAt.ToUnixTimeSeconds()}},"authorizations":[{"enterprise_id":null,"team_id":"{{message.TeamId}}","user_id":"U0STUDYBOT","is_bot":true,"is_enterprise_install":false}],"is_ext_shared_channel":false,"event_context":"4-{{message.EventId}}"}
        """));
}
