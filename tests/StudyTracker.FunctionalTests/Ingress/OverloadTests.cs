using System.Diagnostics;
using System.Globalization;
using System.Net;
using StudyTracker.AppHost.Local;
using StudyTracker.AppHost.Local.Infrastructure;
using StudyTracker.Contracts;
using StudyTracker.FunctionalTests.Support;

namespace StudyTracker.FunctionalTests.Ingress;

/// <summary>An Ingress with a broker of its own, which can be slow or away without anybody else noticing.</summary>
[Collection(nameof(AloneOnTheMachine))]
public sealed class OverloadTests : IAsyncLifetime
{
    private const string Secret = "the-secret-of-the-ingress-under-load";
    private static readonly TimeSpan _slacksPatience = TimeSpan.FromSeconds(3);

    // Short, so that the tests are quick; STUDY_OVERLOAD_SECONDS=60 makes it the minute that docs/benchmarks/ingress.md tells of.
    private static readonly TimeSpan _overload = TimeSpan.FromSeconds(
        int.TryParse(Environment.GetEnvironmentVariable("STUDY_OVERLOAD_SECONDS"), CultureInfo.InvariantCulture, out var seconds) ? seconds : 5);

    private readonly LocalKafka _broker = LocalKafka.Start();
    private ExtraHost? _host;
    private SlackSide? _slack;
    private TopicLog? _log;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        _slack?.Dispose();
        _log?.Dispose();
        if (_host is not null) await _host.DisposeAsync();
        _broker.Dispose();
    }

    [Fact]
    public async Task Of_five_times_what_can_be_carried_the_rest_is_shed_and_then_everything_is_as_before()
    {
        // 8 at once, each acked after 40 ms: 200 a second.
        await StartAsync(new() { ["Kafka__MaxPublishesInFlight"] = "8", ["Kafka__LingerMs"] = "0" });
        _broker.SetRoundTrip(TimeSpan.FromMilliseconds(40));
        await OpenLoad.SendAsync(_slack!, 200, TimeSpan.FromSeconds(1));
        var memory = _host!.ResidentBytes;

        var sent = await OpenLoad.SendAsync(_slack!, 1_000, _overload);

        var (accepted, shed) = Split(sent);
        shed.Count.ShouldBeGreaterThan(accepted.Count);
        accepted.Count.ShouldBeGreaterThan(200); // it goes on working meanwhile
        var p99 = accepted.Select(one => one.Took).Order().ElementAt(accepted.Count * 99 / 100);
        p99.ShouldBeLessThan(_slacksPatience);
        (_host.ResidentBytes - memory).ShouldBeLessThan(100_000_000);
        var started = Stopwatch.GetTimestamp();
        using var answer = await _slack!.PostAsync(Learner.New().Written(App.Marker));
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        var after = Stopwatch.GetElapsedTime(started);
        after.ShouldBeLessThan(TimeSpan.FromSeconds(5));
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{accepted.Count} accepted, {shed.Count} shed, p99 {p99.TotalMilliseconds:0} ms, {(_host.ResidentBytes - memory) / 1e6:0} MB more, then {after.TotalMilliseconds:0} ms");
        await AllAreInTheTopicAsync(accepted);
    }

    [Fact]
    public async Task While_kafka_is_away_under_load_no_request_hangs_and_soon_after_its_return_events_are_taken_again()
    {
        await StartAsync([]);
        var load = OpenLoad.SendAsync(_slack!, 200, TimeSpan.FromSeconds(23));
        await Task.Delay(TimeSpan.FromSeconds(2), TestContext.Current.CancellationToken);
        _broker.SetDown();
        await Task.Delay(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        (await IsReadyAsync()).ShouldBeFalse();
        _broker.SetUp();
        var sent = await load;

        var (accepted, shed) = Split(sent);
        shed.Count.ShouldBeGreaterThan(200);
        sent.Max(one => one.Took).ShouldBeLessThan(_slacksPatience + TimeSpan.FromSeconds(0.5)); // the machine is busy with other tests
        sent.Where(one => one.DueAt > TimeSpan.FromSeconds(22)).ShouldAllBe(one => one.Status == HttpStatusCode.OK);
        await Eventually.HoldsAsync(async () => (await IsReadyAsync()).ShouldBeTrue());
        await AllAreInTheTopicAsync(accepted);
    }

    private async Task StartAsync(Dictionary<string, string> settings)
    {
        _host = await ExtraHost.StartAsync(
            "overload", ServiceNames.Ingress, _broker.BootstrapServers, "none", "none", new(settings) { ["Slack__SigningSecret"] = Secret });
        _slack = new SlackSide(_host.Url, Secret);
        _log = new TopicLog(_broker.BootstrapServers, _broker.PartitionCount);
    }

    private static (List<Sent> Accepted, List<Sent> Shed) Split(IReadOnlyList<Sent> sent)
    {
        var accepted = sent.Where(one => one.Status == HttpStatusCode.OK).ToList();
        var shed = sent.Where(one => one.Status == HttpStatusCode.ServiceUnavailable).ToList();
        (accepted.Count + shed.Count).ShouldBe(sent.Count);
        shed.ShouldAllBe(one => one.SaysWhenToRetry);
        return (accepted, shed);
    }

    private Task AllAreInTheTopicAsync(List<Sent> accepted) => Eventually.HoldsAsync(() =>
    {
        var stored = _log!.Of(Topics.SlackEvents).Select(record => record.Headers[RecordHeaders.EventId]).ToHashSet();
        accepted.ShouldAllBe(one => stored.Contains(one.EventId));
        return Task.CompletedTask;
    });

    private async Task<bool> IsReadyAsync()
    {
        using var http = new HttpClient();
        using var answer = await http.GetAsync(new Uri(_host!.ManagementUrl, "/health"), TestContext.Current.CancellationToken);
        return answer.IsSuccessStatusCode;
    }
}
