using System.Net;
using Microsoft.Extensions.Options;
using StudyTracker.Summarizer.Members;

namespace StudyTracker.UnitTests.Summarizer.Members;

public sealed class SlackRepliesTests
{
    private static readonly Uri _slack = new SlackOptions().ResponseUrl;

    [Theory]
    [InlineData("https://hooks.slack.com/commands/T1/2/3", true)]
    [InlineData("https://hooks.slack.com/actions/T1/2/3", true)]
    [InlineData("http://hooks.slack.com/commands/1", false)]
    [InlineData("https://hooks.slack.com:8443/commands/1", false)]
    [InlineData("https://user@hooks.slack.com/commands/1", false)]
    [InlineData("https://hooks.slack.com@evil.example/commands/1", false)]
    [InlineData("https://hooks.slack.com.evil.example/commands/1", false)]
    [InlineData("https://evil.example/https://hooks.slack.com/", false)]
    [InlineData("https://169.254.169.254/latest/meta-data", false)]
    [InlineData("file:///etc/passwd", false)]
    [InlineData("/commands/1", false)]
    [InlineData("", false)]
    public void Only_slacks_own_host_is_answered(string url, bool allowed) => SlackReplies.IsAllowed(url, _slack).ShouldBe(allowed);

    [Theory]
    [InlineData("http://127.0.0.1:7080/responses/1", true)]
    [InlineData("http://127.0.0.1:7080/api/chat.postMessage", false)]
    [InlineData("http://127.0.0.1:7080/responses/../api/chat.postMessage", false)]
    [InlineData("http://127.0.0.1:7081/responses/1", false)]
    public void A_sandbox_is_answered_below_its_own_path_only(string url, bool allowed) =>
        SlackReplies.IsAllowed(url, new Uri("http://127.0.0.1:7080/responses/")).ShouldBe(allowed);

    [Fact]
    public async Task An_answer_is_for_the_member_alone_and_leaves_the_message_as_it_is()
    {
        using var slack = new Slack(HttpStatusCode.OK);
        using var http = new HttpClient(slack, disposeHandler: false);

        await new SlackReplies(http, Options.Create(new SlackOptions())).SendAsync(
            "https://hooks.slack.com/commands/1", new Reply("done"), TestContext.Current.CancellationToken);

        slack.Bodies.ShouldBe(["""{"response_type":"ephemeral","replace_original":false,"text":"done"}"""]);
    }

    [Fact]
    public async Task An_answer_that_tells_of_a_pause_has_the_way_back_below_it_and_gives_way_to_the_next()
    {
        using var slack = new Slack(HttpStatusCode.OK);
        using var http = new HttpClient(slack, disposeHandler: false);

        await new SlackReplies(http, Options.Create(new SlackOptions())).SendAsync(
            "https://hooks.slack.com/actions/1", new Reply("paused", "Resume", ReplacesOriginal: true), TestContext.Current.CancellationToken);

        slack.Bodies.ShouldHaveSingleItem().ShouldBe(
            """{"response_type":"ephemeral","replace_original":true,"text":"paused","blocks":[{"type":"section","text":{"type":"mrkdwn","text":"paused"}},"""
            + """{"type":"actions","elements":[{"type":"button","action_id":"resume","text":{"type":"plain_text","text":"Resume"}}]}]}""");
    }

    [Fact]
    public async Task An_answer_that_is_not_taken_is_not_sent_again()
    {
        using var slack = new Slack(HttpStatusCode.InternalServerError);
        using var http = new HttpClient(slack, disposeHandler: false);
        var replies = new SlackReplies(http, Options.Create(new SlackOptions()));

        await replies.SendAsync("https://hooks.slack.com/commands/1", new Reply("done"), TestContext.Current.CancellationToken);
        await replies.SendAsync("https://evil.example/", new Reply("done"), TestContext.Current.CancellationToken);

        slack.Bodies.Count.ShouldBe(1);
    }

    private sealed class Slack(HttpStatusCode answer) : HttpMessageHandler
    {
        public List<string> Bodies { get; } = [];

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Bodies.Add(await request.Content!.ReadAsStringAsync(cancellationToken));
            return new HttpResponseMessage(answer);
        }
    }
}
