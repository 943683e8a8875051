namespace StudyTracker.Notifier.Pace;

/// <summary>
/// What Redis does in one step each. The clock is Redis's own, so that replicas whose clocks differ agree. All keys of a
/// workspace have its id as hash tag, so that they are in one slot of a cluster.
/// </summary>
internal static class PaceScripts
{
    /// <summary>
    /// Takes a place when every budget has one: answers how long to wait (ms; 0: taken), what for (0 channel, 1 method, 2
    /// workspace) and how many replicas have asked within a minute.
    /// KEYS: workspace pause, method pause, even pace, minute, replicas, and for posts channel pause, channel pace.
    /// ARGV: ticket, replica, calls a minute, minute in ms, interval in ms, burst, channel interval in ms, channel burst.
    /// The minute is a sorted set of the tickets by time. A pace is the time at which the next call would be due if all went
    /// out evenly; a burst may run ahead of it (generic cell rate).
    /// </summary>
    public const string Take = """
        local clock = redis.call('TIME')
        local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
        redis.call('ZADD', KEYS[5], now, ARGV[2])
        redis.call('ZREMRANGEBYSCORE', KEYS[5], '-inf', now - 60000)
        redis.call('PEXPIRE', KEYS[5], 60000)
        local wait, scope = 0, 2
        local function hold(ms, what)
          if ms > wait then wait = ms; scope = what end
        end
        local minute, interval, burst = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
        hold(redis.call('PTTL', KEYS[1]), 2)
        hold(redis.call('PTTL', KEYS[2]), 1)
        local due = tonumber(redis.call('GET', KEYS[3]) or '0')
        hold(due - (burst - 1) * interval - now, 1)
        redis.call('ZREMRANGEBYSCORE', KEYS[4], '-inf', now - minute)
        local over = redis.call('ZCARD', KEYS[4]) - tonumber(ARGV[3])
        if over >= 0 then
          hold(tonumber(redis.call('ZRANGE', KEYS[4], over, over, 'WITHSCORES')[2]) + minute - now, 1)
        end
        local channelDue
        if KEYS[6] then
          hold(redis.call('PTTL', KEYS[6]), 0)
          channelDue = tonumber(redis.call('GET', KEYS[7]) or '0')
          hold(channelDue - (tonumber(ARGV[8]) - 1) * tonumber(ARGV[7]) - now, 0)
        end
        local replicas = redis.call('ZCARD', KEYS[5])
        if wait > 0 then return {math.ceil(wait), scope, replicas} end
        due = math.max(due, now) + interval
        redis.call('SET', KEYS[3], string.format('%.3f', due), 'PX', math.ceil(due - now) + 1000)
        redis.call('ZADD', KEYS[4], now, ARGV[1])
        redis.call('PEXPIRE', KEYS[4], minute)
        if channelDue then
          channelDue = math.max(channelDue, now) + tonumber(ARGV[7])
          redis.call('SET', KEYS[7], string.format('%.3f', channelDue), 'PX', math.ceil(channelDue - now) + 1000)
        end
        return {0, 2, replicas}
        """;

    /// <summary>Gives a place back, once. KEYS: minute, even pace, and for posts channel pace. ARGV: ticket, interval in ms, channel interval in ms.</summary>
    public const string Return = """
        if redis.call('ZREM', KEYS[1], ARGV[1]) == 0 then return 0 end
        local function back(key, ms)
          local due = redis.call('GET', key)
          if due then redis.call('SET', key, string.format('%.3f', tonumber(due) - ms), 'KEEPTTL') end
        end
        back(KEYS[2], tonumber(ARGV[2]))
        if KEYS[3] then back(KEYS[3], tonumber(ARGV[3])) end
        return 1
        """;

    /// <summary>Pauses, and makes no pause shorter. KEYS: the pause. ARGV: ms.</summary>
    public const string Pause = """
        if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[1]) then redis.call('SET', KEYS[1], '1', 'PX', ARGV[1]) end
        return 0
        """;
}
