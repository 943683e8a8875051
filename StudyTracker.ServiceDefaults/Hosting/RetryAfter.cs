using System.Globalization;
using System.Net.Http.Headers;

namespace StudyTracker.Hosting;

/// <summary>How long a server asks to be left alone: what its header <c>Retry-After</c> says, in whatever form it is sent.</summary>
public static class RetryAfter
{
    private const string Header = "Retry-After";

    /// <summary>
    /// Reads the header: seconds, also with a fraction, or an HTTP date, which is compared with the server's own <c>Date</c> where there
    /// is one. What has passed already is zero, what is beyond all measure is the longest span there is. Null: the header is missing
    /// or cannot be read. Sent several times, the longest counts.
    /// </summary>
    public static TimeSpan? Of(HttpResponseMessage response, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(response);
        ArgumentNullException.ThrowIfNull(time);
        // Not the typed header: it knows whole seconds only, and takes a fraction for no header at all.
        if (!response.Headers.NonValidated.TryGetValues(Header, out var values)) return null;
        TimeSpan? longest = null;
        foreach (var value in values)
        {
            if (Read(value, response.Headers.Date ?? time.GetUtcNow()) is { } wait && (longest is null || wait > longest)) longest = wait;
        }

        return longest;
    }

    /// <summary>Reads one value of the header.</summary>
    /// <param name="value">The value.</param>
    /// <param name="now">What a date is compared with.</param>
    public static TimeSpan? Read(string value, DateTimeOffset now)
    {
        if (double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds))
        {
            return double.IsNaN(seconds) ? null
                : seconds <= 0 ? TimeSpan.Zero
                : seconds >= TimeSpan.MaxValue.TotalSeconds ? TimeSpan.MaxValue
                : TimeSpan.FromSeconds(seconds);
        }

        if (!RetryConditionHeaderValue.TryParse(value, out var parsed) || parsed.Date is not { } date) return null;
        return date > now ? date - now : TimeSpan.Zero;
    }
}
