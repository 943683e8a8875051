using System.IO.Compression;
using System.Text;
using StudyTracker.FunctionalTests.Support;

namespace StudyTracker.FunctionalTests.Ingress;

/// <summary>What Slack would never send: bytes for the wire, and the status they deserve; 0 is a closed connection.</summary>
internal static class BadInputs
{
    private const int Closed = 0;
    private const string Padding = "0123456789abcdef";

    /// <summary>By name: makes the bytes for a learner, whose id must appear in no topic because of them.</summary>
    public static IReadOnlyDictionary<string, (Func<Learner, byte[]> Bytes, int Status)> All { get; } =
        new Dictionary<string, (Func<Learner, byte[]>, int)>
        {
            ["signature: empty"] = (With(request => request with { Signature = _ => "" }), 401),
            ["signature: blank"] = (With(request => request with { Signature = _ => "  " }), 401),
            ["signature: doubled"] = (With(request => request with { Signature = signature => $"{signature}\r\nX-Slack-Signature: {signature}" }), 401),
            ["signature: two in one line"] = (With(request => request with { Signature = signature => $"{signature},{signature}" }), 401),
            ["signature: wrong version"] = (With(request => request with { Signature = signature => $"v1{signature[2..]}" }), 401),
            ["signature: no version"] = (With(request => request with { Signature = signature => signature[3..] }), 401),
            ["signature: upper case"] = (With(request => request with { Signature = signature => $"v0={signature[3..].ToUpperInvariant()}" }), 401),
            ["signature: too short"] = (With(request => request with { Signature = signature => signature[..^1] }), 401),
            ["signature: too long"] = (With(request => request with { Signature = signature => signature + "0" }), 401),
            ["signature: not hex"] = (With(request => request with { Signature = signature => $"v0=x{signature[4..]}" }), 401),
            ["signature: not ASCII"] = (With(request => request with { Signature = signature => $"v0=\u00e9{signature[4..]}" }), 400),
            ["signature: of another body"] = (With(request => request with { SignedBody = [.. request.Body, (byte)' '] }), 401),
            ["signature: of an empty body"] = (With(request => request with { SignedBody = [] }), 401),
            ["signature: of another secret"] = (With(request => request with { Secret = "not-the-secret-at-all" }), 401),
            ["timestamp: empty"] = (With(request => request with { Timestamp = "" }), 401),
            ["timestamp: doubled"] = (With(request => request with { More = $"X-Slack-Request-Timestamp: {request.Timestamp}\r\n" }), 401),
            ["timestamp: negative"] = (With(request => request with { Timestamp = $"-{request.Timestamp}" }), 401),
            ["timestamp: with a sign"] = (With(request => request with { Timestamp = $"+{request.Timestamp}" }), 401),
            ["timestamp: not a number"] = (With(request => request with { Timestamp = "now" }), 401),
            ["timestamp: overflowing"] = (With(request => request with { Timestamp = "99999999999999999999" }), 401),
            ["timestamp: in milliseconds"] = (With(request => request with { Timestamp = $"{request.Timestamp}000" }), 401),
            ["timestamp: stale"] = (With(request => request with { Timestamp = Shifted(request, -400) }), 401),
            ["timestamp: future"] = (With(request => request with { Timestamp = Shifted(request, 400) }), 401),
            ["timestamp: zero"] = (With(request => request with { Timestamp = "0" }), 401),

            ["body: empty"] = (Body(_ => []), 400),
            ["body: blank"] = (Body(_ => " \r\n"u8.ToArray()), 400),
            ["body: cut off"] = (Body(body => body[..^1]), 400),
            ["body: not JSON"] = (Body(_ => "payload=%7B%7D"u8.ToArray()), 400),
            ["body: an array"] = (Body(body => [.. "["u8, .. body, .. "]"u8]), 400),
            ["body: too deep"] = (Body(body => Encoding.UTF8.GetBytes(
                Encoding.UTF8.GetString(body).Replace("\"ts\":", $"\"x\":{new string('[', 100)}{new string(']', 100)},\"ts\":", StringComparison.Ordinal))), 400),
            ["body: an id that is no UTF-8"] = (Body(body => [.. "{\"team_id\":\"T"u8, 0xC3, 0x28, .. "\","u8, .. body[1..]]), 400),
            ["body: followed by NUL"] = (Body(body => [.. body, 0]), 400),
            ["body: followed by another"] = (Body(body => [.. body, .. body]), 400),
            ["body: with a BOM"] = (Body(body => [0xEF, 0xBB, 0xBF, .. body]), 400),
            ["body: a doubled key"] = (Body(body => [.. "{\"team_id\":\"T1\","u8, .. body[1..]]), 400),
            ["body: UTF-16"] = (Body(body => Encoding.Unicode.GetBytes(Encoding.UTF8.GetString(body))), 400),
            ["body: gzip, and says so"] = (With(request => Resized(request, Gzip(request.Body)) with { More = "Content-Encoding: gzip\r\n" }), 415),
            ["body: gzip, and does not say so"] = (Body(Gzip), 400),
            ["body: too large"] = (With(request => request with { Length = "Content-Length: 1048577\r\n" }), 413),
            ["body: so large that the number overflows"] = (With(request => request with { Length = "Content-Length: 99999999999999999999\r\n" }), 400),
            ["body: too large, in chunks"] = (With(request => Chunked(request, [.. request.Body, .. new byte[1_048_576]])), 413),
            ["length: negative"] = (With(request => request with { Length = "Content-Length: -1\r\n" }), 400),
            ["length: not a number"] = (With(request => request with { Length = "Content-Length: all\r\n" }), 400),
            ["length: two that disagree"] = (With(request => request with { Length = $"{request.Length}Content-Length: 1\r\n" }), 400),
            ["length: none"] = (With(request => request with { Length = "" }), 401),
            ["length: less than there is"] = (With(request => request with { Length = $"Content-Length: {request.Body.Length - 9}\r\n" }), 401),
            ["length: more than there is"] = (With(request => request with { Length = $"Content-Length: {request.Body.Length + 9}\r\n" }), 408),
            ["chunks: no hex length"] = (With(request => request with { Length = "Transfer-Encoding: chunked\r\n", Body = "zz\r\n"u8.ToArray() }), 400),
            ["chunks: never ending"] = (With(request => request with { Length = "Transfer-Encoding: chunked\r\n", Body = "5\r\nhello\r\n"u8.ToArray() }), 408),
            ["transfer encoding: unknown"] = (With(request => request with { Length = "Transfer-Encoding: gzip\r\n" }), 400),

            ["headers: too many"] = (With(request => request with { More = string.Concat(Enumerable.Range(0, 70).Select(index => $"X-{index}: 1\r\n")) }), 431),
            ["headers: one too large"] = (With(request => request with { More = $"X-Large: {Repeat(1_100)}\r\n" }), 431),
            ["headers: too large together"] = (With(request => request with { More = string.Concat(Enumerable.Range(0, 40).Select(index => $"X-{index}: {Repeat(30)}\r\n")) }), 431),
            ["headers: one without a colon"] = (With(request => request with { More = "nonsense\r\n" }), 400),
            ["headers: a name with a space"] = (With(request => request with { More = "X Header: 1\r\n" }), 400),
            ["headers: NUL in a value"] = (With(request => request with { More = "X-Header: a\0b\r\n" }), 400),
            ["headers: a folded line"] = (With(request => request with { More = "X-Header: a\r\n b\r\n" }), 400),
            ["host: none"] = (With(request => request with { Host = "" }), 400),
            ["host: two"] = (With(request => request with { Host = "Host: a\r\nHost: b\r\n" }), 400),
            ["request line: too long"] = (With(request => request with { Path = $"/slack/events?{Repeat(600)}" }), 414),
            ["request line: HTTP/0.9"] = (With(request => request with { Version = "HTTP/0.9" }), 505),
            ["request line: HTTP/2"] = (_ => Encoding.ASCII.GetBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), Closed),
            ["request line: TLS"] = (_ => [0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x03, 0x03, (byte)'\r', (byte)'\n'], 400),
            ["request line: nonsense"] = (_ => "\0\u0001\u0002\r\n\r\n"u8.ToArray(), 400),

