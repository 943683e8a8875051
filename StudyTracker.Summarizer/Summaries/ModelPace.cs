using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace StudyTracker.Summarizer.Summaries;

/// <summary>
/// Keeps all replicas together below the model's limits of calls and tokens a minute, and quiet for as long as its server
/// has asked for. Answers how long to wait; waiting is the caller's.
/// </summary>
internal sealed class ModelPace(RedisGuard guard, IOptions<ModelOptions> options, TimeProvider time)
{
    private const double Minute = 60_000_000;

    // A burst of one second and a minute at this rate together stay within the limit of any one minute.
    private const double Stretch = 62.0 / 60;
    private const double Burst = 1_000_000;
    private static readonly TimeSpan _closestReturns = TimeSpan.FromMilliseconds(10);

    // A generic cell rate for calls and one for tokens, in microseconds of Redis's own clock. Answers the wait; the places
    // are taken only when it is within the caller's patience.
    private const string ReserveScript = """
        local clock = redis.call('time')
        local now = clock[1] * 1000000 + clock[2]
        local burst, patience = tonumber(ARGV[3]), tonumber(ARGV[4])
        local place, next = now, {}
        for i = 1, 2 do
            local cost = tonumber(ARGV[i])
            if cost > 0 then
                local free = math.max(tonumber(redis.call('get', KEYS[i]) or 0), now - burst)
                place = math.max(place, free)
                next[i] = free + cost
            end
        end
        place = math.max(place, tonumber(redis.call('get', KEYS[3]) or 0))
        local wait = place - now
        if wait <= patience then
            for i = 1, 2 do
                if next[i] then redis.call('set', KEYS[i], string.format('%.0f', next[i]), 'PX', math.ceil((next[i] - now) / 1000) + 60000) end
            end
        end
        return math.ceil(wait)
        """;

    private const string QuietenScript = """
        local clock = redis.call('time')
        local until_us = clock[1] * 1000000 + clock[2] + ARGV[1] * 1000
        if until_us > tonumber(redis.call('get', KEYS[1]) or 0) then
            redis.call('set', KEYS[1], string.format('%.0f', until_us), 'PX', ARGV[1])
        end
        return 0
        """;

    private readonly Lock _lock = new();
    private readonly double[] _next = [0, 0];
    private double _quietUntil;
    private double _nextReturn;

    /// <summary>Takes a place for a call if there is one within the patience.</summary>
    /// <param name="tokens">What the call may cost at most.</param>
    /// <param name="patience">How long the caller would wait.</param>
    /// <returns>How long to wait before calling; or, beyond the patience, before asking again, with no place taken.</returns>
    public async Task<TimeSpan> ReserveAsync(int tokens, TimeSpan patience)
    {
        double[] costs = [Cost(options.Value.RequestsPerMinute, 1), Cost(options.Value.TokensPerMinute, tokens)];
        var wait = costs.Sum() > 0 && options.Value.SharePace ? await ReserveSharedAsync(costs, patience) : null;
        wait = Math.Max(wait ?? ReserveHere(costs, patience), QuietFor());
        return wait <= patience.TotalMicroseconds ? TimeSpan.FromMicroseconds(wait.Value) : Return(wait.Value, costs);
    }

    /// <summary>The server asked for quiet.</summary>
    public async Task QuietenAsync(TimeSpan duration)
    {
        lock (_lock) _quietUntil = Math.Max(_quietUntil, Now() + duration.TotalMicroseconds);
        if (!options.Value.SharePace) return;
        await guard.TryAsync(database => database.ScriptEvaluateAsync(
            QuietenScript, [Key("quiet")], [Math.Max(1, (long)duration.TotalMilliseconds)]));
    }

    private async Task<double?> ReserveSharedAsync(double[] costs, TimeSpan patience)
    {
        var (done, wait) = await guard.TryAsync(database => database.ScriptEvaluateAsync(
            ReserveScript,
            [Key("calls"), Key("tokens"), Key("quiet")],
            [costs[0], costs[1], Burst, (long)patience.TotalMicroseconds]));
        return done ? (double)(long)wait! : null;
    }

    private double ReserveHere(double[] costs, TimeSpan patience)
    {
        lock (_lock)
        {
            var now = Now();
            var place = Math.Max(now, _quietUntil);
            for (var i = 0; i < costs.Length; i++)
            {
                if (costs[i] > 0) place = Math.Max(place, _next[i]);
            }

            if (place - now > patience.TotalMicroseconds) return place - now;
            for (var i = 0; i < costs.Length; i++)
            {
                if (costs[i] > 0) _next[i] = Math.Max(_next[i], now - Burst) + costs[i];
            }

            return place - now;
        }
    }

    private double QuietFor()
    {
        lock (_lock) return Math.Max(0, _quietUntil - Now());
    }

    /// <summary>One after the other at the pace itself: together they would only find no place together again.</summary>
    private TimeSpan Return(double wait, double[] costs)
    {
        lock (_lock)
        {
            var now = Now();
            _nextReturn = Math.Max(_nextReturn, now + wait) + Math.Max(costs.Max(), _closestReturns.TotalMicroseconds);
            return TimeSpan.FromMicroseconds(_nextReturn - now);
        }
    }

    private static double Cost(int perMinute, int amount) => perMinute == 0 ? 0 : Minute * Stretch / perMinute * amount;

    private double Now() => (time.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalMicroseconds;

    /// <summary>Limits belong to a model; the braces keep the three on one server of a cluster.</summary>
    private RedisKey Key(string what) => $"studytracker:pace:{{{options.Value.Model}}}:{what}";
}
