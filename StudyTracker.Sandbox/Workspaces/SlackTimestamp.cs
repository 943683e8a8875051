using System.Globalization;

namespace StudyTracker.Sandbox.Workspaces;

/// <summary>Slack's <c>ts</c>: seconds and microseconds of Unix time, which also identify a message in its channel.</summary>
internal sealed class SlackTimestamp(TimeProvider time)
{
    private const long MicrosecondsPerSecond = 1_000_000;
    private long _last;

    /// <summary>The present, but never the same twice.</summary>
    public string Next()
    {
        var now = (time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
        while (true)
        {
            var last = Interlocked.Read(ref _last);
            var next = Math.Max(now, last + 1);
            if (Interlocked.CompareExchange(ref _last, next, last) == last) return Format(next);
        }
    }

    /// <summary>Tells of a timestamp that is in use, so that <see cref="Next"/> stays above it after a restart.</summary>
    public void Observe(string ts)
    {
        if (ToMicroseconds(ts) is not { } used) return;
        // A message dated ahead on purpose must not drag the clock of all later ones along.
        var now = (time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
        if (used > now) return;
        long last;
        while ((last = Interlocked.Read(ref _last)) < used && Interlocked.CompareExchange(ref _last, used, last) != last)
        {
        }
    }

    /// <summary>Microseconds of Unix time; null when it is not a timestamp.</summary>
    public static long? ToMicroseconds(string? ts)
    {
        if (string.IsNullOrEmpty(ts)) return null;
        var point = ts.IndexOf('.', StringComparison.Ordinal);
        var seconds = point < 0 ? ts : ts[..point];
        var fraction = point < 0 ? "0" : ts[(point + 1)..];
        return seconds.Length <= 12 && fraction.Length is > 0 and <= 6
            && long.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out var whole)
            && long.TryParse(fraction.PadRight(6, '0'), NumberStyles.None, CultureInfo.InvariantCulture, out var part)
                ? whole * MicrosecondsPerSecond + part
                : null;
    }

    /// <summary>Whole seconds of Unix time; 0 when it is not a timestamp.</summary>
    public static long ToSeconds(string ts) => (ToMicroseconds(ts) ?? 0) / MicrosecondsPerSecond;

    /// <summary>A moment without its fraction, as <c>edited.ts</c> has it.</summary>
    public static string Whole(DateTimeOffset at) => Format(at.ToUnixTimeSeconds() * MicrosecondsPerSecond);

    private static string Format(long microseconds) => string.Create(
        CultureInfo.InvariantCulture,
        $"{microseconds / MicrosecondsPerSecond}.{microseconds % MicrosecondsPerSecond:D6}");
}
