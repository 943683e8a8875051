using System.Net;
using System.Text;
using Microsoft.Extensions.Options;
using StudyTracker.Slack;
using StudyTracker.Summarizer.Members;
using StudyTracker.Summarizer.Runs;

namespace StudyTracker.UnitTests.Summarizer.Members;

public sealed class SlackProfilesTests
{
    private static readonly SlackProfile _nothing = new(null, null, null);

    [Theory]
    [InlineData("""{"timeZone":"Asia/Seoul","offsetSeconds":32400,"locale":"ko-KR"}""", "Asia/Seoul", 32_400, "ko-KR")]
    [InlineData("""{"timeZone":null,"offsetSeconds":19800,"locale":null}""", null, 19_800, null)]
    [InlineData("""{"timeZone":"","offsetSeconds":null,"locale":""}""", null, null, null)]
    [InlineData("{}", null, null, null)]
    [InlineData("""{"timeZone":"A\u0000B","locale":"en-GB","more":[1]}""", null, null, "en-GB")]
    [InlineData("null", null, null, null)]
    public async Task What_is_told_is_taken_and_nothing_else(string body, string? zone, int? offset, string? locale)
    {
        var answer = await AskAsync(HttpStatusCode.OK, body);

        answer.Error.ShouldBeNull();
        answer.Profile.ShouldBe(new SlackProfile(zone, offset, locale));
    }

    [Fact]
    public async Task A_name_that_is_too_long_is_none() =>
        (await AskAsync(HttpStatusCode.OK, $$"""{"timeZone":"{{new string('a', 65)}}"}""")).Profile.ShouldBe(_nothing);

    [Theory]
    [InlineData(424, """{"error":"user_not_found","passes":false}""", "user_not_found", false)]
    [InlineData(424, """{"error":"internal_error","passes":true}""", "internal_error", true)]
    [InlineData(424, """{"error":null}""", "refused", false)]
    [InlineData(424, "<html>", "JsonException", true)]
    [InlineData(200, "<html>", "JsonException", true)]
    [InlineData(200, "[]", "JsonException", true)]
    [InlineData(500, "", "http_500", true)]
    [InlineData(502, "", "http_502", true)]
    [InlineData(503, "", "http_503", true)] // without a word on how long
    [InlineData(401, "", "http_401", false)] // another key
    [InlineData(404, "", "http_404", false)] // an older Notifier
    [InlineData(302, "", "http_302", false)]
    public async Task A_failure_is_an_answer_that_says_whether_it_passes(int status, string body, string error, bool passes)
    {
        var answer = await AskAsync((HttpStatusCode)status, body);

        (answer.Profile, answer.Error, answer.Passes, answer.RetryAfter).ShouldBe((null, error, passes, null));
    }

    [Theory]
    [InlineData("30", 30)]
    [InlineData("86400", 3_600)]
    public async Task Who_is_told_to_wait_waits_but_not_for_ever(string retryAfter, int seconds) =>
        (await AskAsync(HttpStatusCode.ServiceUnavailable, "", retryAfter)).RetryAfter.ShouldBe(TimeSpan.FromSeconds(seconds));

    [Fact]
    public async Task A_notifier_that_is_not_there_is_a_failure_that_passes_and_one_that_is_not_configured_is_not_asked()
    {
        using var http = new HttpClient { BaseAddress = new Uri("http://127.0.0.1:1/") };

        (await new SlackProfiles(http, Runs("http://127.0.0.1:1")).AskAsync("T1", "U1", TestContext.Current.CancellationToken)).Passes.ShouldBeTrue();
        var unasked = await new SlackProfiles(http, Runs(null)).AskAsync("T1", "U1", TestContext.Current.CancellationToken);
        (unasked.Error, unasked.Passes).ShouldBe(("no_notifier", false));
    }

    [Fact]
    public async Task A_member_is_asked_for_by_a_path_of_ids_whatever_these_are()
    {
        using var notifier = new Notifier(HttpStatusCode.OK, "{}", null);
        using var http = new HttpClient(notifier, disposeHandler: false) { BaseAddress = new Uri("http://notifier") };

        await new SlackProfiles(http, Runs("http://notifier")).AskAsync("T/1", "../U?1", TestContext.Current.CancellationToken);

        notifier.Asked!.PathAndQuery.ShouldBe("/profiles/T%2F1/..%2FU%3F1");
    }

    private static async Task<ProfileAnswer> AskAsync(HttpStatusCode status, string body, string? retryAfter = null)
    {
        using var notifier = new Notifier(status, body, retryAfter);
        using var http = new HttpClient(notifier, disposeHandler: false) { BaseAddress = new Uri("http://notifier") };
        return await new SlackProfiles(http, Runs("http://notifier")).AskAsync("T1", "U1", TestContext.Current.CancellationToken);
    }

    private static IOptions<RunsOptions> Runs(string? notifier) =>
        Options.Create(new RunsOptions { NotifierUrl = notifier is null ? null : new Uri(notifier) });

    private sealed class Notifier(HttpStatusCode status, string body, string? retryAfter) : HttpMessageHandler
    {
        public Uri? Asked { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Asked = request.RequestUri;
            var response = new HttpResponseMessage(status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
            if (retryAfter is not null) response.Headers.Add("Retry-After", retryAfter);
            return Task.FromResult(response);
        }
    }
}
