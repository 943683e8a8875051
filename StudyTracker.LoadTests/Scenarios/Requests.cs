using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using StudyTracker.LoadTests.Connections;

namespace StudyTracker.LoadTests.Scenarios;

/// <summary>Builds requests as bytes: Slack's events with their signature, and triggers.</summary>
internal sealed class Requests(Cast cast, Server server, byte[] signingSecret, string operatorKey)
{
    private const int MaxBody = 2_048;
    private const int SignatureBytes = 32;

    private readonly byte[] _eventHead = Head(server, "/slack/events", "User-Agent: Slackbot 1.0 (+https://api.slack.com/robots)\r\n");
    private readonly byte[] _triggerHead = Head(server, "/scheduler/trigger", $"X-Api-Key: {operatorKey}\r\n");

    /// <summary>An event, signed now.</summary>
    public int BuildEvent(int number, Span<byte> buffer)
    {
        var now = DateTimeOffset.UtcNow;
        Span<byte> body = stackalloc byte[MaxBody];
        body = body[..WriteEnvelope(number, now, body)];

        Span<byte> timestamp = stackalloc byte[20];
        Utf8Formatter.TryFormat(now.ToUnixTimeSeconds(), timestamp, out var digits);
        timestamp = timestamp[..digits];
        Span<byte> signed = stackalloc byte[MaxBody + 32];
        var prefix = new Writer(signed).Add("v0:"u8).Add(timestamp).Add(":"u8).Add(body).Length;
        Span<byte> hash = stackalloc byte[SignatureBytes];
        HMACSHA256.HashData(signingSecret, signed[..prefix], hash);
        Span<byte> hex = stackalloc byte[SignatureBytes * 2];
        Convert.TryToHexStringLower(hash, hex, out _);

        return new Writer(buffer).Add(_eventHead)
            .Add("X-Slack-Request-Timestamp: "u8).Add(timestamp)
            .Add("\r\nX-Slack-Signature: v0="u8).Add(hex)
            .Add("\r\nContent-Length: "u8).Add(body.Length)
            .Add("\r\n\r\n"u8).Add(body).Length;
    }

    /// <summary>A trigger of the daily summary.</summary>
    public int BuildTrigger(int number, Span<byte> buffer)
    {
        Span<byte> body = stackalloc byte[128];
        body = body[..new Writer(body).Add("{\"kind\":\"daily\",\"id\":\""u8).Add(cast.RunIdOf(number)).Add("\"}"u8).Length];
        return new Writer(buffer).Add(_triggerHead).Add("Content-Length: "u8).Add(body.Length).Add("\r\n\r\n"u8).Add(body).Length;
    }

    private int WriteEnvelope(int number, DateTimeOffset now, Span<byte> body)
    {
        var (team, user, channel, eventId) = (cast.TeamOf(number), cast.UserOf(number), cast.ChannelOf(number), cast.EventIdOf(number));
        // Slack's timestamp is a message's identity in its channel: the last digits tell a learner's events of one millisecond apart.
        var microseconds = now.ToUnixTimeMilliseconds() * 1_000 + cast.RoundOf(number) % 1_000;
        var ts = string.Create(CultureInfo.InvariantCulture, $"{microseconds / 1_000_000}.{microseconds % 1_000_000:D6}");
        return new Writer(body)
            .Add("{\"token\":\"load\",\"team_id\":\""u8).Add(team)
            .Add("\",\"context_team_id\":\""u8).Add(team)
            .Add("\",\"context_enterprise_id\":null,\"api_app_id\":\"A0STUDYTRAK\",\"event\":{\"type\":\"message\",\"user\":\""u8).Add(user)
            .Add("\",\"text\":\""u8).Add(Cast.JsonTextOf(number)).Add(" ("u8).Add(number + 1)
            .Add(")\",\"ts\":\""u8).Add(ts)
            .Add("\",\"team\":\""u8).Add(team)
            .Add("\",\"client_msg_id\":\""u8).Add(eventId)
            .Add("\",\"channel\":\""u8).Add(channel)
            .Add("\",\"event_ts\":\""u8).Add(ts)
            .Add("\",\"channel_type\":\"channel\"},\"type\":\"event_callback\",\"event_id\":\""u8).Add(eventId)
            .Add("\",\"event_time\":"u8).Add(now.ToUnixTimeSeconds())
            .Add(",\"authorizations\":[{\"enterprise_id\":null,\"team_id\":\""u8).Add(team)
            .Add("\",\"user_id\":\"U0STUDYTRAK\",\"is_bot\":true,\"is_enterprise_install\":false}],\"is_ext_shared_channel\":false,\"event_context\":\"4-"u8)
            .Add(eventId).Add("\"}"u8).Length;
    }

    private static byte[] Head(Server server, string path, string headers) => Encoding.ASCII.GetBytes(
        $"POST {path} HTTP/1.1\r\nHost: {server.Authority}\r\nAccept: */*\r\nContent-Type: application/json\r\n{headers}");

    /// <summary>Appends to a span.</summary>
    private ref struct Writer(Span<byte> buffer)
    {
        private readonly Span<byte> _buffer = buffer;

        public int Length { get; private set; }

        public Writer Add(scoped ReadOnlySpan<byte> bytes)
        {
            bytes.CopyTo(_buffer[Length..]);
            Length += bytes.Length;
            return this;
        }

        public Writer Add(string text)
        {
            Length += Encoding.ASCII.GetBytes(text, _buffer[Length..]);
            return this;
        }

        public Writer Add(long number)
        {
            Utf8Formatter.TryFormat(number, _buffer[Length..], out var written);
            Length += written;
            return this;
        }
    }
}
