using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using StudyTracker.AppHost.Local;
using StudyTracker.Contracts;
using StudyTracker.FunctionalTests.Support;

namespace StudyTracker.FunctionalTests.Ingress;

public sealed class SignatureTests(App app)
{
    private const string Signature = "X-Slack-Signature";
    private const string Timestamp = "X-Slack-Request-Timestamp";

    private static readonly long _now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();

    // What is done to a request that would be right.
    private static readonly Dictionary<string, Action<HttpRequestHeaders, byte[], string>> _forgeries = new()
    {
        ["no signature"] = (headers, _, _) => headers.Add(Timestamp, Text(_now)),
        ["no timestamp"] = (headers, body, secret) => headers.Add(Signature, SlackSide.Sign(secret, _now, body)),
        ["nothing"] = (_, _, _) => { },
        ["empty signature"] = (headers, _, _) => Add(headers, _now, ""),
        ["another secret"] = (headers, body, secret) => Add(headers, _now, SlackSide.Sign(secret + "x", _now, body)),
        ["another body"] = (headers, body, secret) => Add(headers, _now, SlackSide.Sign(secret, _now, [.. body, (byte)' '])),
        ["another time"] = (headers, body, secret) => Add(headers, _now + 1, SlackSide.Sign(secret, _now, body)),
        ["ten minutes ago"] = (headers, body, secret) => Add(headers, _now - 600, SlackSide.Sign(secret, _now - 600, body)),
        ["ten minutes ahead"] = (headers, body, secret) => Add(headers, _now + 600, SlackSide.Sign(secret, _now + 600, body)),
        ["a time that overflows"] = (headers, body, secret) =>
        {
            headers.Add(Timestamp, "99999999999999999999");
            headers.Add(Signature, SlackSide.Sign(secret, _now, body));
        },
        ["another version"] = (headers, body, secret) => Add(headers, _now, SlackSide.Sign(secret, _now, body).Replace("v0=", "v1=", StringComparison.Ordinal)),
        ["cut short"] = (headers, body, secret) => Add(headers, _now, SlackSide.Sign(secret, _now, body)[..^2]),
        ["a doubled signature"] = (headers, body, secret) =>
        {
            Add(headers, _now, SlackSide.Sign(secret, _now, body));
            headers.Add(Signature, SlackSide.Sign(secret, _now, body));
        },
        ["a doubled timestamp"] = (headers, body, secret) =>
        {
            Add(headers, _now, SlackSide.Sign(secret, _now, body));
            headers.Add(Timestamp, Text(_now));
        },
    };

    public static TheoryData<string> Forgeries => [.. _forgeries.Keys];

    [Theory]
    [MemberData(nameof(Forgeries))]
    public async Task A_request_that_is_not_slacks_is_refused_and_goes_no_further(string forgery)
    {
        var learner = Learner.New();
        var body = Encoding.UTF8.GetBytes(learner.Written($"{App.Marker} forged"));

        using var answer = await app.Slack.SendAsync(body, headers => _forgeries[forgery](headers, body, app.Host.SigningSecret));
        await app.Slack.AcceptedAsync(learner.Written($"{App.Marker} real"));

        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldNotContain(app.Host.SigningSecret);
        // The real one comes after the forged one, had that been published, in the same partition.
        await Eventually.HoldsAsync(() => app.Log.Of(Topics.SlackEvents, learner.Key).ShouldNotBeEmpty());
        app.Log.Of(Topics.SlackEvents, learner.Key).ShouldHaveSingleItem().Text.ShouldContain("real");
    }

    [Fact]
    public async Task While_the_secret_is_rotated_both_are_accepted_and_no_third()
    {
        const string newSecret = "the-secret-after-the-rotation";
        await using var rotated = await ExtraHost.StartAsync(
            "rotation",
            ServiceNames.Ingress,
            app.Host.KafkaServers,
            app.Host.StudyDb,
            app.Host.RedisServers,
            new Dictionary<string, string> { ["Slack__SigningSecret"] = newSecret, ["Slack__PreviousSigningSecret"] = app.Host.SigningSecret });
        using var before = new SlackSide(rotated.Url, app.Host.SigningSecret);
        using var after = new SlackSide(rotated.Url, newSecret);
        using var stranger = new SlackSide(rotated.Url, "a-secret-of-somebody-else");

        await before.AcceptedAsync(Learner.New().Written(App.Marker));
        await after.AcceptedAsync(Learner.New().Written(App.Marker));
        using var refused = await stranger.PostAsync(Learner.New().Written(App.Marker));

        refused.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    private static void Add(HttpRequestHeaders headers, long timestamp, string signature)
    {
        headers.Add(Timestamp, Text(timestamp));
        headers.Add(Signature, signature);
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
