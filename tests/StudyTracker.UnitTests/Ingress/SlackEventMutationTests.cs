using System.Text;
using CsCheck;
using StudyTracker.Ingress;

namespace StudyTracker.UnitTests.Ingress;

/// <summary>Whatever comes in: an answer, never an exception, and never an id that could not be a record key.</summary>
public sealed class SlackEventMutationTests
{
    private static readonly byte[] _seed = Encoding.UTF8.GetBytes(
        """
        {"token":"t","team_id":"T0123ABCD","type":"event_callback","event_id":"Ev0001","event":{"type":"message",
        "subtype":"message_changed","channel":"C1","ts":"1700000000.000100","message":{"user":"U1","ts":"1.2","text":"안녕 \ud83d\ude00 <@U2>",
        "edited":{"ts":"1.3"}},"previous_message":{"user":"U1","bot_id":null,"text":"\n"}},"authorizations":[{"is_bot":true}]}
        """);

    private static readonly Gen<byte[]> _mutated =
        from edits in Gen.Select(Gen.Int[0, _seed.Length - 1], Gen.Byte, Gen.Int[0, 3], Gen.Int[1, 40]).Array[1, 8]
        select Mutate(edits);

    [Fact]
    public void Bytes_of_any_kind_are_answered() => Gen.Byte.Array[0, 200].Sample(body => Holds(body));

    [Fact]
    public void Envelopes_that_were_tampered_with_are_answered() => _mutated.Sample(body => Holds(body), iter: 20_000);

    [Fact]
    public void Envelopes_cut_short_are_invalid()
    {
        for (var length = 0; length < _seed.Length - 1; length++)
            SlackEvent.Read(_seed.AsSpan(0, length)).Kind.ShouldBe(SlackEventKind.Invalid, $"{length} bytes");
    }

    private static bool Holds(byte[] body)
    {
        var read = SlackEvent.Read(body);
        return read.Kind != SlackEventKind.Message
            || new[] { read.TeamId, read.UserId, Encoding.Latin1.GetString(read.EventId) }.All(id => id is { Length: > 0 and <= 64 } && id.All(letter => letter is > ' ' and < '\x7f' and not ':'));
    }

    private static byte[] Mutate((int At, byte Value, int How, int Length)[] edits)
    {
        var body = _seed.ToList();
        foreach (var (at, value, how, length) in edits)
        {
            var index = at % Math.Max(1, body.Count);
            switch (how)
            {
                case 0: body[index] = value; break;
                case 1: body.Insert(index, value); break;
                case 2: body.RemoveRange(index, Math.Min(length, body.Count - index)); break;
                default: body.InsertRange(index, body.GetRange(at % (body.Count / 2 + 1), Math.Min(length, body.Count / 2))); break;
            }

            if (body.Count == 0) body.Add(value);
        }

        return [.. body];
    }
}
