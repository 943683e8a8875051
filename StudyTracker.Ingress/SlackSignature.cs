using System.Buffers;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace StudyTracker.Ingress;

/// <summary>Why a request is not Slack's.</summary>
internal enum SignatureFault
{
    None,
    Missing,
    Malformed,
    Stale,
    Wrong,
}

/// <summary>
/// Slack's request signature: <c>v0=</c> and the hex HMAC-SHA256 of <c>v0:timestamp:body</c>. Two secrets are accepted so
/// that one can be replaced without losing an event.
/// </summary>
internal sealed class SlackSignature(IOptions<SlackOptions> slack, IOptions<IngressOptions> ingress, TimeProvider time)
{
    public const string SignatureHeader = "X-Slack-Signature";
    public const string TimestampHeader = "X-Slack-Request-Timestamp";

    private const string Prefix = "v0=";
    private static readonly SearchValues<char> _hexDigits = SearchValues.Create("0123456789abcdef");
    private const int MaxTimestampLength = 12;
    private readonly Hmacs _current = new(slack.Value.SigningSecret);
    private readonly Hmacs? _previous = slack.Value.PreviousSigningSecret is { Length: > 0 } previous ? new(previous) : null;

    /// <summary>Checks the headers against the body.</summary>
    public SignatureFault Check(IHeaderDictionary headers, ReadOnlySpan<byte> body)
    {
        var signatures = headers[SignatureHeader];
        var timestamps = headers[TimestampHeader];
        if (StringValues.IsNullOrEmpty(signatures) || StringValues.IsNullOrEmpty(timestamps)) return SignatureFault.Missing;
        if (signatures is not [{ } signature] || timestamps is not [{ } timestamp]) return SignatureFault.Malformed;
        if (!TryReadTimestamp(timestamp, out var seconds)) return SignatureFault.Malformed;
        Span<byte> sent = stackalloc byte[HMACSHA256.HashSizeInBytes];
        if (!TryReadSignature(signature, sent)) return SignatureFault.Malformed;

        // No overflow: a timestamp has at most twelve digits.
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        if (Math.Abs(now - seconds) > ingress.Value.TimestampToleranceSeconds) return SignatureFault.Stale;

        Span<byte> expected = stackalloc byte[HMACSHA256.HashSizeInBytes];
        Compute(_current, timestamp, body, expected);
        var matches = CryptographicOperations.FixedTimeEquals(sent, expected);
        if (!matches && _previous is not null)
        {
            Compute(_previous, timestamp, body, expected);
            matches = CryptographicOperations.FixedTimeEquals(sent, expected);
        }

        return matches ? SignatureFault.None : SignatureFault.Wrong;
    }

    private static bool TryReadTimestamp(string text, out long seconds)
    {
        seconds = 0;
        if (text.Length is 0 or > MaxTimestampLength) return false;
        foreach (var digit in text)
        {
            if (!char.IsAsciiDigit(digit)) return false;
            seconds = seconds * 10 + (digit - '0');
        }

        return true;
    }

    private static bool TryReadSignature(string text, Span<byte> hash) =>
        text.Length == Prefix.Length + hash.Length * 2
        && text.StartsWith(Prefix, StringComparison.Ordinal)
        && text.AsSpan(Prefix.Length).IndexOfAnyExcept(_hexDigits) < 0
        && Convert.FromHexString(text.AsSpan(Prefix.Length), hash, out _, out _) == OperationStatus.Done;

    private static void Compute(Hmacs hmacs, string timestamp, ReadOnlySpan<byte> body, Span<byte> hash)
    {
        Span<byte> head = stackalloc byte[3 + MaxTimestampLength + 1];
        "v0:"u8.CopyTo(head);
        var length = 3 + Encoding.ASCII.GetBytes(timestamp, head[3..]);
        head[length++] = (byte)':';
        var hmac = hmacs.Rent();
        hmac.AppendData(head[..length]);
        hmac.AppendData(body);
        hmac.GetHashAndReset(hash);
        hmacs.Return(hmac);
    }

    /// <summary>Hashes keyed with one secret, used again: keying one costs as much as hashing a short body.</summary>
    private sealed class Hmacs(string secret)
    {
        private readonly byte[] _key = Encoding.UTF8.GetBytes(secret);
        private readonly ConcurrentQueue<IncrementalHash> _free = new();

        public IncrementalHash Rent() => _free.TryDequeue(out var hmac) ? hmac : IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _key);

        /// <summary>No more of them exist than threads have hashed at once.</summary>
        public void Return(IncrementalHash hmac) => _free.Enqueue(hmac);
    }
}
