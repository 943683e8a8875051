using System.ClientModel.Primitives;
using StudyTracker.Summarizer.Summaries;

namespace StudyTracker.UnitTests.Summarizer.Summaries;

public sealed class RequestedWaitTests
{
    private static readonly DateTimeOffset _now = new(2026, 10, 21, 7, 27, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("7", 7.0)]
    [InlineData("1.5", 1.5)]
    [InlineData("0", 0.25)]
    [InlineData("-1", 0.25)]
    [InlineData("3600", 3_600.0)]
    [InlineData("86401", 3_600.0)]
    [InlineData("1e300", 3_600.0)]
    [InlineData("Infinity", 3_600.0)]
    [InlineData("Wed, 21 Oct 2026 07:28:00 GMT", 60.0)]
    [InlineData("Wed, 21 Oct 2026 07:26:00 GMT", 0.25)]
    [InlineData("Wednesday, 21-Oct-26 07:28:00 GMT", 60.0)]
    [InlineData("NaN", null)]
    [InlineData("soon", null)]
    [InlineData("", null)]
    public void Retry_After_is_honoured_in_all_its_forms_within_a_floor_and_a_cap(string header, double? seconds) =>
        Of("", ("Retry-After", header)).ShouldBe(seconds is { } wait ? TimeSpan.FromSeconds(wait) : null);

    [Fact]
    public void A_date_is_compared_with_the_servers_own_clock() =>
        Of("", ("Retry-After", "Wed, 21 Oct 2026 09:00:30 GMT"), ("Date", "Wed, 21 Oct 2026 09:00:00 GMT")).ShouldBe(TimeSpan.FromSeconds(30));

    [Theory]
    [InlineData("retry-after-ms", "1500", 1.5)]
    [InlineData("x-ratelimit-reset", "90", 90.0)]
    [InlineData("x-ratelimit-reset", "1792567680000", 60.0)] // milliseconds since 1970, as OpenRouter sends them
    [InlineData("x-ratelimit-reset", "1792567680", 60.0)]
    [InlineData("ratelimit-reset", "12", 12.0)]
    public void Other_headers_are_read_too(string name, string value, double seconds) => Of("", (name, value)).ShouldBe(TimeSpan.FromSeconds(seconds));

    [Theory]
    [InlineData("requests", "0", "6m0s", 360.0)]
    [InlineData("tokens", "0", "120ms", 0.25)]
    [InlineData("tokens", "-12", "1h2m3.5s", 3_600.0)]
    [InlineData("tokens", "0", "7.66s", 7.66)]
    [InlineData("requests", "59", "6m0s", null)] // not what is used up
    public void A_limit_that_is_used_up_says_when_it_is_not_any_more(string what, string left, string reset, double? seconds) =>
        Of("", ($"x-ratelimit-remaining-{what}", left), ($"x-ratelimit-reset-{what}", reset)).ShouldBe(seconds is { } wait ? TimeSpan.FromSeconds(wait) : null);

    [Theory]
    [InlineData("rate limit reached. please try again in 1.242s. visit", 1.242)]
    [InlineData("please try again in 7m12s.", 432.0)]
    [InlineData("please retry after 6 seconds.", 6.0)]
    [InlineData("try again in 320ms", 0.32)]
    [InlineData("resource_exhausted\n34s", 34.0)]
    [InlineData("try again later", null)]
    public void The_error_may_say_it_in_words(string text, double? seconds) => Of(text).ShouldBe(seconds is { } wait ? TimeSpan.FromSeconds(wait) : null);

    [Fact]
    public void The_exact_wait_counts_before_the_rounded_one() =>
        Of("try again in 9s", ("Retry-After", "3"), ("retry-after-ms", "2500")).ShouldBe(TimeSpan.FromSeconds(2.5));

    private static TimeSpan? Of(string text, params (string Name, string Value)[] headers) => RequestedWait.Of(new AnswerHeaders(headers), text, _now);
}

/// <summary>Headers of an answer.</summary>
internal sealed class AnswerHeaders((string Name, string Value)[] headers) : PipelineResponseHeaders
{
    public override IEnumerator<KeyValuePair<string, string>> GetEnumerator() =>
        headers.Select(header => KeyValuePair.Create(header.Name, header.Value)).GetEnumerator();

    public override bool TryGetValue(string name, out string? value)
    {
        value = headers.FirstOrDefault(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;
        return value is not null;
    }

    public override bool TryGetValues(string name, out IEnumerable<string>? values)
    {
        values = TryGetValue(name, out var value) ? [value!] : null;
        return values is not null;
    }
}
