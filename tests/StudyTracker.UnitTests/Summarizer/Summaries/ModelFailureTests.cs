using System.ClientModel;
using System.ClientModel.Primitives;
using StudyTracker.Summarizer.Summaries;

namespace StudyTracker.UnitTests.Summarizer.Summaries;

public sealed class ModelFailureTests
{
    /// <summary>Status, text of the error, then what it means: outcome, and what comes of it.</summary>
    public static TheoryData<int, string, string, string> Statuses => new()
    {
        { 429, "Rate limit reached", "rate_limited", "RateLimited" },
        { 429, "You exceeded your current quota (insufficient_quota)", "quota", "Everybody" },
        { 401, "Incorrect API key", "unauthorized", "Everybody" },
        { 403, "Country not supported", "unauthorized", "Everybody" },
        { 404, "model not found", "not_found", "Everybody" },
        { 302, "", "server_error", "Passing" },
        { 408, "", "server_error", "Passing" },
        { 409, "", "server_error", "Passing" },
        { 500, "", "server_error", "Passing" },
        { 502, "<html>", "server_error", "Passing" },
        { 503, "overloaded", "server_error", "Passing" },
        { 400, "context_length_exceeded", "refused", "Final" },
        { 400, "The response was filtered (content_filter), says Azure", "filtered", "Final" },
        { 422, "", "refused", "Final" },
    };

    [Theory]
    [MemberData(nameof(Statuses))]
    public void A_status_means(int status, string message, string outcome, string kind)
    {
        var failure = ModelFailure.Of(new ClientResultException(message, new Answer(status)));

        (failure.Outcome, $"{failure.Kind}").ShouldBe((outcome, kind));
        failure.RetryAfter.ShouldBeNull();
        if (message.Length > 0) failure.Reason.ShouldNotContain(message);
    }

    [Theory]
    [InlineData("7", 7.0)]
    [InlineData("0", 0.0)]
    [InlineData("1.5", 1.5)]
    [InlineData("86400", 86_400.0)]
    [InlineData("86401", null)]
    [InlineData("-1", null)]
    [InlineData("NaN", null)]
    [InlineData("Infinity", null)]
    [InlineData("Wed, 21 Oct 2026 07:28:00 GMT", null)]
    [InlineData("", null)]
    public void Retry_After_is_honoured_when_it_makes_sense(string header, double? seconds) =>
        ModelFailure.Of(new ClientResultException("slow down", new Answer(429, ("Retry-After", header)))).RetryAfter
            .ShouldBe(seconds is { } wait ? TimeSpan.FromSeconds(wait) : null);

    public static TheoryData<Exception> Silence =>
    [
        new HttpRequestException("refused"),
        new TaskCanceledException("time-out"),
        new IOException("reset"),
        new AggregateException(new HttpRequestException("refused")),
        new ClientResultException("no answer"),
    ];

    [Theory]
    [MemberData(nameof(Silence))]
    public void No_answer_is_worth_repeating(Exception error)
    {
        var failure = ModelFailure.Of(error);

        (failure.Outcome, failure.Kind).ShouldBe(("unreachable", FailureKind.Passing));
    }

    private sealed class Answer(int status, params (string Name, string Value)[] headers) : PipelineResponse
    {
        public override int Status => status;

        public override string ReasonPhrase => "";

        public override Stream? ContentStream { get; set; }

        public override BinaryData Content => BinaryData.FromString("");

        protected override PipelineResponseHeaders HeadersCore { get; } = new AnswerHeaders(headers);

        public override BinaryData BufferContent(CancellationToken cancellationToken = default) => Content;

        public override ValueTask<BinaryData> BufferContentAsync(CancellationToken cancellationToken = default) => new(Content);

        public override void Dispose()
        {
        }
    }

    private sealed class AnswerHeaders((string Name, string Value)[] headers) : PipelineResponseHeaders
    {
        public override IEnumerator<KeyValuePair<string, string>> GetEnumerator() =>
            headers.Select(header => KeyValuePair.Create(header.Name, header.Value)).GetEnumerator();

        public override bool TryGetValue(string name, out string? value)
        {
            value = headers.FirstOrDefault(header => header.Name == name).Value;
            return value is not null;
        }

        public override bool TryGetValues(string name, out IEnumerable<string>? values)
        {
            values = TryGetValue(name, out var value) ? [value!] : null;
            return values is not null;
        }
    }
}
