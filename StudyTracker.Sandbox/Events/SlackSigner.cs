using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace StudyTracker.Sandbox.Events;

/// <summary>Signs requests as Slack does, or as somebody who is not Slack.</summary>
internal sealed class SlackSigner(IOptions<SandboxOptions> options, TimeProvider time)
{
    /// <summary>Twice the five minutes after which a receiver must refuse.</summary>
    private static readonly TimeSpan _staleAge = TimeSpan.FromMinutes(10);

    /// <summary>Slack's signature, version 0, of a body at a Unix time in seconds.</summary>
    public static string Sign(string secret, long timestamp, ReadOnlySpan<byte> body)
    {
        var prefix = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"v0:{timestamp}:"));
        byte[] signed = [.. prefix, .. body];
        var hash = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), signed);
        return "v0=" + Convert.ToHexStringLower(hash);
    }

    /// <summary>Adds the headers for <paramref name="body"/>.</summary>
    public void AddHeaders(HttpRequestHeaders headers, byte[] body, SignatureMode mode)
    {
        if (mode == SignatureMode.Missing) return;
        var at = time.GetUtcNow() - (mode == SignatureMode.Stale ? _staleAge : TimeSpan.Zero);
        var timestamp = at.ToUnixTimeSeconds();
        var secret = options.Value.SigningSecret + (mode == SignatureMode.Wrong ? "-of-somebody-else" : "");
        headers.Add("X-Slack-Request-Timestamp", timestamp.ToString(CultureInfo.InvariantCulture));
        headers.Add("X-Slack-Signature", Sign(secret, timestamp, body));
    }
}
