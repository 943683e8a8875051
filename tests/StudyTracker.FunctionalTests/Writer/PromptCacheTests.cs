using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using StackExchange.Redis;
using StudyTracker.FunctionalTests.Faults;
using StudyTracker.FunctionalTests.Support;
using StudyTracker.Summarizer.Summaries;

namespace StudyTracker.FunctionalTests.Writer;

/// <summary>The prompt cache and the shared pace on a real Redis, as two replicas see it.</summary>
[Collection(nameof(OneFaultAtATime))]
public sealed class PromptCacheTests(App app)
{
    private static readonly Completion _answer = new("answer", 5, 3);

    [Fact]
    public async Task Of_many_who_ask_the_same_in_two_replicas_one_calls_the_model()
    {
        await using var one = await ReplicaAsync();
        await using var other = await ReplicaAsync();
        var calls = 0;

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => (i % 2 == 0 ? one : other).Cache.GetAsync(
            one.Hash, () => AskAsync(), _ => true, Token)));

        calls.ShouldBe(1);
        answers.Count(answer => answer.Cached).ShouldBe(19);
        answers.ShouldAllBe(answer => answer.Answer == _answer);

        await one.Cache.RemoveAsync([one.Hash], Token);
        (await other.Cache.GetAsync(one.Hash, () => AskAsync(), _ => true, Token)).Cached.ShouldBeFalse();
        calls.ShouldBe(2);

        async Task<Completion> AskAsync()
        {
            Interlocked.Increment(ref calls);
            await Task.Delay(200, Token);
            return _answer;
        }
    }

    [Fact]
    public async Task An_answer_of_no_use_is_not_kept_and_a_failure_frees_the_question()
    {
        await using var replica = await ReplicaAsync();

        await Should.ThrowAsync<InvalidOperationException>(() => replica.Cache.GetAsync(replica.Hash, () => throw new InvalidOperationException(), _ => true, Token));
        (await replica.Cache.GetAsync(replica.Hash, () => Task.FromResult(_answer), _ => false, Token)).Cached.ShouldBeFalse();
        (await replica.Cache.GetAsync(replica.Hash, () => Task.FromResult(_answer), _ => true, Token)).Cached.ShouldBeFalse();
        (await replica.Cache.GetAsync(replica.Hash, () => Task.FromResult(_answer), _ => true, Token)).Cached.ShouldBeTrue();
    }

    [Theory]
    [InlineData("full")]
    [InlineData("silent")]
    public async Task A_redis_that_cannot_keep_anything_stops_nobody_and_lets_no_more_than_so_many_call_at_once(string how)
    {
        await using var replica = await ReplicaAsync();
        await using var admin = await ConnectionMultiplexer.ConnectAsync($"{app.Host.RedisServers},allowAdmin=true");
        var server = admin.GetServers()[0];
        var (running, most) = (0, 0);
        if (how == "full") await FillAsync(server);
        else await server.ExecuteAsync("CLIENT", "PAUSE", "5000", "ALL");
        try
        {
            var started = Stopwatch.GetTimestamp();
            var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => replica.Cache.GetAsync($"{replica.Hash}{i}", AskAsync, _ => true, Token)));

            answers.ShouldAllBe(answer => !answer.Cached && answer.Answer == _answer);
            most.ShouldBe(4);
            Stopwatch.GetElapsedTime(started).TotalSeconds.ShouldBeLessThan(4);
        }
        finally
        {
            if (how == "full") await server.ExecuteAsync("CONFIG", "SET", "maxmemory", "256mb", "maxmemory-policy", "allkeys-lru");
            else await Eventually.HoldsAsync(() => admin.GetDatabase().PingAsync());
        }

        async Task<Completion> AskAsync()
        {
            var now = Interlocked.Increment(ref running);
            lock (replica) most = Math.Max(most, now);
            await Task.Delay(50, Token);
            Interlocked.Decrement(ref running);
            return _answer;
        }
    }

    [Fact]
    public async Task Replicas_share_the_models_pace()
    {
        await using var one = await ReplicaAsync();
        await using var other = await ReplicaAsync(one.Hash);
        var waits = new List<double>();
        var started = Stopwatch.GetTimestamp();

        for (var call = 0; call < 40; call++) waits.Add((await (call % 2 == 0 ? one : other).Pace.ReserveAsync(1, TimeSpan.FromMinutes(1))).TotalSeconds);

        // 600 a minute: a second's worth at once, all others a tenth of a second apart, whichever replica asks.
        waits.Take(9).ShouldAllBe(wait => wait == 0);
        waits[^1].ShouldBeInRange(2.5 - Stopwatch.GetElapsedTime(started).TotalSeconds, 3.2);
        await one.Pace.QuietenAsync(TimeSpan.FromSeconds(30));
        (await other.Pace.ReserveAsync(1, TimeSpan.FromMinutes(1))).TotalSeconds.ShouldBeInRange(25, 31);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static async Task FillAsync(IServer server) => await server.ExecuteAsync("CONFIG", "SET", "maxmemory", "1kb", "maxmemory-policy", "noeviction");

    private async Task<Replica> ReplicaAsync(string? model = null)
    {
        var redis = await ConnectionMultiplexer.ConnectAsync(app.Host.RedisServers);
        var hash = model ?? Guid.NewGuid().ToString("n");
        var cacheOptions = Options.Create(new PromptCacheOptions { MaxCallsWithoutRedis = 4 });
        var guard = new RedisGuard(redis, cacheOptions, TimeProvider.System, NullLogger<RedisGuard>.Instance);
        return new Replica(
            hash,
            redis,
            new PromptCache(guard, redis, cacheOptions, TimeProvider.System),
            new ModelPace(guard, Options.Create(new ModelOptions { Model = hash, RequestsPerMinute = 600 }), TimeProvider.System));
    }

    private sealed record Replica(string Hash, IConnectionMultiplexer Redis, PromptCache Cache, ModelPace Pace) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            Cache.Dispose();
            await Redis.DisposeAsync();
        }
    }
}
