using System.Collections.Concurrent;
using StudyTracker.Contracts;
using StudyTracker.FunctionalTests.Support;

namespace StudyTracker.FunctionalTests.Ingress;

/// <summary>Requests that were right before somebody tampered with them: the same ones in every run.</summary>
public sealed class MutationTests(App app, GuardedIngress ingress) : IClassFixture<GuardedIngress>
{
    private const int Workers = 8;
    private const int MutationsEach = 375;
    private const string Mark = "mutated";

    // An answer that is not there by now will not come before more bytes or the end of them.
    private static readonly TimeSpan _answerWait = TimeSpan.FromMilliseconds(150);
    private static readonly byte[] _filler = new byte[2_048];

    private static readonly byte[][] _splices =
    [
        "\r\n"u8.ToArray(), "\0"u8.ToArray(), "%00"u8.ToArray(), "%"u8.ToArray(), "&"u8.ToArray(), "="u8.ToArray(), "\""u8.ToArray(), "{"u8.ToArray(),
        "}"u8.ToArray(), "\\u0000"u8.ToArray(), "\\ud800"u8.ToArray(), [0xC3, 0x28], [0xED, 0xA0, 0x80], [0xEF, 0xBB, 0xBF], ": "u8.ToArray(), "-1"u8.ToArray(),
        "1e999"u8.ToArray(), "Content-Length: 5\r\n"u8.ToArray(), "Transfer-Encoding: chunked\r\n"u8.ToArray(), "Expect: 100-continue\r\n"u8.ToArray(),
    ];

    private readonly ConcurrentDictionary<string, bool> _signed = new();
    private readonly ConcurrentDictionary<int, int> _statuses = new();

    [Fact]
    public async Task Three_thousand_mutations_bring_no_failure_and_nothing_unsigned_into_a_topic()
    {
        await Task.WhenAll(Enumerable.Range(0, Workers).Select(RunAsync));

        TestContext.Current.TestOutputHelper?.WriteLine(string.Join(", ", _statuses.OrderBy(one => one.Key).Select(one => $"{one.Key}: {one.Value}")));
        // 505 is HTTP's own answer to a version of HTTP that is not spoken.
        _statuses.Keys.ShouldAllBe(status => status < 500 || status == 505);
        _statuses.Keys.ShouldContain(200);
        _statuses.Keys.ShouldContain(401);
        var last = Learner.New();
        await ingress.Slack.AcceptedAsync(last.Written(App.Marker));
        await Eventually.HoldsAsync(() => app.Log.Of(Topics.SlackEvents, last.Key).ShouldNotBeEmpty());
        var produced = app.Log.Of(Topics.SlackEvents).Concat(app.Log.Of(Topics.SlackInteractions))
            .Where(record => record.Text.Contains(Mark, StringComparison.Ordinal)).ToList();
        produced.ShouldNotBeEmpty();
        produced.ShouldAllBe(record => _signed.ContainsKey(Convert.ToBase64String(record.Value)));
        await ingress.LogIsCleanAsync();
    }

    private async Task RunAsync(int worker)
    {
        var random = new Random(20_240 + worker);
        var connection = await RawConnection.OpenAsync(ingress.Url);
        try
        {
            for (var index = 0; index < MutationsEach; index++)
            {
                var request = Request(random);
                var right = request.ToBytes();
                var sent = random.Next(2) == 0 ? right : Mutate(right, random);
                _signed.TryAdd(Convert.ToBase64String(request.Body), true);

                var answer = await ExchangeAsync(connection, sent);

                _statuses.AddOrUpdate(answer?.Status ?? 0, 1, (_, count) => count + 1);
                if (answer is not null && sent.Length == right.Length && !answer.Headers.ContainsKey("Connection")) continue;
                connection.Dispose();
                connection = await RawConnection.OpenAsync(ingress.Url);
            }
        }
        finally
        {
            connection.Dispose();
        }
    }

    private static async Task<RawAnswer?> ExchangeAsync(RawConnection connection, byte[] bytes)
    {
        if (!await connection.SendAsync(bytes)) return null;
        var answer = connection.ReceiveAsync();
        if (await IsThereAsync(answer)) return await answer;
        // It waits for more than there is: it gets more, and then the end.
        await connection.SendAsync(_filler);
        if (!await IsThereAsync(answer)) connection.EndSending();
        return await answer;
    }

    private static async Task<bool> IsThereAsync(Task answer) =>
        await Task.WhenAny(answer, Task.Delay(_answerWait, TestContext.Current.CancellationToken)) == answer;

    /// <summary>One of Slack's requests, signed rightly, half of the time over a body that was tampered with before.</summary>
    private static RawRequest Request(Random random)
    {
        // Without a time of Slack's form, intake puts the event aside: no other test meets these learners.
        var learner = new Learner($"TMUTATED{random.Next(2)}", $"U{random.Next(8)}", "C1");
        var text = string.Join(' ', Enumerable.Repeat(Mark, 8)) + App.Marker;
        var request = random.Next(3) switch
        {
            0 => RawRequest.Event(learner.Written(text, "none", $"Ev{random.Next()}"), GuardedIngress.Secret),
            1 => RawRequest.Form("/slack/commands", BadInputs.Command(learner).Replace(App.Marker, text, StringComparison.Ordinal), GuardedIngress.Secret),
            _ => RawRequest.Form("/slack/interactions", $"payload={BadInputs.Payload(learner).Replace(App.Marker, text, StringComparison.Ordinal)}", GuardedIngress.Secret),
        };
        if (random.Next(2) == 0) return request;
        var body = Mutate(request.Body, random);
        return request with { Body = body, Length = $"Content-Length: {body.Length}\r\n" };
    }

    private static byte[] Mutate(byte[] bytes, Random random)
    {
        var mutated = bytes.ToList();
        for (var edits = random.Next(1, 4); edits > 0; edits--)
        {
            var at = random.Next(mutated.Count);
            switch (random.Next(5))
            {
                case 0: mutated[at] = (byte)random.Next(256); break;
                case 1: mutated[at] ^= (byte)(1 << random.Next(8)); break;
                case 2: mutated.RemoveRange(at, Math.Min(random.Next(1, 9), mutated.Count - at)); break;
                case 3: mutated.InsertRange(at, mutated.GetRange(at, Math.Min(random.Next(1, 9), mutated.Count - at))); break;
                default: mutated.InsertRange(at, _splices[random.Next(_splices.Length)]); break;
            }
        }

        return [.. mutated];
    }
}
