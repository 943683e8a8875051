using System.Globalization;
using Microsoft.Extensions.Options;
using StackExchange.Redis;
using StudyTracker.Notifier.Slack;

namespace StudyTracker.Notifier.Pace;

/// <summary>
/// The budgets of all replicas, in Redis. While Redis is away each replica goes on with its share, from what it knows of its own
/// places; when Redis is back it is told of them, so that nothing is given out twice.
/// </summary>
internal sealed partial class SharedPlaces(
    IConnectionMultiplexer redis, LocalPlaces local, IOptions<PaceOptions> options, TimeProvider time, ILogger<SharedPlaces> logger) : IPlaces
{
    private static readonly TimeSpan _retryRedis = TimeSpan.FromSeconds(1);
    private static readonly SlackMethod[] _methods = Enum.GetValues<SlackMethod>();
    private readonly string _replica = Guid.NewGuid().ToString("n");
    private readonly Lock _lock = new();
    private readonly HashSet<string> _untold = []; // workspaces with places that Redis does not know of
    private long _awayUntil; // ticks; 0: it is there

    public async ValueTask<PlaceAnswer> TakeAsync(PlaceRequest request, string ticket)
    {
        if (await TryAsync(() => TakeSharedAsync(request, ticket)) is not { } answer)
        {
            lock (_lock) _untold.Add(request.TeamId);
            return await local.TakeAsync(request, ticket);
        }

        if (answer.Wait == TimeSpan.Zero) local.Note(request, ticket);
        return answer;
    }

    public async ValueTask ReturnAsync(PlaceRequest request, string ticket)
    {
        await local.ReturnAsync(request, ticket);
        var budget = options.Value.Of(request.Method);
        RedisKey[] keys = [MinuteKey(request), PaceKey(request), .. request.Channel is null ? Array.Empty<RedisKey>() : [ChannelPaceKey(request)]];
        await TryAsync<RedisResult>(async () => await redis.GetDatabase().ScriptEvaluateAsync(
            PaceScripts.Return, keys, [ticket, Ms(budget.Interval), Ms(options.Value.ChannelInterval)]));
    }

    public async ValueTask PauseAsync(PlaceRequest request, PaceScope scope, TimeSpan duration)
    {
        await local.PauseAsync(request, scope, duration);
        var key = scope switch
        {
            PaceScope.Channel when request.Channel is not null => ChannelPauseKey(request),
            PaceScope.Workspace => WorkspacePauseKey(request.TeamId),
            _ => MethodPauseKey(request),
        };
        await TryAsync<RedisResult>(async () => await redis.GetDatabase().ScriptEvaluateAsync(
            PaceScripts.Pause, [key], [(long)Math.Ceiling(duration.TotalMilliseconds)]));
    }

    public async ValueTask ResumeAsync(string teamId)
    {
        await local.ResumeAsync(teamId);
        await TryAsync<object>(async () => await redis.GetDatabase().KeyDeleteAsync(WorkspacePauseKey(teamId)));
    }

    private async Task<PlaceAnswer?> TakeSharedAsync(PlaceRequest request, string ticket)
    {
        bool untold;
        lock (_lock) untold = _untold.Contains(request.TeamId);
        if (untold) await TellAsync(request.TeamId);
        var (set, budget) = (options.Value, options.Value.Of(request.Method));
        RedisKey[] keys =
        [
            WorkspacePauseKey(request.TeamId), MethodPauseKey(request), PaceKey(request), MinuteKey(request), ReplicasKey(request.TeamId),
            .. request.Channel is null ? Array.Empty<RedisKey>() : [ChannelPauseKey(request), ChannelPaceKey(request)],
        ];
        var answer = (long[]?)await redis.GetDatabase().ScriptEvaluateAsync(
            PaceScripts.Take,
            keys,
            [
                ticket, _replica, budget.PerMinute, Ms(set.Minute), Ms(budget.Interval), budget.Burst, Ms(set.ChannelInterval), set.ChannelBurst,
            ]);
        local.Replicas = Math.Max(1, (int)answer![2]);
        return new PlaceAnswer(TimeSpan.FromMilliseconds(answer[0]), (PaceScope)answer[1]);
    }

    /// <summary>Tells Redis which places this replica has taken within the minute; those that it knows already stay as they are.</summary>
    private async Task TellAsync(string teamId)
    {
        foreach (var method in _methods)
        {
            var taken = local.Taken(teamId, method);
            if (taken.Count == 0) continue;
            var key = MinuteKey(new PlaceRequest(teamId, method, null));
            var entries = taken.Select(place => new SortedSetEntry(place.Ticket, place.At.ToUnixTimeMilliseconds())).ToArray();
            await redis.GetDatabase().SortedSetAddAsync(key, entries, When.NotExists);
            await redis.GetDatabase().KeyExpireAsync(key, options.Value.Minute);
        }

        lock (_lock) _untold.Remove(teamId);
    }

    /// <summary>Null when Redis is away; then it is not asked again for a moment.</summary>
    private async ValueTask<T?> TryAsync<T>(Func<Task<T?>> ask)
    {
        if (time.GetUtcNow().Ticks < Interlocked.Read(ref _awayUntil)) return default;
        try
        {
            var answer = await ask();
            if (Interlocked.Exchange(ref _awayUntil, 0) != 0) LogBack();
            return answer;
        }
        catch (Exception error) when (error is RedisException or TimeoutException or ObjectDisposedException)
        {
            if (Interlocked.Exchange(ref _awayUntil, (time.GetUtcNow() + _retryRedis).Ticks) == 0) LogAway(local.Replicas, error.GetType().Name);
            return default;
        }
    }

    private static string Prefix(string teamId) => $"studytracker:pace:{{{teamId}}}";

    private static RedisKey WorkspacePauseKey(string teamId) => $"{Prefix(teamId)}:pause";

    private static RedisKey ReplicasKey(string teamId) => $"{Prefix(teamId)}:replicas";

    private static RedisKey MethodPauseKey(PlaceRequest request) => $"{Prefix(request.TeamId)}:{request.Method.Name()}:pause";

    private static RedisKey PaceKey(PlaceRequest request) => $"{Prefix(request.TeamId)}:{request.Method.Name()}:pace";

    private static RedisKey MinuteKey(PlaceRequest request) => $"{Prefix(request.TeamId)}:{request.Method.Name()}:minute";

    private static RedisKey ChannelPauseKey(PlaceRequest request) => $"{Prefix(request.TeamId)}:{request.Method.Name()}:{request.Channel}:pause";

    private static RedisKey ChannelPaceKey(PlaceRequest request) => $"{Prefix(request.TeamId)}:{request.Method.Name()}:{request.Channel}:pace";

    private static string Ms(TimeSpan span) => span.TotalMilliseconds.ToString("0.###", CultureInfo.InvariantCulture);

    [LoggerMessage(LogLevel.Warning, "Redis is away ({Reason}): until it is back this replica keeps to one part in {Replicas} of Slack's limits")]
    private partial void LogAway(int replicas, string reason);

    [LoggerMessage(LogLevel.Information, "Redis is back: all replicas together keep to Slack's limits again")]
    private partial void LogBack();
}
