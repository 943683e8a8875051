using System.Diagnostics.Metrics;
using System.Text.Json;
using Microsoft.Extensions.Options;
using StackExchange.Redis;
using StudyTracker.Telemetry;

namespace StudyTracker.Summarizer.Summaries;

/// <summary>
/// Answers already paid for, in Redis, under the hash of their prompt. One replica asks the model, the others wait for
/// its answer. Redis is a help, not a need: without it every question goes to the model.
/// </summary>
internal sealed partial class PromptCache(
    IConnectionMultiplexer redis, IOptions<ModelOptions> options, TimeProvider time, ILogger<PromptCache> logger)
{
    private const string Prefix = "studytracker:summary:";
    private const int RemoveTogether = 500;
    private static readonly TimeSpan _pollInterval = TimeSpan.FromMilliseconds(50);

    private static readonly Counter<long> _lookups = Instruments.Meter.CreateCounter<long>(
        "studytracker.cache.lookups", "{lookup}", "Look-ups in the prompt cache: hit, miss, wait or bypass.");

    // Frees a lock only for its owner: one that has outlived its time must not open another's.
    private const string ReleaseScript = "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end return 0";

    private const string RenewScript = "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('pexpire', KEYS[1], ARGV[2]) end return 0";

    // Short, and renewed by its owner for as long as the call takes: so the owner's death frees it soon.
    private static readonly TimeSpan _lockTime = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan _renewInterval = TimeSpan.FromSeconds(2);

    // A call and its repetitions may take longer than this; then a second question is the lesser evil.
    private TimeSpan LongestWait => TimeSpan.FromSeconds(options.Value.TimeoutSeconds + 5);

    /// <summary>The cached answer, or the one that <paramref name="ask"/> gives and that passes <paramref name="valid"/>.</summary>
    /// <returns>The answer, and whether it came from the cache.</returns>
    public async Task<(Completion Answer, bool Cached)> GetAsync(
        string hash, Func<Task<Completion>> ask, Func<Completion, bool> valid, CancellationToken cancellationToken)
    {
        if (options.Value.CacheHours == 0) return (await ask(), false);
        var (key, owner) = (Prefix + hash, Guid.NewGuid().ToString("n"));
        var deadline = time.GetUtcNow() + LongestWait;
        var waited = false;
        while (true)
        {
            if (await ReadAsync(key) is { } found)
            {
                Count(waited ? "wait" : "hit");
                return (found, true);
            }

            var locked = await LockAsync(key, owner);
            if (locked is not false || time.GetUtcNow() >= deadline)
            {
                Count(locked is null ? "bypass" : "miss");
                return (await AskAndKeepAsync(key, owner, ask, valid), false);
            }

            waited = true;
            await Task.Delay(_pollInterval, time, cancellationToken);
        }
    }

    /// <summary>Forgets an answer, so that the question is asked again.</summary>
    public Task ForgetAsync(string hash) => TryAsync(database => database.KeyDeleteAsync(Prefix + hash));

    /// <summary>Erases answers for good, by the hashes of their prompts.</summary>
    /// <exception cref="RedisException">Redis is away or does not take it: nothing may be called erased.</exception>
    public async Task RemoveAsync(IEnumerable<string> hashes, CancellationToken cancellationToken)
    {
        foreach (var chunk in hashes.Distinct().Chunk(RemoveTogether))
            await redis.GetDatabase().KeyDeleteAsync([.. chunk.Select(hash => (RedisKey)(Prefix + hash))]).WaitAsync(cancellationToken);
    }

    private async Task<Completion> AskAndKeepAsync(string key, string owner, Func<Task<Completion>> ask, Func<Completion, bool> valid)
    {
        using var asked = new CancellationTokenSource();
        var renewal = RenewAsync(key, owner, asked.Token);
        try
        {
            var answer = await ask();
            if (valid(answer))
            {
                var json = JsonSerializer.SerializeToUtf8Bytes(answer);
                await TryAsync(database => database.StringSetAsync(key, json, TimeSpan.FromHours(options.Value.CacheHours)));
            }

            return answer;
        }
        finally
        {
            await asked.CancelAsync();
            await renewal;
            await TryAsync(database => database.ScriptEvaluateAsync(ReleaseScript, [LockKey(key)], [owner]));
        }
    }

    private async Task RenewAsync(string key, string owner, CancellationToken asked)
    {
        using var timer = new PeriodicTimer(_renewInterval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(asked))
            {
                await TryAsync(database => database.ScriptEvaluateAsync(
                    RenewScript, [LockKey(key)], [owner, (long)_lockTime.TotalMilliseconds]));
            }
        }
        catch (OperationCanceledException)
        {
            // The question is answered.
        }
    }

    private async Task<Completion?> ReadAsync(string key)
    {
        var value = await TryAsync(database => database.StringGetAsync(key));
        try
        {
            return value.HasValue ? JsonSerializer.Deserialize<Completion>((byte[])value!) : null;
        }
        catch (JsonException)
        {
            return null; // of another version: ask again and overwrite it
        }
    }

    /// <summary>Whether this caller may ask; null when Redis cannot tell.</summary>
    private async Task<bool?> LockAsync(string key, string owner)
    {
        try
        {
            return await redis.GetDatabase().StringSetAsync(LockKey(key), owner, _lockTime, When.NotExists);
        }
        catch (Exception error) when (error is RedisException or TimeoutException)
        {
            LogAway(error.Message);
            return null;
        }
    }

    private async Task<T?> TryAsync<T>(Func<IDatabase, Task<T>> action)
    {
        try
        {
            return await action(redis.GetDatabase());
        }
        catch (Exception error) when (error is RedisException or TimeoutException)
        {
            LogAway(error.Message);
            return default;
        }
    }

    private static RedisKey LockKey(string key) => key + ":lock";

    private static void Count(string outcome) => _lookups.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    [LoggerMessage(LogLevel.Debug, "The prompt cache is bypassed: {Reason}")]
    private partial void LogAway(string reason);
}
