using System.Diagnostics.Metrics;
using System.Text.Json;
using Microsoft.Extensions.Options;
using StackExchange.Redis;
using StudyTracker.Telemetry;

namespace StudyTracker.Summarizer.Summaries;

/// <summary>
/// Answers already paid for, in Redis, under the hash of their prompt. One replica asks the model, the others wait for
/// its answer. Redis is a help, not a need: without it questions go to the model, not too many at once.
/// </summary>
internal sealed class PromptCache(RedisGuard guard, IConnectionMultiplexer redis, IOptions<PromptCacheOptions> options, TimeProvider time)
    : IDisposable
{
    private const int RemoveTogether = 500;
    private static readonly TimeSpan _pollInterval = TimeSpan.FromMilliseconds(50);

    // Short, and renewed by its owner for as long as the call takes: so the owner's death frees it soon.
    private static readonly TimeSpan _lockTime = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan _renewInterval = TimeSpan.FromSeconds(2);

    // Behind an owner that renews its lock and gives no answer, a second question is the lesser evil.
    private static readonly TimeSpan _longestWait = TimeSpan.FromMinutes(2);

    private static readonly Counter<long> _lookups = Instruments.Meter.CreateCounter<long>(
        "studytracker.cache.lookups", "{lookup}", "Look-ups in the prompt cache: hit, miss, wait (for another's answer) or bypass.");

    private static readonly Counter<long> _saved = Instruments.Meter.CreateCounter<long>(
        "studytracker.cache.saved_tokens", "{token}", "Tokens that the prompt cache saved, by direction.");

    // The answer; or 1 when the question is the caller's now, 0 when it is another's.
    private const string LookScript = """
        local answer = redis.call('get', KEYS[1])
        if answer then return answer end
        if redis.call('set', KEYS[2], ARGV[1], 'NX', 'PX', ARGV[2]) then return 1 end
        return 0
        """;

    // A lock that has outlived its time must not open another's; a full Redis keeps nothing but frees the lock all the same.
    private const string EndScript = """
        if ARGV[3] ~= '0' then redis.pcall('set', KEYS[1], ARGV[2], 'PX', ARGV[3]) end
        if redis.call('get', KEYS[2]) == ARGV[1] then redis.call('del', KEYS[2]) end
        return 0
        """;

    private const string RenewScript = "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('pexpire', KEYS[1], ARGV[2]) end return 0";

    private readonly SemaphoreSlim _withoutRedis = new(options.Value.MaxCallsWithoutRedis);

    /// <summary>The cached answer, or the one that <paramref name="ask"/> gives and that passes <paramref name="valid"/>.</summary>
    /// <returns>The answer, and whether it came from the cache.</returns>
    public async Task<(Completion Answer, bool Cached)> GetAsync(
        string hash, Func<Task<Completion>> ask, Func<Completion, bool> valid, CancellationToken cancellationToken)
    {
        if (options.Value.Hours == 0) return (await ask(), false);
        var (keys, owner) = (Keys(hash), Guid.NewGuid().ToString("n"));
        var deadline = time.GetUtcNow() + _longestWait;
        for (var waited = false; ; waited = true)
        {
            var (done, found) = await guard.TryAsync(database => database.ScriptEvaluateAsync(
                LookScript, keys, [owner, (long)_lockTime.TotalMilliseconds]));
            if (!done) return (await AskWithoutRedisAsync(ask, cancellationToken), false);
            if (Read(found!) is { } answer)
            {
                Count(waited ? "wait" : "hit");
                _saved.Add(answer.InputTokens, new KeyValuePair<string, object?>("direction", "input"));
                _saved.Add(answer.OutputTokens, new KeyValuePair<string, object?>("direction", "output"));
                return (answer, true);
            }

            // What cannot be read was kept by a version that wrote it in another way, and is overwritten.
            var isAnothers = found!.Resp2Type == ResultType.Integer && (long)found == 0;
            if (!isAnothers || time.GetUtcNow() >= deadline)
            {
                Count("miss");
                return (await AskAndKeepAsync(keys, owner, ask, valid), false);
            }

            await Task.Delay(_pollInterval, time, cancellationToken);
        }
    }

    /// <summary>Forgets an answer, so that the question is asked again.</summary>
    public Task ForgetAsync(string hash) => guard.TryAsync(database => database.KeyDeleteAsync(Keys(hash)[0]));

    /// <summary>Erases answers for good, by the hashes of their prompts.</summary>
    /// <exception cref="RedisException">Redis is away or does not take it: nothing may be called erased.</exception>
    public async Task RemoveAsync(IEnumerable<string> hashes, CancellationToken cancellationToken)
    {
        // One by one, because in a cluster they lie on different servers; sent together, because that costs one wait.
        foreach (var chunk in hashes.Distinct().Chunk(RemoveTogether))
            await Task.WhenAll(chunk.Select(hash => redis.GetDatabase().KeyDeleteAsync(Keys(hash)[0]))).WaitAsync(cancellationToken);
    }

    public void Dispose() => _withoutRedis.Dispose();

    private async Task<Completion> AskWithoutRedisAsync(Func<Task<Completion>> ask, CancellationToken cancellationToken)
    {
        Count("bypass");
        await _withoutRedis.WaitAsync(cancellationToken);
        try
        {
            return await ask();
        }
        finally
        {
            _withoutRedis.Release();
        }
    }

    private async Task<Completion> AskAndKeepAsync(RedisKey[] keys, string owner, Func<Task<Completion>> ask, Func<Completion, bool> valid)
    {
        using var asked = new CancellationTokenSource();
        var renewal = RenewAsync(keys[1], owner, asked.Token);
        byte[] kept = [];
        try
        {
            var answer = await ask();
            if (valid(answer)) kept = JsonSerializer.SerializeToUtf8Bytes(answer, PromptJson.Default.Completion);
            return answer;
        }
        finally
        {
            await asked.CancelAsync();
            await renewal;
            var keepMs = kept.Length == 0 ? 0 : (long)TimeSpan.FromHours(options.Value.Hours).TotalMilliseconds;
            await guard.TryAsync(database => database.ScriptEvaluateAsync(EndScript, keys, [owner, kept, keepMs]));
        }
    }

    private async Task RenewAsync(RedisKey key, string owner, CancellationToken asked)
    {
        while (true)
        {
            await Task.Delay(_renewInterval, time, asked).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (asked.IsCancellationRequested) return;
            await guard.TryAsync(database => database.ScriptEvaluateAsync(RenewScript, [key], [owner, (long)_lockTime.TotalMilliseconds]));
        }
    }

    private static Completion? Read(RedisResult found)
    {
        try
        {
            return found.Resp2Type == ResultType.Integer ? null : JsonSerializer.Deserialize((byte[])found!, PromptJson.Default.Completion);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Of the answer and of its lock; the braces keep both on one server of a cluster.</summary>
    private static RedisKey[] Keys(string hash) => [$"studytracker:summary:{{{hash}}}", $"studytracker:summary:{{{hash}}}:lock"];

    /// <summary>Has its counters start at 0.</summary>
    public static void CountFromZero(IServiceCollection services)
    {
        services.CountFromZero(_lookups, ("outcome", ["hit", "wait", "miss", "bypass"]));
        services.CountFromZero(_saved, ("direction", ["input", "output"]));
    }

    private static void Count(string outcome) => _lookups.Add(1, new KeyValuePair<string, object?>("outcome", outcome));
}
