using System.Globalization;
using System.Text;

namespace StudyTracker.FunctionalTests.Support;

/// <summary>A request of Slack's as bytes; each part can be made wrong.</summary>
internal sealed record RawRequest(string Path, string ContentType, byte[] Body, string Secret)
{
    private static readonly long _now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();

    public string Method { get; init; } = "POST";

    public string Version { get; init; } = "HTTP/1.1";

    public string Host { get; init; } = "Host: ingress\r\n";

    /// <summary>The header lines that tell the body's length.</summary>
    public string Length { get; init; } = $"Content-Length: {Body.Length}\r\n";

    public string Timestamp { get; init; } = _now.ToString(CultureInfo.InvariantCulture);

    /// <summary>Further header lines.</summary>
    public string More { get; init; } = "";

    /// <summary>What is signed, when it is not what is sent.</summary>
    public byte[]? SignedBody { get; init; }

    /// <summary>What is done to the right signature.</summary>
    public Func<string, string> Signature { get; init; } = signature => signature;

    public string RightSignature => SlackSide.Sign(Secret, long.TryParse(Timestamp, out var at) ? at : _now, SignedBody ?? Body);

    public string Head =>
        $"{Method} {Path} {Version}\r\n{Host}Content-Type: {ContentType}\r\n{Length}{More}"
        + $"X-Slack-Request-Timestamp: {Timestamp}\r\nX-Slack-Signature: {Signature(RightSignature)}\r\n\r\n";

    public byte[] ToBytes() => [.. Encoding.Latin1.GetBytes(Head), .. Body];

    public static RawRequest Event(string body, string secret) => new("/slack/events", "application/json", Encoding.UTF8.GetBytes(body), secret);

    public static RawRequest Form(string path, string body, string secret) =>
        new(path, "application/x-www-form-urlencoded", Encoding.UTF8.GetBytes(body), secret);
}