            ["method: GET"] = (With(request => request with { Method = "GET" }), 405),
            ["method: PUT"] = (With(request => request with { Method = "PUT" }), 405),
            ["method: TRACE"] = (With(request => request with { Method = "TRACE" }), 405),
            ["path: unknown"] = (With(request => request with { Path = "/slack/other" }), 404),
            ["path: one level up"] = (With(request => request with { Path = "/slack/events/../other" }), 404),
            ["type: none"] = (With(request => request with { ContentType = "" }), 415),
            ["type: text"] = (With(request => request with { ContentType = "text/plain" }), 415),
            ["type: form"] = (With(request => request with { ContentType = "application/x-www-form-urlencoded" }), 415),
            ["type: another charset"] = (With(request => request with { ContentType = "application/json; charset=utf-16" }), 415),
            ["type: nonsense"] = (With(request => request with { ContentType = ";;;" }), 415),
            ["type: two"] = (With(request => request with { ContentType = "application/json\r\nContent-Type: text/plain" }), 415),

            ["interaction: no payload"] = (Form("/slack/interactions", learner => $"other={Payload(learner)}"), 400),
            ["interaction: doubled payload"] = (Form("/slack/interactions", learner => $"payload={Payload(learner)}&payload={Payload(learner)}"), 400),
            ["interaction: a broken escape"] = (Form("/slack/interactions", learner => $"payload={Payload(learner)}%2"), 400),
            ["interaction: an escape that is no UTF-8"] = (Form("/slack/interactions", learner => $"payload={Payload(learner)}&x=%C3%28"), 400),
            ["interaction: payload not JSON"] = (Form("/slack/interactions", _ => "payload=%7B"), 400),
            ["interaction: response_url elsewhere"] = (Form("/slack/interactions", learner => $"payload={Payload(learner, "https://evil.example/")}"), 400),
            ["interaction: wrong signature"] = (Form("/slack/interactions", learner => $"payload={Payload(learner)}", request => request with { SignedBody = [] }), 401),
            ["interaction: as JSON"] = (Form("/slack/interactions", learner => $"payload={Payload(learner)}", request => request with { ContentType = "application/json" }), 415),
            ["interaction: GET"] = (Form("/slack/interactions", learner => $"payload={Payload(learner)}", request => request with { Method = "GET" }), 405),
            ["command: response_url elsewhere"] = (Form("/slack/commands", learner => Command(learner, "https%3A%2F%2Fevil.example%2F")), 400),
            ["command: response_url without TLS"] = (Form("/slack/commands", learner => Command(learner, "http%3A%2F%2Fhooks.slack.com%2F")), 400),
            ["command: no response_url"] = (Form("/slack/commands", learner => Command(learner, "")), 400),
            ["command: doubled user"] = (Form("/slack/commands", learner => $"{Command(learner)}&user_id=U1"), 400),
            ["command: empty"] = (Form("/slack/commands", _ => ""), 400),
            ["command: wrong signature"] = (Form("/slack/commands", learner => Command(learner), request => request with { SignedBody = [] }), 401),

            ["trigger: no key"] = (Form("/scheduler/trigger", _ => "{\"kind\":\"daily\"}"), 401),
            ["trigger: another's key"] = (Form(
                "/scheduler/trigger", _ => "{\"kind\":\"daily\"}", request => request with { More = $"X-Api-Key: {GuardedIngress.Secret}\r\n" }), 401),

            ["nothing at all"] = (_ => [], Closed),
            ["half a request line"] = (_ => "POST /sla"u8.ToArray(), 408),
            ["headers that do not end"] = (_ => "POST /slack/events HTTP/1.1\r\nHost: a\r\n"u8.ToArray(), 408),
        };

    public static string Command(Learner learner, string responseUrl = "https%3A%2F%2Fhooks.slack.com%2Fcommands%2F1") =>
        $"command=%2Fstudy&text={App.Marker}&team_id={learner.TeamId}&user_id={learner.UserId}&response_url={responseUrl}";

    public static string Payload(Learner learner, string responseUrl = "https://hooks.slack.com/actions/1") => Uri.EscapeDataString(
        $$"""{"type":"block_actions","text":"{{App.Marker}}","team":{"id":"{{learner.TeamId}}"},"user":{"id":"{{learner.UserId}}"},"response_url":"{{responseUrl}}"}""");

    private static Func<Learner, byte[]> With(Func<RawRequest, RawRequest> change) =>
        learner => change(RawRequest.Event(learner.Written($"{App.Marker} bad"), GuardedIngress.Secret)).ToBytes();

    private static Func<Learner, byte[]> Body(Func<byte[], byte[]> change) => With(request => Resized(request, change(request.Body)));

    private static Func<Learner, byte[]> Form(string path, Func<Learner, string> body, Func<RawRequest, RawRequest>? change = null) =>
        learner => (change ?? (request => request))(RawRequest.Form(path, body(learner), GuardedIngress.Secret)).ToBytes();

    private static RawRequest Resized(RawRequest request, byte[] body) => request with { Body = body, Length = $"Content-Length: {body.Length}\r\n" };

    private static RawRequest Chunked(RawRequest request, byte[] body) => request with
    {
        Length = "Transfer-Encoding: chunked\r\n",
        SignedBody = body,
        Body = [.. Encoding.ASCII.GetBytes($"{body.Length:x}\r\n"), .. body, .. "\r\n0\r\n\r\n"u8],
    };

    private static string Shifted(RawRequest request, int seconds) =>
        (long.Parse(request.Timestamp, System.Globalization.CultureInfo.InvariantCulture) + seconds).ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static string Repeat(int times) => string.Concat(Enumerable.Repeat(Padding, times));

    private static byte[] Gzip(byte[] body)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest)) gzip.Write(body);
        return packed.ToArray();
    }
}
