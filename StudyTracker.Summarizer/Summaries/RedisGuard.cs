using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace StudyTracker.Summarizer.Summaries;

/// <summary>
/// Redis with a bounded wait. Whatever goes wrong there is an answer of its own, never an exception: the writer does
/// without. A Redis that did not answer is left alone for a moment.
/// </summary>
internal sealed partial class RedisGuard(
    IConnectionMultiplexer redis, IOptions<PromptCacheOptions> options, TimeProvider time, ILogger<RedisGuard> logger)
{
    private long _awayUntilTicks;

    /// <summary>Does it, unless Redis is away, full or slow.</summary>
    public async Task<(bool Done, T? Result)> TryAsync<T>(Func<IDatabase, Task<T>> action)
    {
        if (time.GetUtcNow().UtcTicks < Interlocked.Read(ref _awayUntilTicks)) return default;
        try
        {
            return (true, await action(redis.GetDatabase()).WaitAsync(TimeSpan.FromMilliseconds(options.Value.TimeoutMs), time));
        }
        catch (RedisServerException error)
        {
            LogRefused(error.Message); // it answers: full, loading, or a replica
            return default;
        }
        catch (Exception error) when (error is RedisException or TimeoutException)
        {
            Interlocked.Exchange(ref _awayUntilTicks, time.GetUtcNow().AddMilliseconds(options.Value.AwayMs).UtcTicks);
            LogAway(error.Message);
            return default;
        }
    }

    [LoggerMessage(LogLevel.Debug, "Redis does not take it: {Reason}")]
    private partial void LogRefused(string reason);

    [LoggerMessage(LogLevel.Information, "Redis does not answer and is done without for a moment: {Reason}")]
    private partial void LogAway(string reason);
}
