using System.Net;
using System.Text;
using System.Text.Json;
using StudyTracker.LoadTests.Connections;
using StudyTracker.LoadTests.Scenarios;
using StudyTracker.Sandbox.Events;

namespace StudyTracker.UnitTests.LoadTests;

public sealed class RequestTests
{
    private const string Secret = "the-secret";

    private static readonly Cast _cast = new("RUN123", learners: 10, workspaces: 3);
    private static readonly Requests _requests = new(_cast, new Server(new Uri("http://10.0.0.7:8080"), new IPEndPoint(IPAddress.Loopback, 8080)), Encoding.UTF8.GetBytes(Secret), "the-key");

    [Fact]
    public void An_event_is_a_slack_envelope_of_its_learner()
    {
        var (_, body) = Split(Event(17));
        using var envelope = JsonDocument.Parse(body);
        var slackEvent = envelope.RootElement.GetProperty("event");

        envelope.RootElement.GetProperty("type").GetString().ShouldBe("event_callback");
        envelope.RootElement.GetProperty("team_id").GetString().ShouldBe(_cast.TeamOf(17));
        envelope.RootElement.GetProperty("event_id").GetString().ShouldBe(_cast.EventIdOf(17));
        slackEvent.GetProperty("user").GetString().ShouldBe(_cast.UserOf(17));
        slackEvent.GetProperty("channel").GetString().ShouldBe(_cast.ChannelOf(17));
        slackEvent.GetProperty("text").GetString().ShouldBe(Cast.TextOf(17));
        body.ShouldAllBe(letter => char.IsAscii(letter));
    }

    [Fact]
    public void An_event_is_signed_as_slack_signs()
    {
        var (headers, body) = Split(Event(3));
        var timestamp = long.Parse(headers["X-Slack-Request-Timestamp"], null);

        headers["X-Slack-Signature"].ShouldBe(SlackSigner.Sign(Secret, timestamp, Encoding.ASCII.GetBytes(body)));
        DateTimeOffset.FromUnixTimeSeconds(timestamp).ShouldBe(DateTimeOffset.UtcNow, TimeSpan.FromSeconds(5));
        headers["Content-Length"].ShouldBe($"{body.Length}");
        headers["Host"].ShouldBe("10.0.0.7:8080");
    }

    [Fact]
    public void No_two_messages_of_a_channel_have_one_timestamp_however_quickly_they_follow()
    {
        var messages = Enumerable.Range(0, 2_000).Select(number =>
        {
            using var envelope = JsonDocument.Parse(Split(Event(number)).Body);
            var slackEvent = envelope.RootElement.GetProperty("event");
            return (slackEvent.GetProperty("channel").GetString(), slackEvent.GetProperty("ts").GetString());
        });

        messages.ShouldBeUnique();
    }

    [Fact]
    public void A_trigger_names_its_run_and_carries_the_key()
    {
        var buffer = new byte[4_096];
        var (headers, body) = Split(Encoding.ASCII.GetString(buffer, 0, _requests.BuildTrigger(4, buffer)));

        headers["X-Api-Key"].ShouldBe("the-key");
        JsonDocument.Parse(body).RootElement.GetProperty("id").GetString().ShouldBe("load-RUN123-005");
    }

    [Fact]
    public void A_learner_has_one_workspace_and_an_events_number_is_found_again()
    {
        Enumerable.Range(0, 1_000).GroupBy(_cast.UserOf).ShouldAllBe(learner => learner.Select(_cast.TeamOf).Distinct().Count() == 1);
        Enumerable.Range(0, 1_000).Select(_cast.TeamOf).Distinct().Count().ShouldBe(3);
        _cast.NumberOf(_cast.EventIdOf(123_456)).ShouldBe(123_456);
        _cast.NumberOf("EvOTHER100000001").ShouldBeNull();
    }

    [Fact]
    public void A_run_gets_a_name_that_the_next_one_does_not_get()
    {
        var now = DateTimeOffset.Parse("2026-11-22T20:00:00Z", null);

        Cast.NewRun(now).Length.ShouldBe(6);
        Enumerable.Range(0, 1_000).Select(hundredth => Cast.NewRun(now.AddMilliseconds(10 * hundredth))).ShouldBeUnique();
    }

    private static string Event(int number)
    {
        var buffer = new byte[4_096];
        return Encoding.ASCII.GetString(buffer, 0, _requests.BuildEvent(number, buffer));
    }

    private static (Dictionary<string, string> Headers, string Body) Split(string request)
    {
        var parts = request.Split("\r\n\r\n", 2);
        var lines = parts[0].Split("\r\n");
        lines[0].ShouldEndWith(" HTTP/1.1");
        return (lines.Skip(1).Select(line => line.Split(": ", 2)).ToDictionary(line => line[0], line => line[1]), parts[1]);
    }
}
