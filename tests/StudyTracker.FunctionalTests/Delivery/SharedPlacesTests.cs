using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using StackExchange.Redis;
using StudyTracker.FunctionalTests.Faults;
using StudyTracker.FunctionalTests.Support;
using StudyTracker.Notifier.Pace;
using StudyTracker.Notifier.Slack;

namespace StudyTracker.FunctionalTests.Delivery;

/// <summary>The budgets in Redis, as two replicas see them.</summary>
[Collection(nameof(OneFaultAtATime))]
public sealed class SharedPlacesTests(App app) : IAsyncLifetime
{
    private static readonly PaceOptions _options = new() { PostsPerMinute = 40, Burst = 30, PostsPerSecond = 1_000, ChannelBurst = 2, MarginMs = 0 };
    private readonly string _team = Learner.NewTeam();
    private readonly List<ConnectionMultiplexer> _connections = [];
    private IPlaces _one = null!;
    private IPlaces _other = null!;
    private int _tickets;

    public async ValueTask InitializeAsync() => (_one, _other) = (await ReplicaAsync(), await ReplicaAsync());

    public async ValueTask DisposeAsync()
    {
        foreach (var connection in _connections) await connection.DisposeAsync();
    }

    [Fact]
    public async Task Two_replicas_keep_to_one_budget_together()
    {
        var granted = await Task.WhenAll(Enumerable.Range(0, 200).Select(async i =>
        {
            await Task.Delay(i % 20 * 10);
            return (await TakeAsync(i % 2 == 0 ? _one : _other)).Wait == TimeSpan.Zero;
        }));

        granted.Count(one => one).ShouldBe(40);
        var refused = await TakeAsync(_one);
        refused.Scope.ShouldBe(PaceScope.Method);
        refused.Wait.ShouldBeInRange(TimeSpan.FromSeconds(50), TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task A_place_given_back_by_one_can_be_taken_by_the_other()
    {
        var request = Request(SlackMethod.Open);
        for (var i = 0; i < 12; i++) (await _one.TakeAsync(request, $"{_team}-{i}")).Wait.ShouldBe(TimeSpan.Zero);
        (await _other.TakeAsync(request, "over")).Wait.ShouldBeGreaterThan(TimeSpan.Zero);

        await _one.ReturnAsync(request, $"{_team}-3");

        (await _other.TakeAsync(request, "over")).Wait.ShouldBe(TimeSpan.Zero);
        (await _other.TakeAsync(request, "over again")).Wait.ShouldBeGreaterThan(TimeSpan.Zero);
    }

    [Theory]
    [InlineData("Channel", true, false, false)]
    [InlineData("Method", true, true, false)]
    [InlineData("Workspace", true, true, true)]
    public async Task What_one_replica_pauses_is_paused_for_the_other_and_nothing_else_is(string scope, bool channel, bool method, bool workspace)
    {
        await _one.PauseAsync(Request(SlackMethod.Post, "U1"), Enum.Parse<PaceScope>(scope), TimeSpan.FromSeconds(20));

        await ShouldBePausedAsync(Request(SlackMethod.Post, "U1"), channel);
        await ShouldBePausedAsync(Request(SlackMethod.Post, "U2"), method);
        await ShouldBePausedAsync(Request(SlackMethod.Find), workspace);
        await ShouldBePausedAsync(new PlaceRequest(Learner.NewTeam(), SlackMethod.Post, "U1"), false);
    }

    [Fact]
    public async Task A_channel_takes_one_a_second_from_both_together()
    {
        var request = Request(SlackMethod.Post, "U1");
        var started = Stopwatch.GetTimestamp();
        var taken = 0;
        PlaceAnswer answer;
        while ((answer = await (taken % 2 == 0 ? _one : _other).TakeAsync(request, NewTicket())).Wait == TimeSpan.Zero) taken++;

        // A burst of two, and on a machine that stops in between one more for each second.
        taken.ShouldBeInRange(2, 2 + (int)Math.Ceiling(Stopwatch.GetElapsedTime(started).TotalSeconds));
        answer.Scope.ShouldBe(PaceScope.Channel);
        answer.Wait.ShouldBeLessThanOrEqualTo(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task Without_redis_each_takes_its_share_and_when_it_is_back_it_is_told_of_it()
    {
        for (var i = 0; i < 10; i++) (await TakeAsync(i % 2 == 0 ? _one : _other)).Wait.ShouldBe(TimeSpan.Zero);
        await app.Host.Redis!.StopAsync();
        try
        {
            // Half of 40 for each, of which each has had 5.
            foreach (var replica in new[] { _one, _other })
            {
                var granted = 0;
                for (var i = 0; i < 60; i++)
                {
                    if ((await TakeAsync(replica)).Wait == TimeSpan.Zero) granted++;
                    else await Task.Delay(5, TestContext.Current.CancellationToken);
                }

                granted.ShouldBe(15);
            }
        }
        finally
        {
            await app.Host.Redis!.StartAsync(TestContext.Current.CancellationToken);
        }

        // It keeps nothing over a restart; each replica tells it of its own places when it next asks for one.
        await Eventually.HoldsAsync(() => _connections.ShouldAllBe(connection => connection.IsConnected));
        await Task.Delay(TimeSpan.FromSeconds(1.1), TestContext.Current.CancellationToken);
        await TakeAsync(_one);
        (await TakeAsync(_other)).Wait.ShouldBeGreaterThan(TimeSpan.FromSeconds(1));
        (await TakeAsync(_one)).Wait.ShouldBeGreaterThan(TimeSpan.FromSeconds(1));
    }

    private async Task ShouldBePausedAsync(PlaceRequest request, bool paused)
    {
        var wait = (await _other.TakeAsync(request, NewTicket())).Wait;
        if (paused) wait.ShouldBeInRange(TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(20), $"{request}");
        else wait.ShouldBe(TimeSpan.Zero, $"{request}");
    }

    private ValueTask<PlaceAnswer> TakeAsync(IPlaces replica) => replica.TakeAsync(Request(SlackMethod.Post, NewTicket()), NewTicket());

    private PlaceRequest Request(SlackMethod method, string? channel = null) => new(_team, method, channel);

    private string NewTicket() => $"{_team}:{Interlocked.Increment(ref _tickets)}";

    private async Task<IPlaces> ReplicaAsync()
    {
        var configuration = ConfigurationOptions.Parse(app.Host.RedisServers);
        configuration.AbortOnConnectFail = false;
        configuration.BacklogPolicy = BacklogPolicy.FailFast;
        var connection = await ConnectionMultiplexer.ConnectAsync(configuration);
        _connections.Add(connection);
        var options = Options.Create(_options);
        return new SharedPlaces(connection, new LocalPlaces(options, TimeProvider.System), options, TimeProvider.System, NullLogger<SharedPlaces>.Instance);
    }
}
