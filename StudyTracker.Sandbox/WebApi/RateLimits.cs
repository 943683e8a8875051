using Microsoft.Extensions.Options;

namespace StudyTracker.Sandbox.WebApi;

/// <summary>
/// Slack's limits. A channel takes one message a second after a short burst; a method takes so many calls in any minute
/// from a workspace. A refused call costs nothing, so whoever waits as told gets through.
/// </summary>
internal sealed class RateLimits(IOptions<SandboxOptions> options, TimeProvider time)
{
    private const int MaxIdleChannels = 50_000;
    private static readonly long _second = TimeSpan.TicksPerSecond;
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Team, string Channel), long> _channels = [];
    private readonly Dictionary<(string Team, string Method), Queue<long>> _methods = [];

    /// <summary>How long to wait with a message for a channel; zero when it was taken.</summary>
    public TimeSpan TakePost(string teamId, string channelId)
    {
        lock (_gate)
        {
            var now = time.GetUtcNow().Ticks;
            // The time at which the channel will have caught up; a burst may run this far ahead of the present.
            var caughtUp = Math.Max(_channels.GetValueOrDefault((teamId, channelId)), now);
            var ahead = caughtUp - now - (options.Value.ChannelBurst - 1) * _second;
            if (ahead > 0) return TimeSpan.FromTicks(ahead);

            var wait = Take((teamId, "chat.postMessage"), options.Value.WorkspacePostsPerMinute, now);
            if (wait == TimeSpan.Zero) _channels[(teamId, channelId)] = caughtUp + _second;
            if (_channels.Count > MaxIdleChannels) ForgetIdle(now);
            return wait;
        }
    }

    /// <summary>How long to wait with a call of a method; zero when it was taken.</summary>
    public TimeSpan TakeMethod(string teamId, ApiMethod method)
    {
        lock (_gate) return Take((teamId, method.Name), (int)method.Tier * options.Value.MethodLimitFactor, time.GetUtcNow().Ticks);
    }

    /// <summary>Forgets all calls so far.</summary>
    public void Reset()
    {
        lock (_gate)
        {
            _channels.Clear();
            _methods.Clear();
        }
    }

    private TimeSpan Take((string, string) key, int perMinute, long now)
    {
        if (!_methods.TryGetValue(key, out var calls)) _methods[key] = calls = new Queue<long>();
        while (calls.TryPeek(out var oldest) && oldest <= now - TimeSpan.TicksPerMinute) calls.Dequeue();
        if (calls.Count >= perMinute) return TimeSpan.FromTicks(calls.Peek() + TimeSpan.TicksPerMinute - now);
        calls.Enqueue(now);
        return TimeSpan.Zero;
    }

    private void ForgetIdle(long now)
    {
        foreach (var (channel, caughtUp) in _channels)
        {
            if (caughtUp <= now) _channels.Remove(channel);
        }
    }
}
