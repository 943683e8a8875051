using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Confluent.Kafka;
using StudyTracker.AppHost.Local;
using StudyTracker.Contracts;

namespace StudyTracker.LoadTests.Benchmarks.Delivery;

/// <summary>
/// One round: a Notifier and a Sandbox with limits, summaries put into Kafka as the writer does, faults and kills, and then the
/// comparison of what was sent with what Slack and the ledger have.
/// </summary>
internal sealed class DeliveryRun : IAsyncDisposable
{
    private static readonly TimeSpan _poll = TimeSpan.FromMilliseconds(250);
    private readonly DeliveryRound _round;
    private readonly SlackLimits _limits;
    private readonly LocalHost _host;
    private readonly SandboxSide _sandbox;
    private readonly string _runId = $"bench-{Guid.NewGuid():n}";
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(10) };
    private TimeSpan _down;

    private DeliveryRun(DeliveryRound round, SlackLimits limits, LocalHost host)
    {
        (_round, _limits, _host) = (round, limits, host);
        _sandbox = new SandboxSide(host.Services[ServiceNames.Sandbox].Url);
        _http.DefaultRequestHeaders.Add("X-Api-Key", host.OperatorKey);
    }

    private ServiceProcess Notifier => _host.Services[ServiceNames.Notifier];

    public static async Task<DeliveryRun> StartAsync(DeliveryRound round, CancellationToken cancel)
    {
        var limits = new SlackLimits(round.Factor);
        var notifier = limits.OfNotifier();
        // A killed Notifier is missed for this long, and its deliveries are its own for this long. Slack's time limit is less.
        notifier["Kafka__SessionTimeoutMs"] = "2000";
        notifier["Notifier__LeaseSeconds"] = "5";
        notifier["Slack__TimeoutSeconds"] = "3";
        var host = await LocalHost.StartAsync(
            new LocalHostSetup
            {
                Instance = "bench-delivery",
                Fresh = true,
                Temporary = true,
                Options = LocalHostOptions.FromEnvironment() with { RestartDelay = TimeSpan.FromMilliseconds(50), RestartDelayMax = TimeSpan.FromMilliseconds(200) },
                Services = [ServiceNames.Sandbox, ServiceNames.Notifier],
                ServiceSettings = new Dictionary<string, IReadOnlyDictionary<string, string>>
                {
                    [ServiceNames.Sandbox] = limits.OfSandbox(),
                    [ServiceNames.Notifier] = notifier,
                },
            },
            cancel: cancel);
        return new DeliveryRun(round, limits, host);
    }

    public async Task<DeliveryFigures> MeasureAsync(CancellationToken cancel)
    {
        await _sandbox.SetAsync(
            new { seed = 20261122, slack = new { rateLimited = _round.RateLimited, serverError = _round.ServerError, resetAfterAccept = _round.ResetAfterAccept } },
            cancel);
        var minimum = _limits.Minimum(_round.Deliveries / DeliveryRound.Workspaces, _round.Channels / DeliveryRound.Workspaces);
        var started = DateTimeOffset.UtcNow;
        var summaries = Publish(started);
        var killing = KillAsync(minimum, cancel);
        // Far beyond what it should take, so that a slow one is measured and not cut off.
        await WaitAsync(minimum * 3 + TimeSpan.FromMinutes(1), cancel);
        await killing;
        return await FiguresAsync(summaries, minimum, started, cancel);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        _sandbox.Dispose();
        await _host.DisposeAsync();
    }

    /// <summary>Every channel gets its summaries one after the other, in turn with all others.</summary>
    private HashSet<string> Publish(DateTimeOffset promised)
    {
        using var producer = new ProducerBuilder<byte[], byte[]>(new ProducerConfig { BootstrapServers = _host.KafkaServers, Acks = Acks.All, LingerMs = 5 }).Build();
        var ids = new HashSet<string>();
        for (var i = 0; i < _round.Deliveries; i++)
        {
            var channel = i % _round.Channels;
            var member = new MemberKey($"T0BENCH000{channel % DeliveryRound.Workspaces}", string.Create(CultureInfo.InvariantCulture, $"U0BENCH{channel:00000}"));
            var summary = new FeedbackRecord(
                Guid.CreateVersion7(),
                _runId,
                member.TeamId,
                member.UserId,
                SummaryKind.Daily,
                new DateOnly(2026, 11, 22),
                i % 2 == 0 ? "ko" : "en",
                new SummaryContent(
                    [new SummarySentence("오늘은 B-트리와 LSM 트리를 비교했습니다.", [new MessageRef("C0BENCH", "1700000000.000100")]), new SummarySentence("You measured both.", [])],
                    "Well done.",
                    ["Measure it again.", "다시 재 보세요."]),
                MessageCount: 7,
                "bench",
                promised,
                promised,
                promised,
                StreakDays: 3);
            ids.Add($"{summary.SummaryId}");
            producer.Produce(Topics.Feedback, new Message<byte[], byte[]>
            {
                Key = member.ToBytes(),
                Value = JsonSerializer.SerializeToUtf8Bytes(summary, ContractsJson.Default.FeedbackRecord),
                Headers = new Headers { { RecordHeaders.Kind, Encoding.UTF8.GetBytes(RecordKinds.Feedback) } },
            });
        }

        producer.Flush(TimeSpan.FromSeconds(30));
        return ids;
    }

    /// <summary>Kills the Notifier at random moments of the time that it should take.</summary>
    private async Task KillAsync(TimeSpan minimum, CancellationToken cancel)
    {
        var random = new Random(20261122);
        var apart = minimum * 0.9 / Math.Max(1, _round.Kills);
        for (var kill = 0; kill < _round.Kills; kill++)
        {
            await Task.Delay(apart * (0.5 + random.NextDouble() / 2), cancel);
            var clock = Stopwatch.StartNew();
            var restarts = Notifier.Restarts;
            Notifier.Kill();
            while (Notifier.Restarts == restarts) await Task.Delay(20, cancel);
            await Notifier.WaitReadyAsync(cancel);
            _down += clock.Elapsed;
        }
    }

    /// <summary>Waits until the Notifier's ledger knows of every summary how it ended.</summary>
    private async Task WaitAsync(TimeSpan patience, CancellationToken cancel)
    {
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < patience; await Task.Delay(_poll, cancel))
        {
            try
            {
                var run = await RunAsync(cancel);
                if (run.GetProperty("sent").GetInt32() + run.GetProperty("parked").GetInt32() >= _round.Deliveries) return;
            }
            catch (HttpRequestException)
            {
                // It was killed just now.
            }
        }
    }

    private async Task<DeliveryFigures> FiguresAsync(HashSet<string> summaries, TimeSpan minimum, DateTimeOffset started, CancellationToken cancel)
    {
        var posts = await _sandbox.PostsAsync(cancel);
        var posted = posts.GroupBy(post => post.SummaryId ?? "").ToDictionary(group => group.Key, group => group.Count());
        var run = await RunAsync(cancel);
        var methods = (await _sandbox.LedgerAsync(cancel)).GetProperty("methods").EnumerateObject().ToList();
        var connections = _round.Kills > 0 ? 0
            : await MetricsPage.SumAsync(Notifier.ManagementUrl, "http_client_open_connections", $"server_port=\"{_host.Services[ServiceNames.Sandbox].Url.Port}\"", cancel)
            + await MetricsPage.SumAsync(Notifier.ManagementUrl, "http_client_connection_duration_seconds_count", $"server_port=\"{_host.Services[ServiceNames.Sandbox].Url.Port}\"", cancel);
        return new DeliveryFigures(
            _round,
            minimum.TotalSeconds,
            ((posts.Count == 0 ? DateTimeOffset.UtcNow : posts.Max(post => post.At)) - started).TotalSeconds,
            _down.TotalSeconds,
            summaries.Count(id => !posted.ContainsKey(id)),
            posted.Where(one => summaries.Contains(one.Key)).Sum(one => one.Value - 1) + posted.Where(one => !summaries.Contains(one.Key)).Sum(one => one.Value),
            _round.Deliveries - run.GetProperty("sent").GetInt32(),
            methods.ToDictionary(method => method.Name, method => method.Value.GetProperty("calls").GetInt64()),
            methods.Sum(method => method.Value.GetProperty("rateLimited").GetInt64()),
            connections,
            run.GetProperty("lateness") is { ValueKind: JsonValueKind.Object } lateness ? lateness.GetProperty("p95Seconds").GetDouble() : 0);
    }

    private Task<JsonElement> RunAsync(CancellationToken cancel) =>
        _http.GetFromJsonAsync<JsonElement>(new Uri(Notifier.ManagementUrl, $"/deliveries/runs/{_runId}"), cancel);
}
