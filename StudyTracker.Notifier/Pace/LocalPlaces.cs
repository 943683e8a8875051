using Microsoft.Extensions.Options;
using StudyTracker.Notifier.Slack;

namespace StudyTracker.Notifier.Pace;

/// <summary>
/// The budgets of this process alone. It knows of every place that this replica has taken, also of those in Redis, so it can go on
/// from there with this replica's share when Redis is away.
/// </summary>
internal sealed class LocalPlaces(IOptions<PaceOptions> options, TimeProvider time) : IPlaces
{
    private const int MaxIdle = 20_000;
    private readonly Lock _lock = new();
    private readonly Dictionary<(string, SlackMethod), MethodState> _methods = [];
    private readonly Dictionary<(string, SlackMethod, string), Pausable> _channels = [];
    private readonly Dictionary<string, Pausable> _workspaces = [];

    /// <summary>Among how many replicas the budgets are divided.</summary>
    public int Replicas { get; set; } = options.Value.Replicas;

    public ValueTask<PlaceAnswer> TakeAsync(PlaceRequest request, string ticket)
    {
        lock (_lock)
        {
            var now = time.GetUtcNow();
            var answer = Judge(request, now);
            if (answer.Wait == TimeSpan.Zero) Enter(request, ticket, now);
            return ValueTask.FromResult(answer);
        }
    }

    public ValueTask ReturnAsync(PlaceRequest request, string ticket)
    {
        lock (_lock)
        {
            var method = Method(request);
            if (method.Taken.RemoveAll(place => place.Ticket == ticket) > 0)
            {
                method.Next -= Share(request).Interval;
                if (Channel(request) is { } channel) channel.Next -= options.Value.ChannelInterval;
            }
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask PauseAsync(PlaceRequest request, PaceScope scope, TimeSpan duration)
    {
        lock (_lock)
        {
            var paused = scope switch
            {
                PaceScope.Channel => Channel(request) ?? Method(request),
                PaceScope.Method => Method(request),
                _ => Workspace(request.TeamId),
            };
            paused.PausedUntil = Later(paused.PausedUntil, time.GetUtcNow() + duration);
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask ResumeAsync(string teamId)
    {
        lock (_lock) Workspace(teamId).PausedUntil = default;
        return ValueTask.CompletedTask;
    }

    /// <summary>Notes a place that was taken in Redis: it counts for the minute; the even pace is Redis's to keep.</summary>
    public void Note(PlaceRequest request, string ticket)
    {
        lock (_lock)
        {
            var method = Method(request);
            method.Forget(time.GetUtcNow() - options.Value.Minute);
            method.Taken.Add((ticket, time.GetUtcNow()));
        }
    }

    /// <summary>The places of this replica in a method's present minute.</summary>
    public IReadOnlyList<(string Ticket, DateTimeOffset At)> Taken(string teamId, SlackMethod method)
    {
        lock (_lock)
        {
            var state = Method(new PlaceRequest(teamId, method, null));
            state.Forget(time.GetUtcNow() - options.Value.Minute);
            return [.. state.Taken];
        }
    }

    private PlaceAnswer Judge(PlaceRequest request, DateTimeOffset now)
    {
        var budget = Share(request);
        var method = Method(request);
        method.Forget(now - options.Value.Minute);
        var full = method.Taken.Count - budget.PerMinute;
        var answer = new PlaceAnswer(TimeSpan.Zero, PaceScope.Workspace);
        Hold(Workspace(request.TeamId).PausedUntil, PaceScope.Workspace);
        Hold(method.PausedUntil, PaceScope.Method);
        Hold(method.Next - budget.Interval * (budget.Burst - 1), PaceScope.Method);
        if (full >= 0) Hold(method.Taken[full].At + options.Value.Minute, PaceScope.Method);
        if (Channel(request) is { } channel)
        {
            Hold(channel.PausedUntil, PaceScope.Channel);
            Hold(channel.Next - options.Value.ChannelInterval * (options.Value.ChannelBurst - 1), PaceScope.Channel);
        }

        return answer;

        void Hold(DateTimeOffset until, PaceScope scope)
        {
            if (until - now > answer.Wait) answer = new PlaceAnswer(until - now, scope);
        }
    }

    private void Enter(PlaceRequest request, string ticket, DateTimeOffset now)
    {
        var method = Method(request);
        method.Taken.Add((ticket, now));
        method.Next = Later(method.Next, now) + Share(request).Interval;
        if (Channel(request) is { } channel) channel.Next = Later(channel.Next, now) + options.Value.ChannelInterval;
        if (_channels.Count <= MaxIdle) return;
        foreach (var (key, idle) in _channels)
        {
            if (idle.Next <= now && idle.PausedUntil <= now) _channels.Remove(key);
        }
    }

    /// <summary>This replica's part of a budget: a call at least.</summary>
    private Budget Share(PlaceRequest request)
    {
        var whole = options.Value.Of(request.Method);
        return new Budget(Math.Max(1, whole.PerMinute / Replicas), whole.Interval * Replicas, Math.Max(1, whole.Burst / Replicas));
    }

    private Pausable Workspace(string teamId) => Get(_workspaces, teamId);

    private MethodState Method(PlaceRequest request) => Get(_methods, (request.TeamId, request.Method));

    private Pausable? Channel(PlaceRequest request) =>
        request.Channel is { } channel ? Get(_channels, (request.TeamId, request.Method, channel)) : null;

    private static TState Get<TKey, TState>(Dictionary<TKey, TState> states, TKey key)
        where TKey : notnull
        where TState : new()
    {
        if (!states.TryGetValue(key, out var state)) states[key] = state = new TState();
        return state;
    }

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    private class Pausable
    {
        public DateTimeOffset PausedUntil { get; set; }

        /// <summary>When the next place would be at an even pace; a burst may run ahead of it.</summary>
        public DateTimeOffset Next { get; set; } = DateTimeOffset.UnixEpoch;
    }

    private sealed class MethodState : Pausable
    {
        public List<(string Ticket, DateTimeOffset At)> Taken { get; } = [];

        public void Forget(DateTimeOffset before) => Taken.RemoveAll(place => place.At <= before);
    }
}
